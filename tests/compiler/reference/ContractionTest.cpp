// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/reference/Run.h"

namespace horn::reference {
namespace {

OpCase matmul(const char *name, bool transposeA, bool transposeB, Tensor a, Tensor b, Tensor c) {
  auto text = [](bool flag) { return flag ? "true" : "false"; };
  std::string op = std::string("horn.matmul %0, %1 {transpose_a = ") + text(transposeA) +
                   ", transpose_b = " + text(transposeB) + "} : (" + typeText(a) + ", " +
                   typeText(b) + ") -> " + typeText(c);
  return {name, op, {a, b}, c};
}

HORN_OP_SUITE(Matmul, {
                          matmul("plain", false, false, f32({2, 2}, {1, 2, 3, 4}),
                                 f32({2, 1}, {5, 6}), f32({2, 1}, {17, 39})),
                          matmul("transposeA", true, false, f32({2, 2}, {1, 2, 3, 4}),
                                 f32({2, 1}, {5, 6}), f32({2, 1}, {23, 34})),
                          matmul("transposeB", false, true, f32({1, 2}, {1, 2}),
                                 f32({3, 2}, {1, 2, 3, 4, 5, 6}), f32({1, 3}, {5, 11, 17})),
                          matmul("broadcastBatch", false, false, f32({2, 1, 1}, {2, 3}),
                                 f32({1, 2}, {1, 10}), f32({2, 1, 2}, {2, 20, 3, 30})),
                          matmul("integers", false, false, i32({1, 2}, {2, 3}), i32({2, 1}, {4, 5}),
                                 i32({1, 1}, {23})),
                          matmul("noRows", false, false, f32({0, 2}, {}),
                                 f32({2, 3}, {1, 2, 3, 4, 5, 6}), f32({0, 3}, {})),
                          matmul("noDepth", false, false, f32({1, 0}, {}), f32({0, 2}, {}),
                                 f32({1, 2}, {0, 0})),
                      });

OpCase conv(const char *name, const char *attributes, Tensor x, Tensor kernel, Tensor y,
            const char *op = "conv") {
  std::string text = std::string("horn.") + op + " %0, %1 {" + attributes + "} : (" + typeText(x) +
                     ", " + typeText(kernel) + ") -> " + typeText(y);
  return {name, text, {x, kernel}, y};
}
const Tensor kLine = f32({1, 4, 1}, {1, 2, 3, 4});

HORN_OP_SUITE(
    Convolution,
    {
        conv("valid",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"valid\"",
             kLine, f32({2, 1, 1}, {1, 10}), f32({1, 3, 1}, {21, 32, 43})),
        conv("sameEvenKernelPadsAtTheEnd",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"same\"",
             kLine, f32({2, 1, 1}, {1, 10}), f32({1, 4, 1}, {21, 32, 43, 4})),
        conv("sameStrided",
             "strides = array<i64: 2>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"same\"",
             kLine, f32({3, 1, 1}, {1, 10, 100}), f32({1, 2, 1}, {321, 43})),
        conv("dilated",
             "strides = array<i64: 1>, dilations = array<i64: 2>, groups = 1 : i64, padding = "
             "\"valid\"",
             kLine, f32({2, 1, 1}, {1, 10}), f32({1, 2, 1}, {31, 42})),
        conv("channels",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"valid\"",
             f32({1, 1, 2}, {1, 2}), f32({1, 2, 3}, {1, 2, 3, 10, 20, 30}),
             f32({1, 1, 3}, {21, 42, 63})),
        conv("groups",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 2 : i64, padding = "
             "\"valid\"",
             f32({1, 1, 4}, {1, 2, 3, 4}), f32({1, 2, 2}, {1, 100, 10, 1000}),
             f32({1, 1, 2}, {21, 4300})),
        conv("twoAxes",
             "strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding "
             "= \"same\"",
             f32({1, 2, 2, 1}, {1, 2, 3, 4}), f32({3, 3, 1, 1}, {0, 0, 0, 0, 1, 0, 0, 0, 10}),
             f32({1, 2, 2, 1}, {41, 2, 3, 4})),
        conv("threeAxes",
             "strides = array<i64: 1, 1, 1>, dilations = array<i64: 1, 1, 1>, groups = 1 : i64, "
             "padding = \"valid\"",
             f32({1, 2, 1, 2, 1}, {1, 2, 3, 4}), f32({2, 1, 2, 1, 1}, {1, 10, 100, 1000}),
             f32({1, 1, 1, 1, 1}, {4321})),
        conv("twoSamples",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"valid\"",
             f32({2, 2, 1}, {1, 2, 3, 4}), f32({2, 1, 1}, {1, 10}), f32({2, 1, 1}, {21, 43})),
        conv("windowLargerThanInput",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"valid\"",
             f32({1, 1, 1}, {1}), f32({3, 1, 1}, {1, 1, 1}), f32({1, 0, 1}, {})),
        conv("noSamples",
             "strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "
             "\"same\"",
             f32({0, 4, 1}, {}), f32({3, 1, 1}, {1, 1, 1}), f32({0, 4, 1}, {})),
        conv("depthwise", "strides = array<i64: 1>, dilations = array<i64: 1>, padding = \"valid\"",
             f32({1, 2, 2}, {1, 2, 3, 4}), f32({2, 2, 2}, {1, 2, 3, 4, 10, 20, 30, 40}),
             f32({1, 1, 4}, {31, 62, 126, 168}), "depthwise_conv"),
        conv("depthwiseSameStrided",
             "strides = array<i64: 2>, dilations = array<i64: 1>, padding = \"same\"", kLine,
             f32({3, 1, 1}, {1, 10, 100}), f32({1, 2, 1}, {321, 43}), "depthwise_conv"),
        conv("transposeValid",
             "strides = array<i64: 2>, dilations = array<i64: 1>, padding = \"valid\", "
             "output_padding = array<i64: -1>",
             f32({1, 2, 1}, {1, 2}), f32({3, 1, 1}, {1, 10, 100}),
             f32({1, 5, 1}, {1, 10, 102, 20, 200}), "conv_transpose"),
        conv("transposeSame",
             "strides = array<i64: 2>, dilations = array<i64: 1>, padding = \"same\", "
             "output_padding = array<i64: -1>",
             f32({1, 2, 1}, {1, 2}), f32({3, 1, 1}, {1, 10, 100}), f32({1, 4, 1}, {1, 10, 102, 20}),
             "conv_transpose"),
    });

OpCase pool(const char *name, const char *op, const char *size, const char *stride,
            const char *padding, Tensor x, Tensor y) {
  std::string text = std::string("horn.") + op + " %0 {pool_size = array<i64: " + size +
                     ">, strides = array<i64: " + stride + ">, padding = \"" + padding + "\"} : (" +
                     typeText(x) + ") -> " + typeText(y);
  return {name, text, {x}, y};
}

HORN_OP_SUITE(Pooling,
              {
                  pool("maxValid", "max_pool", "2", "2", "valid", f32({1, 5, 1}, {1, 3, 2, 4, 9}),
                       f32({1, 2, 1}, {3, 4})),
                  pool("maxSame", "max_pool", "2", "2", "same", f32({1, 3, 1}, {-1, -3, -2}),
                       f32({1, 2, 1}, {-1, -2})),
                  pool("maxOfNan", "max_pool", "2", "2", "valid", f32({1, 2, 1}, {kNan, 3}),
                       f32({1, 1, 1}, {kNan})),
                  pool("maxTwoAxes", "max_pool", "2, 1", "1, 1", "valid",
                       f32({1, 2, 2, 1}, {1, 4, 3, 2}), f32({1, 1, 2, 1}, {3, 4})),
                  pool("averageValid", "average_pool", "2", "1", "valid", f32({1, 3, 1}, {1, 3, 5}),
                       f32({1, 2, 1}, {2, 4})),
                  pool("averageSameLeavesPaddingOut", "average_pool", "2", "2", "same",
                       f32({1, 3, 2}, {1, 10, 3, 30, 5, 50}), f32({1, 2, 2}, {2, 20, 5, 50})),
                  pool("averageOfNoSamples", "average_pool", "2", "2", "same", f32({0, 3, 1}, {}),
                       f32({0, 2, 1}, {})),
              });

} // namespace
} // namespace horn::reference
