// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A variational autoencoder: losses that are not computed from the outputs. A layer adds the
// divergence of its code from a normal distribution with add_loss; the model adds the error of the
// reconstruction. Losses are scalars of the graph: a model that has them as outputs evaluates them.
#include <horn/horn.h>

#include <cmath>
#include <iostream>

using namespace horn;

/// Draws a code: mean + deviation * noise. The noise is an input, so that runs can be repeated.
struct Sampling : Layer {
  Tensor call_many(const std::vector<Tensor> &inputs) override {
    const Tensor &mean = inputs.at(0), &log_variance = inputs.at(1), &noise = inputs.at(2);
    Tensor divergence = 1 + log_variance - ops::square(mean) - ops::exp(log_variance);
    add_loss(-0.5 * ops::mean(ops::sum(divergence, -1)));
    return mean + ops::exp(log_variance / 2) * noise;
  }
};
HORN_REGISTER_LAYER("examples>Sampling", Sampling);

int main() {
  Tensor x = Input({2}, {.name = "x"}), noise = Input({1}, {.name = "noise"});
  Tensor mean = layers::Dense({.units = 1, .name = "z_mean"})(x);
  Tensor log_variance = layers::Dense({.units = 1, .name = "z_log_variance"})(x);
  Tensor code = make_layer<Sampling>()({mean, log_variance, noise});
  Tensor decoded = layers::Dense({.units = 2, .kernel_regularizer = "l2", .name = "decoder"})(code);
  Model vae({x, noise}, decoded, {.name = "vae"});
  vae.add_loss(ops::mean(ops::square(x - decoded)));

  // Three losses: of the layer, of the model, and the penalty on the decoder's kernel. Only the
  // last one depends on no input.
  std::cout << vae.losses().size() << " losses, " << vae.get_losses_for({}).size()
            << " of weights alone\n";
  bool counted = vae.losses().size() == 3 && vae.get_losses_for({}).size() == 1 &&
                 vae.get_losses_for({noise}).size() == 2;

  auto array = [](Shape shape, std::vector<float> values) {
    return Array(std::move(shape), std::span<const float>(values));
  };
  vae.set_weights({array({2, 1}, {1, 0}), array({1}, {0}), array({2, 1}, {0, 1}), array({1}, {0}),
                   array({1, 2}, {1, 2}), array({2}, {0, 0})});

  // For one row (a, b): the mean is a, the logarithm of the variance b, the reconstruction z, 2 z.
  const double a = 0.5, b = -1, e = 2, z = a + std::exp(b / 2) * e;
  const std::vector<double> expected = {-0.5 * (1 + b - a * a - std::exp(b)),
                                        (std::pow(a - z, 2) + std::pow(b - 2 * z, 2)) / 2,
                                        0.01 * (1 + 4)};
  std::vector<Array> inputs = {array({1, 2}, {float(a), float(b)}), array({1, 1}, {float(e)})};
  std::vector<Array> losses = Model(vae.inputs(), vae.losses()).predict(inputs);
  for (size_t i = 0; i < losses.size(); ++i) {
    std::cout << "loss " << losses[i].at(0) << ", expected " << expected[i] << "\n";
    if (std::abs(losses[i].at(0) - expected[i]) > 1e-5)
      return 1;
  }

  // Losses are saved: those of layers with the layers, that of the model beside its graph.
  Model again = model_from_json(vae.to_json());
  return counted && again.losses().size() == 3 ? 0 : 1;
}
