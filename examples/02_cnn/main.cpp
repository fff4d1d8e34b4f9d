// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A convolutional network with batch normalisation and a residual connection, in the functional
// style; what the compiler did with it; and the same numbers from the reference interpreter.
#include <horn/compile.h>
#include <horn/horn.h>

#include <cmath>
#include <iostream>

using namespace horn;

/// Convolution, normalisation, relu.
static Tensor block(const Tensor &x, int64_t filters, const std::string &name) {
  Tensor y = layers::Conv2D({.filters = filters,
                             .kernel_size = {3, 3},
                             .padding = "same",
                             .use_bias = false,
                             .name = name})(x);
  y = layers::BatchNormalization({.name = name + "_bn"})(y);
  return layers::ReLU({.name = name + "_relu"})(y);
}

int main() {
  Tensor image = Input({28, 28, 1}, {.name = "image"});
  Tensor x = block(image, 16, "stem");
  x = layers::Add({.name = "residual"})({x, block(x, 16, "body")});
  x = layers::MaxPooling2D({.pool_size = 2})(x);
  x = layers::GlobalAveragePooling2D()(x);
  Model model(image, layers::Dense({.units = 10, .activation = "softmax", .name = "digit"})(x),
              {.name = "cnn"});
  model.summary(std::cout);

  CompiledModel compiled(model);
  for (const Remark &remark : compiled.remarks())
    if (remark.applied)
      std::cout << remark.layer << ": " << remark.text << "\n";

  Array pixels({2, 28, 28, 1}, DType::float32);
  for (size_t i = 0; i < pixels.size(); ++i)
    pixels.set(i, std::sin(0.1 * static_cast<double>(i)));
  Array got = Session(compiled).run({pixels}).at(0);
  Array expected = interpret(model, {pixels}, /*in_double=*/true).at(0);

  double worst = 0, sum = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    worst = std::max(worst, std::abs(got.at(i) - expected.at(i)));
    sum += got.at(i);
  }
  std::cout << "largest deviation from double precision: " << worst << "\n";
  return worst < 1e-5 && std::abs(sum - 2) < 1e-5 ? 0 : 1; // two rows of probabilities
}
