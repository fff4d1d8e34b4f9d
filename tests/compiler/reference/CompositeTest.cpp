// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Composite ops by their decompositions, against the formulas of their descriptions.
#include "tests/compiler/reference/Run.h"

namespace horn::reference {
namespace {

OpCase activation(const char *name, const char *attributes, std::initializer_list<double> x,
                  std::initializer_list<double> y) {
  Shape shape = {static_cast<int64_t>(x.size())};
  std::string op = std::string("horn.") + name + " %0 " + attributes + " : tensor<" +
                   std::to_string(x.size()) + "xf32>";
  return {name, op, {f32(shape, x)}, f32(shape, y), /*tolerance=*/2e-6};
}
OpCase named(const char *name, OpCase test) {
  test.name = name;
  return test;
}

HORN_OP_SUITE(
    Activation,
    {
        activation("square", "", {3, -2}, {9, 4}),
        activation("reciprocal", "", {4, 0}, {0.25, kInf}),
        activation("softplus", "", {0, 100, -100}, {0.6931471805599453, 100, 3.720076e-44}),
        activation("silu", "", {0, 2}, {0, 1.7615941559557646}),
        activation("selu", "", {1, -1, kNan}, {1.0507009873554805, -1.1113307378125625, kNan}),
        activation("elu", "{alpha = 2.0 : f64}", {3, -1, 1000}, {3, -1.2642411176571153, 1000}),
        activation("leaky_relu", "{negative_slope = 0.25 : f64}", {3, -4, kNan}, {3, -1, kNan}),
        activation("gelu", "{approximate = false}", {1, -1},
                   {0.8413447460685429, -0.15865525393145707}),
        named("geluApproximate", activation("gelu", "{approximate = true}", {1, -1},
                                            {0.8411919906082768, -0.15880800939172324})),
    });

HORN_OP_SUITE(
    Composite,
    {
        {"softmax",
         "horn.softmax %0 {axes = array<i64: 1>} : (tensor<2x2xf32>) -> tensor<2x2xf32>",
         {f32({2, 2}, {1000, 1000, 0, 1.0986122886681098})},
         f32({2, 2}, {0.5, 0.5, 0.25, 0.75}),
         1e-6},
        {"softmaxOfTwoAxes",
         "horn.softmax %0 {axes = array<i64: 0, 1>} : (tensor<2x2xf32>) -> tensor<2x2xf32>",
         {f32({2, 2}, {1, 1, 1, 1})},
         f32({2, 2}, {0.25, 0.25, 0.25, 0.25})},
        {"logSoftmax",
         "horn.log_softmax %0 {axes = array<i64: 0>} : (tensor<2xf32>) -> tensor<2xf32>",
         {f32({2}, {1000, 1000})},
         f32({2}, {-0.6931471805599453, -0.6931471805599453}),
         1e-6},
        {"batchNorm",
         "horn.batch_norm %0, %1, %2, %3, %4 {epsilon = 1.0 : f64, axis = 1 : i64} : "
         "(tensor<1x2x1xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> "
         "tensor<1x2x1xf32>",
         {f32({1, 2, 1}, {3, 7}), f32({2}, {2, 1}), f32({2}, {5, 0}), f32({2}, {1, 2}),
          f32({2}, {3, 0})},
         f32({1, 2, 1}, {7, 5}),
         1e-6},
        {"layerNorm",
         "horn.layer_norm %0, %1, %2 {axes = array<i64: 1>, epsilon = 0.0 : f64} : "
         "(tensor<1x2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2xf32>",
         {f32({1, 2}, {1, 3}), f32({2}, {2, 3}), f32({2}, {10, 20})},
         f32({1, 2}, {8, 23}),
         1e-6},
    });

HORN_OP_SUITE(Panels,
              {
                  {"matmul",
                   "horn.panel_matmul %0, %1 {columns = 3 : i64} : (tensor<1x2xf32>, "
                   "tensor<2x2x2xf32>) -> tensor<1x3xf32>",
                   {f32({1, 2}, {1, 10}), f32({2, 2, 2}, {1, 2, 4, 5, 3, 0, 6, 0})},
                   f32({1, 3}, {41, 52, 63})},
                  {"gates",
                   "horn.gate_matmul %0, %1 {units = 3 : i64} : (tensor<1x1xf32>, "
                   "tensor<2x1x2x2xf32>) -> tensor<1x6xf32>",
                   {f32({1, 1}, {10}), f32({2, 1, 2, 2}, {1, 2, 4, 5, 3, 0, 6, 0})},
                   f32({1, 6}, {10, 20, 30, 40, 50, 60})},
                  {"conv",
                   "horn.panel_conv %0, %1 {columns = 3 : i64, kernel_size = array<i64: 2>, "
                   "strides = array<i64: 1>, dilations = array<i64: 1>, padding = \"valid\"} : "
                   "(tensor<1x2x1xf32>, tensor<2x2x1x2xf32>) -> tensor<1x1x3xf32>",
                   {f32({1, 2, 1}, {1, 10}), f32({2, 2, 1, 2}, {1, 2, 4, 5, 3, 0, 6, 0})},
                   f32({1, 1, 3}, {41, 52, 63})},
              });

} // namespace
} // namespace horn::reference
