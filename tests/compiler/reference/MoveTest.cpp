// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/reference/Run.h"

namespace horn::reference {
namespace {

HORN_OP_SUITE(
    Move,
    {
        {"reshape",
         "horn.reshape %0 {shape = array<i64: -2, -1>} : (tensor<2x1x2xf32>) -> tensor<2x2xf32>",
         {f32({2, 1, 2}, {1, 2, 3, 4})},
         f32({2, 2}, {1, 2, 3, 4})},
        {"reshapeLike",
         "horn.reshape %0, %1 {shape = array<i64: -4, -1>} : (tensor<6xf32>, tensor<5x3xi32>) -> "
         "tensor<3x2xf32>",
         {f32({6}, {1, 2, 3, 4, 5, 6}), i32({5, 3}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})},
         f32({3, 2}, {1, 2, 3, 4, 5, 6})},
        {"reshapeOfEmptyBatch",
         "horn.reshape %0 {shape = array<i64: -2, -1>} : (tensor<0x2x3xf32>) -> tensor<0x6xf32>",
         {f32({0, 2, 3}, {})},
         f32({0, 6}, {})},
        {"broadcastTo",
         "horn.broadcast_to %0 {shape = array<i64: 2, -2, 2>} : (tensor<2x1xf32>) -> "
         "tensor<2x2x2xf32>",
         {f32({2, 1}, {1, 2})},
         f32({2, 2, 2}, {1, 1, 2, 2, 1, 1, 2, 2})},
        {"transpose",
         "horn.transpose %0 {permutation = array<i64: 2, 0, 1>} : (tensor<2x1x3xf32>) -> "
         "tensor<3x2x1xf32>",
         {f32({2, 1, 3}, {1, 2, 3, 4, 5, 6})},
         f32({3, 2, 1}, {1, 4, 2, 5, 3, 6})},
        {"concatenate",
         "horn.concatenate %0, %1, %2 {axis = 1 : i64} : (tensor<2x1xi32>, tensor<2x0xi32>, "
         "tensor<2x2xi32>) -> tensor<2x3xi32>",
         {i32({2, 1}, {1, 2}), i32({2, 0}, {}), i32({2, 2}, {3, 4, 5, 6})},
         i32({2, 3}, {1, 3, 4, 2, 5, 6})},
        {"reverse",
         "horn.reverse %0 {axes = array<i64: 0, 1>} : (tensor<2x2xf32>) -> tensor<2x2xf32>",
         {f32({2, 2}, {1, 2, 3, 4})},
         f32({2, 2}, {4, 3, 2, 1})},
        {"pad",
         "horn.pad %0 {low = array<i64: 1>, high = array<i64: 2>, interior = array<i64: 1>, value "
         "= 9.0 : f64} : (tensor<2xf32>) -> tensor<6xf32>",
         {f32({2}, {1, 2})},
         f32({6}, {9, 1, 9, 2, 9, 9})},
        {"padOfEmpty",
         "horn.pad %0 {low = array<i64: 1>, high = array<i64: 0>, interior = array<i64: 3>, value "
         "= 7.0 : f64} : (tensor<0xi32>) -> tensor<1xi32>",
         {i32({0}, {})},
         i32({1}, {7})},
        {"iota",
         "horn.iota {shape = array<i64: 2, 3>, axis = 1 : i64, dtype = i32} : () -> "
         "tensor<2x3xi32>",
         {},
         i32({2, 3}, {0, 1, 2, 0, 1, 2})},
        {"iotaLike",
         "horn.iota %0 {shape = array<i64: -3, 2>, axis = 0 : i64, dtype = f32} : (tensor<2xi1>) "
         "-> tensor<2x2xf32>",
         {i1({2}, {0, 0})},
         f32({2, 2}, {0, 0, 1, 1})},
        {"pack",
         "horn.pack %0 {width = 2 : i64} : (tensor<2x3xf32>) -> tensor<2x2x2xf32>",
         {f32({2, 3}, {1, 2, 3, 4, 5, 6})},
         f32({2, 2, 2}, {1, 2, 4, 5, 3, 0, 6, 0})},
    });

/// x[start:limit:step] of [0, 1, 2, 3, 4]; kOpen stands for an open end.
OpCase slice(const char *name, const char *start, const char *limit, const char *step,
             std::initializer_list<double> y) {
  Tensor expected = f32({static_cast<int64_t>(y.size())}, y);
  std::string op = std::string("horn.slice %0 {starts = array<i64: ") + start +
                   ">, limits = array<i64: " + limit + ">, steps = array<i64: " + step +
                   ">} : (tensor<5xf32>) -> " + typeText(expected);
  return {name, op, {f32({5}, {0, 1, 2, 3, 4})}, expected};
}
const char *kEnd = "9223372036854775807", *kBegin = "-9223372036854775808";

HORN_OP_SUITE(
    Slice,
    {
        slice("middle", "1", "3", "1", {1, 2}),
        slice("openEnd", "1", kEnd, "2", {1, 3}),
        slice("fromTheEnd", "-2", kEnd, "1", {3, 4}),
        slice("clamped", "-9", "9", "3", {0, 3}),
        slice("none", "3", "3", "1", {}),
        slice("backwards", kEnd, kBegin, "-1", {4, 3, 2, 1, 0}),
        slice("backwardsByTwo", "3", "0", "-2", {3, 1}),
        slice("backwardsFromTheEnd", "-1", "-4", "-1", {4, 3, 2}),
        slice("backwardsNone", "1", "3", "-1", {}),
        {"twoAxes",
         "horn.slice %0 {starts = array<i64: 1, 9223372036854775807>, limits = array<i64: 2, "
         "-9223372036854775808>, steps = array<i64: 1, -1>} : (tensor<2x2xf32>) -> tensor<1x2xf32>",
         {f32({2, 2}, {1, 2, 3, 4})},
         f32({1, 2}, {4, 3})},
    });

OpCase take(const char *name, const char *mode, Tensor x, Tensor y) {
  std::string op = std::string("horn.take %0, %1 {axis = 0 : i64, mode = \"") + mode + "\"} : (" +
                   typeText(x) + ", tensor<5xi32>) -> " + typeText(y);
  return {name, op, {x, i32({5}, {0, 1, -1, 2, -3})}, y};
}

HORN_OP_SUITE(
    Lookup, {
                take("clip", "clip", f32({2}, {10, 20}), f32({5}, {10, 20, 10, 20, 10})),
                take("fill", "fill", f32({2}, {10, 20}), f32({5}, {10, 20, 20, kNan, kNan})),
                take("fillOfInt", "fill", i32({2}, {10, 20}),
                     i32({5}, {10, 20, 20, -2147483648.0, -2147483648.0})),
                take("wrap", "wrap", f32({2}, {10, 20}), f32({5}, {10, 20, 20, 10, 20})),
                {"rows",
                 "horn.take %0, %1 {axis = 1 : i64, mode = \"clip\"} : (tensor<2x2xf32>, "
                 "tensor<1x3xi32>) -> tensor<2x1x3xf32>",
                 {f32({2, 2}, {1, 2, 3, 4}), i32({1, 3}, {1, 0, 1})},
                 f32({2, 1, 3}, {2, 1, 2, 4, 3, 4})},
                {"emptyTable",
                 "horn.take %0, %1 {axis = 0 : i64, mode = \"clip\"} : (tensor<0xf32>, "
                 "tensor<1xi32>) -> tensor<1xf32>",
                 {f32({0}, {}), i32({1}, {0})},
                 f32({1}, {kNan})},
                {"alongAxis",
                 "horn.take_along_axis %0, %1 {axis = 1 : i64} : (tensor<2x3xf32>, "
                 "tensor<2x2xi32>) -> tensor<2x2xf32>",
                 {f32({2, 3}, {1, 2, 3, 4, 5, 6}), i32({2, 2}, {2, -3, 0, 1})},
                 f32({2, 2}, {3, 1, 4, 5})},
                {"alongFirstAxisBroadcast",
                 "horn.take_along_axis %0, %1 {axis = 0 : i64} : (tensor<2x2xf32>, "
                 "tensor<1x1xi32>) -> tensor<1x2xf32>",
                 {f32({2, 2}, {1, 2, 3, 4}), i32({1, 1}, {1})},
                 f32({1, 2}, {3, 4})},
                {"scatterAdds",
                 "horn.scatter %0, %1, %2 {combine = \"add\"} : (tensor<3xf32>, tensor<4xi32>, "
                 "tensor<4xf32>) -> tensor<3xf32>",
                 {f32({3}, {1, 2, 3}), i32({4}, {0, 2, 0, -1}), f32({4}, {10, 20, 30, 40})},
                 f32({3}, {41, 2, 23})},
                {"scatterSetsTheLast",
                 "horn.scatter %0, %1, %2 {combine = \"set\"} : (tensor<2x2xf32>, tensor<3xi32>, "
                 "tensor<3x2xf32>) -> tensor<2x2xf32>",
                 {f32({2, 2}, {1, 2, 3, 4}), i32({3}, {1, 2, 1}), f32({3, 2}, {5, 6, 7, 8, 9, 0})},
                 f32({2, 2}, {1, 2, 9, 0})},
            });

} // namespace
} // namespace horn::reference
