// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the tests of traps share: simple numbers to put in, and a run by both engines.
#pragma once

#include "frontend/emit/CompiledModel.h"

#include <horn/horn.h>

#include <gtest/gtest.h>

#include <cmath>

namespace horn::traps {

template <class Value> Array filled(const Shape &shape, DType dtype, Value value) {
  Array array(shape, dtype);
  for (size_t i = 0; i < array.size(); ++i)
    array.set(i, value(i));
  return array;
}

/// Quarters from -1.5 to 1.5, neighbours far apart.
inline Array numbers(const Shape &shape) {
  return filled(shape, DType::float32,
                [](size_t i) { return (static_cast<double>(i * 5 % 13) - 6) / 4; });
}

/// The same and 2 more, with zeros at step t of row b where b + t is 2 modulo 3.
inline Array padded(const Shape &shape) {
  Array array = numbers(shape);
  size_t steps = static_cast<size_t>(shape[1]);
  size_t step = array.size() / static_cast<size_t>(shape[0]) / steps;
  for (size_t i = 0; i < array.size(); ++i)
    array.set(i, (i / step % steps + i / step / steps) % 3 == 2 ? 0 : array.at(i) + 2);
  return array;
}

/// Integers below 7.
inline Array ids(const Shape &shape) {
  return filled(shape, DType::int32, [](size_t i) { return static_cast<double>(i * 5 % 7); });
}

inline Array flags(const Shape &shape) {
  return filled(shape, DType::boolean, [](size_t i) { return i * 5 % 7 > 2 ? 1.0 : 0.0; });
}

/// Weights from -5/8 to 5/8; variances are 1 and more.
inline void set_pattern(const Model &model) {
  for (const Weight &weight : model.weights()) {
    if (!is_floating(weight->dtype()))
      continue;
    bool variance = weight->name().ends_with("variance");
    weight->assign(filled(weight->shape(), weight->dtype(), [&](size_t i) {
      double value = (static_cast<double>(i * 7 % 11) - 5) / 8;
      return variance ? 1 + std::abs(value) : value;
    }));
  }
}

/// One output compiled, after the interpreter agreed.
inline Array run(const Model &model, const std::vector<Array> &inputs, size_t output = 0) {
  CompiledModel compiled(model);
  Array result = Session(compiled).run(inputs).at(output);
  Array expected = interpret(model, inputs).at(output);
  EXPECT_EQ(result.shape(), expected.shape());
  for (size_t i = 0; i < result.size(); ++i)
    EXPECT_NEAR(result.at(i), expected.at(i), 1e-5 * (1 + std::abs(expected.at(i))));
  return result;
}

inline void expect(const Array &got, const Shape &shape, const std::vector<double> &values) {
  ASSERT_EQ(got.shape(), shape) << got.shape().str();
  ASSERT_EQ(got.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(got.at(i), values[i], 1e-5 * (1 + std::abs(values[i]))) << "element " << i;
}

} // namespace horn::traps
