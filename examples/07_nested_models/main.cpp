// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A model is a layer: an encoder inside a classifier, and the same encoder, with the same weights,
// inside another model.
#include <horn/horn.h>

#include <iostream>

using namespace horn;

int main() {
  Tensor x = Input({16});
  Tensor code = layers::Dense({.units = 4, .activation = "relu", .name = "squeeze"})(x);
  Model encoder(x, code, {.name = "encoder"});

  Tensor input = Input({16});
  Model classifier(input, layers::Dense({.units = 3, .activation = "softmax"})(encoder(input)),
                   {.name = "classifier"});
  Tensor a = Input({16}), b = Input({16});
  Model similarity({a, b}, layers::Dot({.axes = 1})({encoder(a), encoder(b)}),
                   {.name = "similarity"});
  classifier.summary(std::cout);

  // New weights in the encoder show in every model that it is part of.
  auto row = Array({1, 16}, DType::float32);
  for (size_t i = 0; i < 16; ++i)
    row.set(i, 1);
  auto set_kernel = [&](double value) {
    Array kernel({16, 4}, DType::float32);
    for (size_t i = 0; i < kernel.size(); ++i)
      kernel.set(i, value);
    encoder.set_weights({kernel, Array({4}, DType::float32)});
    return similarity.predict({row, row}).at(0).at(0);
  };
  double one = set_kernel(1), half = set_kernel(0.5);
  std::cout << "similarity " << one << ", then " << half << "\n";
  bool same = classifier.weights()[0] == encoder.weights()[0];
  return same && one == 4 * 16 * 16 && half == 4 * 8 * 8 ? 0 : 1;
}
