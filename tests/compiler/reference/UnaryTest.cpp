// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/reference/Run.h"

#include <cmath>

namespace horn::reference {
namespace {

/// An op on floats: its name, inputs and results.
OpCase real(const char *name, std::initializer_list<double> x, std::initializer_list<double> y) {
  Shape shape = {static_cast<int64_t>(x.size())};
  return {name,
          std::string("horn.") + name + " %0 : tensor<" + std::to_string(x.size()) + "xf32>",
          {f32(shape, x)},
          f32(shape, y),
          /*tolerance=*/1e-7};
}

HORN_OP_SUITE(UnaryOfFloats,
              {
                  real("negative", {1, -2, 0}, {-1, 2, -0.0}),
                  real("absolute", {1, -2, kNan}, {1, 2, kNan}),
                  real("sign", {3, -2, 0, kNan}, {1, -1, 0, kNan}),
                  real("relu", {3, -2, kNan, -kInf}, {3, 0, kNan, 0}),
                  real("exp", {0, 1, -kInf}, {1, M_E, 0}),
                  real("expm1", {0, 1, -kInf}, {0, M_E - 1, -1}),
                  real("log", {1, 0, -1}, {0, -kInf, kNan}),
                  real("log1p", {0, -1, M_E - 1}, {0, -kInf, 1}),
                  real("sqrt", {4, 0, -1}, {2, 0, kNan}),
                  real("rsqrt", {4, 0, kInf}, {0.5, kInf, 0}),
                  real("sin", {0, 1}, {0, 0.8414709848078965}),
                  real("cos", {0, 1}, {1, 0.5403023058681398}),
                  real("tan", {0, 1}, {0, 1.5574077246549023}),
                  real("arcsin", {0, 1, 2}, {0, M_PI_2, kNan}),
                  real("arccos", {1, 0, 2}, {0, M_PI_2, kNan}),
                  real("arctan", {0, kInf}, {0, M_PI_2}),
                  real("sinh", {0, 1}, {0, 1.1752011936438014}),
                  real("cosh", {0, 1}, {1, 1.5430806348152437}),
                  real("arcsinh", {0, 1}, {0, 0.881373587019543}),
                  real("arccosh", {1, 2, 0}, {0, 1.3169578969248166, kNan}),
                  real("arctanh", {0, 0.5, 1}, {0, 0.5493061443340549, kInf}),
                  real("tanh", {0, 1, kInf}, {0, 0.7615941559557649, 1}),
                  real("sigmoid", {0, -kInf, kInf, 2}, {0.5, 0, 1, 0.8807970779778823}),
                  real("erf", {0, 0.5, kInf}, {0, 0.5204998778130465, 1}),
                  real("erfinv", {0, 0.5, -0.9990234375, 1, 2},
                       {0, 0.4769362762044699, -2.3314677736219473, kInf, kNan}),
                  real("floor", {1.5, -1.5}, {1, -2}),
                  real("ceil", {1.5, -1.5}, {2, -1}),
                  real("round", {0.5, 1.5, -2.5, 2.25}, {0, 2, -2, 2}),
                  real("trunc", {1.5, -1.5}, {1, -1}),
              });

HORN_OP_SUITE(
    UnaryOfOthers,
    {
        {"absoluteOfInt",
         "horn.absolute %0 : tensor<3xi32>",
         {i32({3}, {-3, 0, -2147483648.0})},
         i32({3}, {3, 0, -2147483648.0})},
        {"signOfInt", "horn.sign %0 : tensor<3xi32>", {i32({3}, {-3, 0, 7})}, i32({3}, {-1, 0, 1})},
        {"reluOfInt", "horn.relu %0 : tensor<2xi32>", {i32({2}, {-3, 7})}, i32({2}, {0, 7})},
        {"negativeOfUnsigned",
         "horn.negative %0 : tensor<2xui8>",
         {tensorOf(ElementType::UI8, {2}, {1, 0})},
         tensorOf(ElementType::UI8, {2}, {255, 0})},
        {"logicalNot", "horn.logical_not %0 : tensor<2xi1>", {i1({2}, {0, 1})}, i1({2}, {1, 0})},
        {"bitwiseNot",
         "horn.bitwise_not %0 : tensor<2xi32>",
         {i32({2}, {0, 5})},
         i32({2}, {-1, -6})},
        {"bitwiseNotOfBool",
         "horn.bitwise_not %0 : tensor<2xi1>",
         {i1({2}, {0, 1})},
         i1({2}, {1, 0})},
        {"isnan",
         "horn.isnan %0 : (tensor<3xf32>) -> tensor<3xi1>",
         {f32({3}, {1, kNan, kInf})},
         i1({3}, {0, 1, 0})},
        {"isinf",
         "horn.isinf %0 : (tensor<3xf32>) -> tensor<3xi1>",
         {f32({3}, {1, kNan, -kInf})},
         i1({3}, {0, 0, 1})},
        {"isfinite",
         "horn.isfinite %0 : (tensor<3xf32>) -> tensor<3xi1>",
         {f32({3}, {1, kNan, kInf})},
         i1({3}, {1, 0, 0})},
        {"roundsToHalf",
         "horn.exp %0 : tensor<1xf16>",
         {tensorOf(ElementType::F16, {1}, {1})},
         tensorOf(ElementType::F16, {1}, {2.71875})},
        {"roundsToBfloat",
         "horn.exp %0 : tensor<1xbf16>",
         {tensorOf(ElementType::BF16, {1}, {1})},
         tensorOf(ElementType::BF16, {1}, {2.71875})},
        {"empty", "horn.exp %0 : tensor<0x4xf32>", {f32({0, 4}, {})}, f32({0, 4}, {})},
    });

OpCase castCase(const char *name, const char *dtype, Tensor x, Tensor y) {
  std::string op =
      std::string("horn.cast %0 {dtype = ") + dtype + "} : (" + typeText(x) + ") -> " + typeText(y);
  return {name, op, {x}, y};
}

HORN_OP_SUITE(Cast,
              {
                  castCase("floatToInt", "i32", f32({4}, {1.9, -1.9, kNan, 1e20}),
                           i32({4}, {1, -1, 0, 2147483647})),
                  castCase("floatToUnsigned", "ui8", f32({3}, {1.9, -3, 300}),
                           tensorOf(ElementType::UI8, {3}, {1, 0, 255})),
                  castCase("floatToBool", "i1", f32({3}, {0, 0.25, kNan}), i1({3}, {0, 1, 1})),
                  castCase("boolToFloat", "f32", i1({2}, {0, 1}), f32({2}, {0, 1})),
                  castCase("intWraps", "i8", i32({2}, {300, -1}),
                           tensorOf(ElementType::I8, {2}, {44, -1})),
                  castCase("intToFloatRounds", "f32", i32({1}, {16777217}), f32({1}, {16777216})),
                  castCase("floatToHalfOverflows", "f16", f32({1}, {1e6}),
                           tensorOf(ElementType::F16, {1}, {kInf})),
              });

} // namespace
} // namespace horn::reference
