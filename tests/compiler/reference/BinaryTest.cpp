// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/compiler/reference/Run.h"

#include <cmath>

namespace horn::reference {
namespace {

/// An op on two tensors of one type; `result` gives the element type of the result.
OpCase binary(const char *name, const char *op, Tensor a, Tensor b, Tensor c) {
  std::string text = std::string("horn.") + op + " %0, %1 : (" + typeText(a) + ", " + typeText(b) +
                     ") -> " + typeText(c);
  return {name, text, {a, b}, c, /*tolerance=*/1e-7};
}
Tensor ui64(std::initializer_list<double> x) {
  return tensorOf(ElementType::UI64, {static_cast<int64_t>(x.size())}, x);
}

HORN_OP_SUITE(
    BinaryOfFloats,
    {
        binary("add", "add", f32({2}, {1, kNan}), f32({2}, {2, 1}), f32({2}, {3, kNan})),
        binary("subtract", "subtract", f32({2}, {1, kInf}), f32({2}, {2, kInf}),
               f32({2}, {-1, kNan})),
        binary("multiply", "multiply", f32({2}, {3, 0}), f32({2}, {2, kInf}), f32({2}, {6, kNan})),
        binary("divide", "divide", f32({3}, {3, 1, 0}), f32({3}, {2, 0, 0}),
               f32({3}, {1.5, kInf, kNan})),
        binary("floorDivide", "floor_divide", f32({2}, {-7, 7}), f32({2}, {2, 2}),
               f32({2}, {-4, 3})),
        binary("mod", "mod", f32({4}, {-7, 7, -7, 1}), f32({4}, {3, -3, -3, 0}),
               f32({4}, {2, -2, -1, kNan})),
        binary("power", "power", f32({3}, {2, -8, 0}), f32({3}, {10, 0.5, 0}),
               f32({3}, {1024, kNan, 1})),
        binary("maximum", "maximum", f32({3}, {1, kNan, 2}), f32({3}, {2, 1, kNan}),
               f32({3}, {2, kNan, kNan})),
        binary("minimum", "minimum", f32({3}, {1, kNan, 2}), f32({3}, {2, 1, kNan}),
               f32({3}, {1, kNan, kNan})),
        binary("arctan2", "arctan2", f32({2}, {1, 0}), f32({2}, {0, -1}), f32({2}, {M_PI_2, M_PI})),
        binary("equal", "equal", f32({2}, {1, kNan}), f32({2}, {1, kNan}), i1({2}, {1, 0})),
        binary("notEqual", "not_equal", f32({2}, {1, kNan}), f32({2}, {1, kNan}), i1({2}, {0, 1})),
        binary("less", "less", f32({3}, {1, 2, kNan}), f32({3}, {2, 2, 1}), i1({3}, {1, 0, 0})),
        binary("lessEqual", "less_equal", f32({3}, {1, 2, kNan}), f32({3}, {2, 2, 1}),
               i1({3}, {1, 1, 0})),
        binary("greater", "greater", f32({3}, {3, 2, kNan}), f32({3}, {2, 2, 1}),
               i1({3}, {1, 0, 0})),
        binary("greaterEqual", "greater_equal", f32({3}, {3, 2, kNan}), f32({3}, {2, 2, 1}),
               i1({3}, {1, 1, 0})),
    });

HORN_OP_SUITE(
    BinaryOfIntegers,
    {
        binary("addWraps", "add", i32({1}, {2147483647}), i32({1}, {1}), i32({1}, {-2147483648.0})),
        binary("addOfBools", "add", i1({3}, {0, 0, 1}), i1({3}, {0, 1, 1}), i1({3}, {0, 1, 1})),
        binary("divide", "divide", i32({4}, {-7, 7, 5, -2147483648.0}), i32({4}, {2, 2, 0, -1}),
               i32({4}, {-3, 3, -1, -2147483648.0})),
        binary("divideOfUnsigned", "divide", ui64({8, 0}), ui64({3, 1}), ui64({2, 0})),
        binary("floorDivide", "floor_divide", i32({4}, {-7, 7, -6, 5}), i32({4}, {2, -2, 2, 0}),
               i32({4}, {-4, -4, -3, -1})),
        binary("mod", "mod", i32({5}, {-7, 7, 6, 5, -2147483648.0}), i32({5}, {3, -3, 3, 0, -1}),
               i32({5}, {2, -2, 0, 0, 0})),
        binary("power", "power", i32({5}, {2, -3, 2, -1, 0}), i32({5}, {10, 3, -1, -3, 0}),
               i32({5}, {1024, -27, 0, -1, 1})),
        binary("maximum", "maximum", i32({2}, {1, -5}), i32({2}, {0, -4}), i32({2}, {1, -4})),
        binary("logicalAnd", "logical_and", i1({3}, {0, 1, 1}), i1({3}, {1, 0, 1}),
               i1({3}, {0, 0, 1})),
        binary("logicalOr", "logical_or", i1({3}, {0, 1, 1}), i1({3}, {0, 0, 1}),
               i1({3}, {0, 1, 1})),
        binary("logicalXor", "logical_xor", i1({3}, {0, 1, 1}), i1({3}, {0, 0, 1}),
               i1({3}, {0, 1, 0})),
        binary("bitwiseAnd", "bitwise_and", i32({1}, {6}), i32({1}, {3}), i32({1}, {2})),
        binary("bitwiseOr", "bitwise_or", i32({1}, {6}), i32({1}, {3}), i32({1}, {7})),
        binary("bitwiseXor", "bitwise_xor", i32({1}, {6}), i32({1}, {3}), i32({1}, {5})),
        binary("leftShift", "left_shift", i32({3}, {3, 1, 1}), i32({3}, {2, 31, 32}),
               i32({3}, {12, -2147483648.0, 0})),
        binary("rightShift", "right_shift", i32({3}, {-8, 8, -8}), i32({3}, {1, 1, 99}),
               i32({3}, {-4, 4, -1})),
        binary("less", "less", i32({2}, {-1, 1}), i32({2}, {1, 1}), i1({2}, {1, 0})),
    });

HORN_OP_SUITE(
    Broadcasting,
    {
        binary("scalar", "add", f32({2}, {1, 2}), f32({}, {10}), f32({2}, {11, 12})),
        binary("scalars", "add", f32({}, {1}), f32({}, {10}), f32({}, {11})),
        binary("outer", "multiply", f32({2, 1}, {1, 2}), f32({1, 3}, {1, 2, 3}),
               f32({2, 3}, {1, 2, 3, 2, 4, 6})),
        binary("missingAxes", "add", f32({2, 2}, {1, 2, 3, 4}), f32({2}, {10, 20}),
               f32({2, 2}, {11, 22, 13, 24})),
        binary("empty", "add", f32({0, 2}, {}), f32({2}, {1, 2}), f32({0, 2}, {})),
        {"select",
         "horn.select %0, %1, %2 : (tensor<2x1xi1>, tensor<2xf32>, tensor<f32>) -> tensor<2x2xf32>",
         {i1({2, 1}, {1, 0}), f32({2}, {1, 2}), f32({}, {9})},
         f32({2, 2}, {1, 2, 9, 9})},
    });

TEST(BinaryOfUnsigned, comparesWithoutSign) {
  Tensor huge = tensorOf(ElementType::UI64, {1}, {0}), one = tensorOf(ElementType::UI64, {1}, {1});
  huge.integers[0] = -1; // 2^64 - 1
  check({"",
         "horn.greater %0, %1 : (tensor<1xui64>, tensor<1xui64>) -> tensor<1xi1>",
         {huge, one},
         i1({1}, {1})});
  check({"",
         "horn.maximum %0, %1 : (tensor<1xui64>, tensor<1xui64>) -> tensor<1xui64>",
         {huge, one},
         huge});
}

} // namespace
} // namespace horn::reference
