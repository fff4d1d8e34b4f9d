// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/reference/Run.h"

namespace horn::reference {
namespace {

/// A reduction of a tensor.
OpCase reduce(const char *name, const char *op, const char *axes, bool keepdims, Tensor x,
              Tensor y) {
  std::string text = std::string("horn.reduce_") + op + " %0 {axes = array<i64" + axes +
                     ">, keepdims = " + (keepdims ? "true" : "false") + "} : (" + typeText(x) +
                     ") -> " + typeText(y);
  return {name, text, {x}, y};
}
const Tensor kMatrix = f32({2, 3}, {1, 5, 3, 4, 2, 6});

HORN_OP_SUITE(
    Reduce,
    {
        reduce("sumOfRows", "sum", ": 1", false, kMatrix, f32({2}, {9, 12})),
        reduce("sumOfColumns", "sum", ": 0", true, kMatrix, f32({1, 3}, {5, 7, 9})),
        reduce("sumOfAll", "sum", ": 0, 1", false, kMatrix, f32({}, {21})),
        reduce("sumOfOuterAndInner", "sum", ": 0, 2", false,
               f32({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), f32({2}, {14, 22})),
        reduce("sumOfNoAxes", "sum", "", false, kMatrix, kMatrix),
        reduce("sumOfNothing", "sum", ": 0", false, f32({0, 2}, {}), f32({2}, {0, 0})),
        reduce("mean", "mean", ": 1", false, kMatrix, f32({2}, {3, 4})),
        reduce("meanOfNothing", "mean", ": 0", false, f32({0}, {}), f32({}, {kNan})),
        reduce("max", "max", ": 1", false, kMatrix, f32({2}, {5, 6})),
        reduce("maxOfNan", "max", ": 0", false, f32({3}, {1, kNan, 2}), f32({}, {kNan})),
        reduce("maxOfInt", "max", ": 0", false, i32({2}, {-7, -3}), i32({}, {-3})),
        reduce("maxOfNothing", "max", ": 0", false, f32({0}, {}), f32({}, {-kInf})),
        reduce("min", "min", ": 1", false, kMatrix, f32({2}, {1, 2})),
        reduce("minOfInt", "min", ": 0", false, i32({2}, {7, 3}), i32({}, {3})),
        reduce("prod", "prod", ": 1", false, kMatrix, f32({2}, {15, 48})),
        reduce("any", "any", ": 1", false, i1({2, 2}, {0, 1, 0, 0}), i1({2}, {1, 0})),
        reduce("all", "all", ": 1", false, i1({2, 2}, {0, 1, 1, 1}), i1({2}, {0, 1})),
        {"argmax",
         "horn.argmax %0 {axis = 1 : i64, keepdims = false} : (tensor<2x3xf32>) -> tensor<2xi32>",
         {f32({2, 3}, {1, 5, 5, 4, kNan, 6})},
         i32({2}, {1, 1})},
        {"argmin",
         "horn.argmin %0 {axis = 0 : i64, keepdims = true} : (tensor<2x3xf32>) -> tensor<1x3xi32>",
         {f32({2, 3}, {1, 5, 3, 4, kNan, 3})},
         i32({1, 3}, {0, 1, 0})},
    });

/// cumulative_sum or cumulative_prod of [1, 2, 3].
OpCase cumulative(const char *name, const char *op, bool reverse, bool exclusive,
                  std::initializer_list<double> y) {
  std::string text = std::string("horn.cumulative_") + op +
                     " %0 {axis = 0 : i64, reverse = " + (reverse ? "true" : "false") +
                     ", exclusive = " + (exclusive ? "true" : "false") +
                     "} : (tensor<3xf32>) -> tensor<3xf32>";
  return {name, text, {f32({3}, {1, 2, 3})}, f32({3}, y)};
}

HORN_OP_SUITE(Cumulative, {
                              cumulative("sum", "sum", false, false, {1, 3, 6}),
                              cumulative("sumReverse", "sum", true, false, {6, 5, 3}),
                              cumulative("sumExclusive", "sum", false, true, {0, 1, 3}),
                              cumulative("sumReverseExclusive", "sum", true, true, {5, 3, 0}),
                              cumulative("prod", "prod", false, false, {1, 2, 6}),
                              cumulative("prodExclusive", "prod", false, true, {1, 1, 2}),
                              {"outerAxis",
                               "horn.cumulative_sum %0 {axis = 0 : i64, reverse = false, exclusive "
                               "= false} : (tensor<2x2xi32>) -> tensor<2x2xi32>",
                               {i32({2, 2}, {1, 2, 3, 4})},
                               i32({2, 2}, {1, 2, 4, 6})},
                          });

HORN_OP_SUITE(
    Order,
    {
        {"sort",
         "horn.sort %0 {axis = 0 : i64, descending = false} : (tensor<4xf32>) -> tensor<4xf32>",
         {f32({4}, {3, kNan, 1, 2})},
         f32({4}, {1, 2, 3, kNan})},
        {"sortDescending",
         "horn.sort %0 {axis = 0 : i64, descending = true} : (tensor<4xf32>) -> tensor<4xf32>",
         {f32({4}, {3, kNan, 1, 2})},
         f32({4}, {kNan, 3, 2, 1})},
        {"sortOfOuterAxis",
         "horn.sort %0 {axis = 0 : i64, descending = false} : (tensor<2x2xi32>) -> tensor<2x2xi32>",
         {i32({2, 2}, {3, 1, 2, 4})},
         i32({2, 2}, {2, 1, 3, 4})},
        {"argsort",
         "horn.argsort %0 {axis = 0 : i64, descending = false} : (tensor<4xf32>) -> tensor<4xi32>",
         {f32({4}, {2, 1, 2, 1})},
         i32({4}, {1, 3, 0, 2})},
        {"argsortDescending",
         "horn.argsort %0 {axis = 0 : i64, descending = true} : (tensor<4xf32>) -> tensor<4xi32>",
         {f32({4}, {2, 1, 2, 1})},
         i32({4}, {0, 2, 1, 3})},
        {"sortOfEmpty",
         "horn.sort %0 {axis = 1 : i64, descending = false} : (tensor<0x3xf32>) -> tensor<0x3xf32>",
         {f32({0, 3}, {})},
         f32({0, 3}, {})},
    });

} // namespace
} // namespace horn::reference
