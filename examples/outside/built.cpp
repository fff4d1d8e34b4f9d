// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The object model from an installed Horn, beside the same model compiled when this was built: both
// must give the same bits.
#include <horn/compile.h>
#include <horn/dlpack.h>
#include <horn/files.h>
#include <horn/horn.h>

#include "digits.h"

#include <cstdio>

using namespace horn;

int main(int argc, char **argv) {
  if (argc != 2)
    return std::puts("usage: built MODEL.keras"), 2;
  std::vector<float> image(64), compiled(10);
  for (size_t i = 0; i < image.size(); ++i)
    image[i] = static_cast<float>(i % 9) / 9;

  Model digits = load_model(argv[1]);
  Array built = digits.predict(Array::over(std::span(image), {1, 8, 8, 1}));
  if (digits_run(image.data(), /*batch*/ 1, compiled.data()) != 0)
    return std::puts(digits_error()), 1;
  for (size_t i = 0; i < compiled.size(); ++i)
    if (built.values<float>()[i] != compiled[i])
      return std::printf("digit %zu: %g and %g\n", i, built.at(i), compiled[i]), 1;

  // A model in C++ around the loaded one.
  Tensor picture = Input({8, 8, 1});
  Tensor least = ops::min(digits(picture), -1);
  Array answer = Model(picture, least).predict(Array::over(std::span(image), {1, 8, 8, 1}));
  std::printf("the same bits; the least likely digit has %g\n", answer.at(0));
  return answer.at(0) >= 0 && answer.at(0) <= 0.1 ? 0 : 1;
}
