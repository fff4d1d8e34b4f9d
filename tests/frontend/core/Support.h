// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of the object model share.
#pragma once

#include <horn/horn.h>

#include <gtest/gtest.h>

#include <cctype>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace horn::test {

/// The message of the Error that a function throws.
inline std::string message(const std::function<void()> &function) {
  try {
    function();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

/// The name of a case of Keras as the name of a test.
template <typename Case> std::string case_name(const testing::TestParamInfo<Case> &info) {
  std::string name = info.param.name;
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return name;
}

inline Array floats(Shape shape, std::vector<float> values) {
  return Array(std::move(shape), std::span<const float>(values));
}

/// All elements of an array.
inline std::vector<double> elements(const Array &array) {
  std::vector<double> values;
  for (size_t i = 0; i < array.size(); ++i)
    values.push_back(array.at(i));
  return values;
}

/// What a scalar or other tensor of a graph is for an input.
inline std::vector<double> evaluate(const Tensor &input, const Tensor &tensor, const Array &value) {
  return elements(Model(input, tensor).predict(value));
}

/// x * gamma, with a weight for each column.
struct Scale : Layer {
  void build(const Shape &input) override {
    gamma = add_weight("gamma", {input.back()}, {.initializer = "ones"});
  }
  Tensor call(const Tensor &x) override { return x * gamma; }
  Weight gamma;
};

} // namespace horn::test
