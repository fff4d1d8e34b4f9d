// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A layer of one's own: two functions. Shapes, fusion and code come from the ops it calls.
#include <horn/horn.h>

#include <cmath>
#include <iostream>

using namespace horn;

/// x * gamma, with a weight for each column.
struct Scale : Layer {
  void build(const Shape &input) override {
    gamma = add_weight("gamma", {input.back()}, {.initializer = "ones"});
  }
  Tensor call(const Tensor &x) override { return x * gamma; }
  Weight gamma;
};

/// Layers inside a layer are tracked: their weights are this layer's weights too.
struct Gate : Layer {
  Tensor call(const Tensor &x) override { return ops::sigmoid(scale(x)) * x; }
  Handle<Scale> scale = make_layer<Scale>();
};

// Lets files that name them be loaded.
HORN_REGISTER_LAYER("examples>Scale", Scale);
HORN_REGISTER_LAYER("examples>Gate", Gate);

int main() {
  Tensor x = Input({3});
  auto gate = make_layer<Gate>();
  Model model(x, gate(x));
  std::cout << model.count_params() << " weights: " << model.weights().at(0)->path() << "\n";

  const std::vector<float> gamma = {0, 1, -1}, row = {1, 2, 3};
  model.set_weights({Array({3}, std::span(gamma))});
  Array y = model.predict(Array({1, 3}, std::span(row)));
  for (size_t i = 0; i < 3; ++i) {
    double expected = row[i] / (1 + std::exp(-row[i] * gamma[i]));
    std::cout << y.at(i) << ", expected " << expected << "\n";
    if (std::abs(y.at(i) - expected) > 1e-6)
      return 1;
  }
  return model.count_params() == 3 ? 0 : 1;
}
