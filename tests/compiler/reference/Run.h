// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Running pieces of IR in tests of the interpreter.
#pragma once

#include "compiler/reference/Interpreter.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>
#include <ostream>
#include <string>

namespace horn::reference {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInf = std::numeric_limits<double>::infinity();

/// A tensor from its elements.
Tensor tensorOf(ElementType element, Shape shape, std::initializer_list<double> values);
inline Tensor f32(Shape shape, std::initializer_list<double> values) {
  return tensorOf(ElementType::F32, shape, values);
}
inline Tensor i32(Shape shape, std::initializer_list<double> values) {
  return tensorOf(ElementType::I32, shape, values);
}
inline Tensor i1(Shape shape, std::initializer_list<double> values) {
  return tensorOf(ElementType::I1, shape, values);
}

/// The type of a tensor, as in "tensor<2x3xf32>".
std::string typeText(const Tensor &tensor);

/// What a run gave: outputs, or the first error.
struct Outcome {
  std::vector<Tensor> outputs;
  std::string error;
};
/// Runs the functions of a module in order with one map of stored values; the last takes `inputs`.
Outcome runModule(const std::string &text, std::vector<Tensor> inputs,
                  const Variables &variables = {}, Precision precision = Precision::AsTyped);

/// One op with operands named %0, %1, ... in `op`, whose types are those of `inputs`.
struct OpCase {
  std::string name, op;
  std::vector<Tensor> inputs;
  Tensor expected;
  double tolerance = 0; ///< relative; 0 asks for the same number, NaN for NaN
};
inline void PrintTo(const OpCase &test, std::ostream *out) { *out << test.op; }
/// Runs the case's op and compares; for TEST_P.
void check(const OpCase &test);
/// Compares shape, type and elements.
void expectTensor(const Tensor &found, const Tensor &expected, double tolerance = 0);

/// Declares a suite of op cases.
#define HORN_OP_SUITE(suite, ...)                                                                  \
  class suite : public testing::TestWithParam<horn::reference::OpCase> {};                         \
  TEST_P(suite, gives) { check(GetParam()); }                                                      \
  INSTANTIATE_TEST_SUITE_P(Ops, suite, testing::ValuesIn(std::vector<OpCase> __VA_ARGS__),         \
                           [](const auto &test) { return test.param.name; })

} // namespace horn::reference
