// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A network of two layers, built in C++ and run. Its weights are set by hand, so that it computes
// the exclusive or of its inputs: relu(a + b) - 2 relu(a + b - 1).
#include <horn/horn.h>

#include <cstdio>

using namespace horn;

static Array matrix(const Shape &shape, const std::vector<float> &values) {
  return Array(shape, std::span<const float>(values));
}

int main() {
  Sequential model({layers::Dense({.units = 2, .activation = "relu", .name = "hidden"}),
                    layers::Dense({.units = 1, .name = "out"})},
                   {.name = "xor"});
  model.build({None, 2}); // any number of rows, two columns
  model.set_weights({matrix({2, 2}, {1, 1, 1, 1}), matrix({2}, {0, -1}), // hidden
                     matrix({2, 1}, {1, -2}), matrix({1}, {0})});        // out

  Array inputs = matrix({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1});
  Array outputs = model.predict(inputs); // compiled here, on first use

  bool right = outputs.shape() == Shape{4, 1};
  for (size_t i = 0; i < 4 && right; ++i) {
    std::printf("%g xor %g = %g\n", inputs.at(2 * i), inputs.at(2 * i + 1), outputs.at(i));
    right = outputs.at(i) == (inputs.at(2 * i) != inputs.at(2 * i + 1));
  }
  return right ? 0 : 1;
}
