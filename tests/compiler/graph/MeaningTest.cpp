// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The graph passes keep what a program computes: the reference interpreter runs small modules with
// random weights before the passes and after each of them, in double precision, where folding
// changes results by rounding alone.
#include "compiler/graph/Passes.h"
#include "compiler/reference/Interpreter.h"
#include "dialects/horn/HornModuleOps.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

using namespace mlir;
using namespace horn;
using namespace horn::reference;

namespace {
/// A module and the shapes of the inputs of its @forward.
struct Program {
  std::string name, text;
  std::vector<Shape> inputs;
};

class Meaning : public testing::TestWithParam<Program> {
protected:
  Meaning() {
    context.loadDialect<ir::HornDialect, func::FuncDialect>();
    module = parseSourceString<ModuleOp>(GetParam().text, &context);
  }

  Tensor randomTensor(ArrayRef<int64_t> shape) {
    Tensor tensor(ElementType::F32, shape);
    std::uniform_real_distribution<float> uniform(0.05f, 0.45f);
    for (double &element : tensor.reals)
      element = uniform(generator);
    return tensor;
  }

  void drawWeightsAndInputs() {
    for (auto variable : module->getOps<ir::VariableOp>())
      variables[variable.getSymName()] =
          randomTensor(cast<RankedTensorType>(variable.getType()).getShape());
    for (const Shape &shape : GetParam().inputs)
      inputs.push_back(randomTensor(shape));
  }

  std::vector<Tensor> run() {
    Variables stored;
    auto source = [&](StringRef symbol) -> FailureOr<Tensor> { return variables.at(symbol); };
    Options options{Precision::F64, &stored};
    if (auto prepare = module->lookupSymbol<func::FuncOp>(ir::kPrepare))
      EXPECT_TRUE(succeeded(interpret(prepare, {}, source, options)));
    auto outputs =
        interpret(module->lookupSymbol<func::FuncOp>(ir::kForward), inputs, source, options);
    EXPECT_TRUE(succeeded(outputs));
    return succeeded(outputs) ? *outputs : std::vector<Tensor>();
  }

  void expectSame(const std::vector<Tensor> &expected, StringRef stage) {
    std::vector<Tensor> found = run();
    ASSERT_EQ(found.size(), expected.size()) << stage.str();
    for (size_t i = 0; i < found.size(); ++i) {
      ASSERT_EQ(found[i].shape, expected[i].shape) << stage.str();
      for (size_t j = 0; j < found[i].reals.size(); ++j)
        ASSERT_NEAR(found[i].reals[j], expected[i].reals[j],
                    1e-11 * (1 + std::fabs(expected[i].reals[j])))
            << stage.str() << ", element " << j;
    }
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
  std::mt19937 generator{7};
  Variables variables;
  std::vector<Tensor> inputs;
};
} // namespace

TEST_P(Meaning, staysAfterEachPass) {
  ASSERT_TRUE(module);
  drawWeightsAndInputs();
  std::vector<Tensor> expected = run();
  const char *stages[] = {"horn-decompose",
                          "canonicalize",
                          "func.func(horn-sink-reshapes)",
                          "func.func(horn-fold-scale)",
                          "func.func(horn-hoist-strides)",
                          "func.func(horn-split-pools{min-elements=2})",
                          "func.func(horn-winograd{min-channels=1 pixels=4})",
                          "func.func(horn-fuse-cells{lanes=4 registers=16})",
                          "func.func(horn-join-products{lanes=4 registers=16})",
                          "func.func(horn-pack-weights{lanes=4 registers=16})",
                          "func.func(horn-block-winograd{lanes=4 registers=16})",
                          "cse",
                          "horn-hoist-prepare",
                          "func.func(horn-fuse-attention)",
                          "func.func(horn-split-means)",
                          "func.func(horn-form-groups)",
                          "func.func(horn-gather-scans)",
                          "canonicalize"};
  for (const char *stage : stages) {
    PassManager manager(&context);
    ASSERT_TRUE(succeeded(parsePassPipeline(stage, manager))) << stage;
    ASSERT_TRUE(succeeded(manager.run(*module))) << stage;
    expectSame(expected, stage);
  }
}

/// Convolution with bias, batch norm, SiLU, a depthwise one with two channels each, pooling,
/// softmax.
static const char *kImageNet = R"(
horn.variable @k : tensor<3x3x3x6xf32>
horn.variable @b : tensor<6xf32>
horn.variable @d : tensor<3x3x6x2xf32>
horn.variable @v6 : tensor<6xf32>
horn.variable @v12 : tensor<12xf32>
horn.variable @point : tensor<1x1x12x5xf32>
horn.variable @v5 : tensor<5xf32>
func.func @forward(%x: tensor<?x7x8x3xf32>) -> (tensor<?x5xf32>, tensor<?x5xf32>) {
  %k = horn.read @k : tensor<3x3x3x6xf32>
  %b = horn.read @b : tensor<6xf32>
  %d = horn.read @d : tensor<3x3x6x2xf32>
  %v6 = horn.read @v6 : tensor<6xf32>
  %v12 = horn.read @v12 : tensor<12xf32>
  %point = horn.read @point : tensor<1x1x12x5xf32>
  %v5 = horn.read @v5 : tensor<5xf32>
  %half = horn.constant dense<0.5> : tensor<f32>
  %0 = horn.multiply %x, %half : (tensor<?x7x8x3xf32>, tensor<f32>) -> tensor<?x7x8x3xf32>
  %1 = horn.conv %0, %k {strides = array<i64: 2, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x7x8x3xf32>, tensor<3x3x3x6xf32>) -> tensor<?x4x8x6xf32>
  %2 = horn.add %1, %b : (tensor<?x4x8x6xf32>, tensor<6xf32>) -> tensor<?x4x8x6xf32>
  %3 = horn.batch_norm %2, %v6, %b, %v6, %b {epsilon = 0.001 : f64, axis = 3 : i64} : (tensor<?x4x8x6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> tensor<?x4x8x6xf32>
  %4 = horn.silu %3 : tensor<?x4x8x6xf32>
  %5 = horn.depthwise_conv %4, %d {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x4x8x6xf32>, tensor<3x3x6x2xf32>) -> tensor<?x4x8x12xf32>
  %6 = horn.batch_norm %5, %v12, %v12, %v12, %v12 {epsilon = 0.001 : f64, axis = 3 : i64} : (tensor<?x4x8x12xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12xf32>, tensor<12xf32>) -> tensor<?x4x8x12xf32>
  %7 = horn.conv %6, %point {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x4x8x12xf32>, tensor<1x1x12x5xf32>) -> tensor<?x4x8x5xf32>
  %8 = horn.multiply %7, %v5 : (tensor<?x4x8x5xf32>, tensor<5xf32>) -> tensor<?x4x8x5xf32>
  %9 = horn.relu %8 : tensor<?x4x8x5xf32>
  %10 = horn.reduce_mean %9 {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x4x8x5xf32>) -> tensor<?x5xf32>
  %11 = horn.multiply %10, %half : (tensor<?x5xf32>, tensor<f32>) -> tensor<?x5xf32>
  %12 = horn.softmax %11 {axes = array<i64: 1>} : (tensor<?x5xf32>) -> tensor<?x5xf32>
  return %11, %12 : tensor<?x5xf32>, tensor<?x5xf32>
}
)";

/// Scales and shifts on both sides of products, one of them transposed and one by valid windows.
static const char *kScales = R"(
horn.variable @w : tensor<6x20xf32>
horn.variable @t : tensor<9x20xf32>
horn.variable @s6 : tensor<6xf32>
horn.variable @s9 : tensor<9xf32>
horn.variable @s20 : tensor<1x20xf32>
horn.variable @k : tensor<2x20x4xf32>
horn.variable @d : tensor<2x4x3xf32>
horn.variable @s4 : tensor<4xf32>
func.func @forward(%x: tensor<?x5x6xf32>) -> (tensor<?x5x9xf32>, tensor<?x3x12xf32>) {
  %w = horn.read @w : tensor<6x20xf32>
  %t = horn.read @t : tensor<9x20xf32>
  %s6 = horn.read @s6 : tensor<6xf32>
  %s9 = horn.read @s9 : tensor<9xf32>
  %s20 = horn.read @s20 : tensor<1x20xf32>
  %k = horn.read @k : tensor<2x20x4xf32>
  %d = horn.read @d : tensor<2x4x3xf32>
  %s4 = horn.read @s4 : tensor<4xf32>
  %0 = horn.multiply %x, %s6 : (tensor<?x5x6xf32>, tensor<6xf32>) -> tensor<?x5x6xf32>
  %1 = horn.add %s6, %0 : (tensor<6xf32>, tensor<?x5x6xf32>) -> tensor<?x5x6xf32>
  %2 = horn.matmul %1, %w {transpose_a = false, transpose_b = false} : (tensor<?x5x6xf32>, tensor<6x20xf32>) -> tensor<?x5x20xf32>
  %3 = horn.add %2, %s20 : (tensor<?x5x20xf32>, tensor<1x20xf32>) -> tensor<?x5x20xf32>
  %4 = horn.tanh %3 : tensor<?x5x20xf32>
  %5 = horn.multiply %4, %s20 : (tensor<?x5x20xf32>, tensor<1x20xf32>) -> tensor<?x5x20xf32>
  %6 = horn.add %5, %s20 : (tensor<?x5x20xf32>, tensor<1x20xf32>) -> tensor<?x5x20xf32>
  %7 = horn.matmul %6, %t {transpose_a = false, transpose_b = true} : (tensor<?x5x20xf32>, tensor<9x20xf32>) -> tensor<?x5x9xf32>
  %8 = horn.add %7, %s9 : (tensor<?x5x9xf32>, tensor<9xf32>) -> tensor<?x5x9xf32>
  %9 = horn.multiply %s9, %8 : (tensor<9xf32>, tensor<?x5x9xf32>) -> tensor<?x5x9xf32>
  %10 = horn.exp %4 : tensor<?x5x20xf32>
  %11 = horn.add %10, %s20 : (tensor<?x5x20xf32>, tensor<1x20xf32>) -> tensor<?x5x20xf32>
  %12 = horn.conv %11, %k {strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x5x20xf32>, tensor<2x20x4xf32>) -> tensor<?x4x4xf32>
  %13 = horn.relu %12 : tensor<?x4x4xf32>
  %14 = horn.multiply %13, %s4 : (tensor<?x4x4xf32>, tensor<4xf32>) -> tensor<?x4x4xf32>
  %15 = horn.add %14, %s4 : (tensor<?x4x4xf32>, tensor<4xf32>) -> tensor<?x4x4xf32>
  %16 = horn.depthwise_conv %15, %d {strides = array<i64: 1>, dilations = array<i64: 1>, padding = "valid"} : (tensor<?x4x4xf32>, tensor<2x4x3xf32>) -> tensor<?x3x12xf32>
  return %9, %16 : tensor<?x5x9xf32>, tensor<?x3x12xf32>
}
)";

/// Attention with layer normalisation and GELU; all but the width is unknown.
static const char *kAttention = R"(
horn.variable @q : tensor<8x8xf32>
horn.variable @v : tensor<8x8xf32>
horn.variable @g : tensor<8xf32>
func.func @forward(%x: tensor<?x?x8xf32>) -> tensor<?x?x8xf32> {
  %q = horn.read @q : tensor<8x8xf32>
  %v = horn.read @v : tensor<8x8xf32>
  %g = horn.read @g : tensor<8xf32>
  %scale = horn.constant dense<0.35> : tensor<f32>
  %0 = horn.layer_norm %x, %g, %g {axes = array<i64: 2>, epsilon = 0.001 : f64} : (tensor<?x?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %1 = horn.matmul %0, %q {transpose_a = false, transpose_b = false} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %2 = horn.add %1, %g : (tensor<?x?x8xf32>, tensor<8xf32>) -> tensor<?x?x8xf32>
  %3 = horn.multiply %2, %scale : (tensor<?x?x8xf32>, tensor<f32>) -> tensor<?x?x8xf32>
  %4 = horn.matmul %3, %0 {transpose_a = false, transpose_b = true} : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x?xf32>
  %5 = horn.softmax %4 {axes = array<i64: 2>} : (tensor<?x?x?xf32>) -> tensor<?x?x?xf32>
  %6 = horn.matmul %5, %0 {transpose_a = false, transpose_b = false} : (tensor<?x?x?xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %7 = horn.matmul %6, %v {transpose_a = false, transpose_b = true} : (tensor<?x?x8xf32>, tensor<8x8xf32>) -> tensor<?x?x8xf32>
  %8 = horn.add %7, %x : (tensor<?x?x8xf32>, tensor<?x?x8xf32>) -> tensor<?x?x8xf32>
  %9 = horn.gelu %8 {approximate = false} : tensor<?x?x8xf32>
  return %9 : tensor<?x?x8xf32>
}
)";

/// Heads by reshape and transpose, a causal mask with dropout's factor.
static const char *kHeads = R"(
horn.variable @q : tensor<8x8xf32>
horn.variable @b : tensor<2x4xf32>
func.func @forward(%x: tensor<?x9x8xf32>) -> tensor<?x9x8xf32> {
  %q = horn.read @q : tensor<8x8xf32>
  %b = horn.read @b : tensor<2x4xf32>
  %scale = horn.constant dense<0.3> : tensor<f32>
  %low = horn.constant dense<-1.0e9> : tensor<f32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x8xf32>, tensor<8x8xf32>) -> tensor<?x9x8xf32>
  %1 = horn.reshape %0 {shape = array<i64: -2, 9, 2, 4>} : (tensor<?x9x8xf32>) -> tensor<?x9x2x4xf32>
  %2 = horn.add %1, %b : (tensor<?x9x2x4xf32>, tensor<2x4xf32>) -> tensor<?x9x2x4xf32>
  %3 = horn.multiply %2, %scale : (tensor<?x9x2x4xf32>, tensor<f32>) -> tensor<?x9x2x4xf32>
  %4 = horn.transpose %3 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x9x2x4xf32>) -> tensor<?x2x9x4xf32>
  %5 = horn.transpose %3 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<?x9x2x4xf32>) -> tensor<?x2x4x9xf32>
  %6 = horn.matmul %4, %5 {transpose_a = false, transpose_b = false} : (tensor<?x2x9x4xf32>, tensor<?x2x4x9xf32>) -> tensor<?x2x9x9xf32>
  %7 = horn.iota %6 {axis = 2 : i64, dtype = i32, shape = array<i64: -3, 2, 9, -6>} : (tensor<?x2x9x9xf32>) -> tensor<?x2x9x9xi32>
  %8 = horn.iota %6 {axis = 3 : i64, dtype = i32, shape = array<i64: -3, 2, 9, -6>} : (tensor<?x2x9x9xf32>) -> tensor<?x2x9x9xi32>
  %9 = horn.greater_equal %7, %8 : (tensor<?x2x9x9xi32>, tensor<?x2x9x9xi32>) -> tensor<?x2x9x9xi1>
  %10 = horn.select %9, %6, %low : (tensor<?x2x9x9xi1>, tensor<?x2x9x9xf32>, tensor<f32>) -> tensor<?x2x9x9xf32>
  %11 = horn.softmax %10 {axes = array<i64: 3>} : (tensor<?x2x9x9xf32>) -> tensor<?x2x9x9xf32>
  %12 = horn.cast %9 {dtype = f32} : (tensor<?x2x9x9xi1>) -> tensor<?x2x9x9xf32>
  %13 = horn.multiply %11, %12 : (tensor<?x2x9x9xf32>, tensor<?x2x9x9xf32>) -> tensor<?x2x9x9xf32>
  %14 = horn.matmul %13, %4 {transpose_a = false, transpose_b = false} : (tensor<?x2x9x9xf32>, tensor<?x2x9x4xf32>) -> tensor<?x2x9x4xf32>
  %15 = horn.transpose %14 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x2x9x4xf32>) -> tensor<?x9x2x4xf32>
  %16 = horn.reshape %15 {shape = array<i64: -2, 9, 8>} : (tensor<?x9x2x4xf32>) -> tensor<?x9x8xf32>
  return %16 : tensor<?x9x8xf32>
}
)";

/// Queries, and keys and values of fewer heads, as products of one operand.
static const char *kGroups = R"(
horn.variable @q : tensor<8x16xf32>
horn.variable @k : tensor<8x8xf32>
horn.variable @v : tensor<8x8xf32>
horn.variable @b : tensor<16xf32>
horn.variable @c : tensor<8xf32>
func.func @forward(%x: tensor<?x9x8xf32>, %u: tensor<?x1x8xf32>) -> (tensor<?x9x4x4xf32>, tensor<?x1x4x4xf32>) {
  %wq = horn.read @q : tensor<8x16xf32>
  %wk = horn.read @k : tensor<8x8xf32>
  %wv = horn.read @v : tensor<8x8xf32>
  %b = horn.read @b : tensor<16xf32>
  %c = horn.read @c : tensor<8xf32>
  %q0 = horn.matmul %x, %wq {transpose_a = false, transpose_b = false} : (tensor<?x9x8xf32>, tensor<8x16xf32>) -> tensor<?x9x16xf32>
  %q1 = horn.add %q0, %b : (tensor<?x9x16xf32>, tensor<16xf32>) -> tensor<?x9x16xf32>
  %k0 = horn.matmul %x, %wk {transpose_a = false, transpose_b = false} : (tensor<?x9x8xf32>, tensor<8x8xf32>) -> tensor<?x9x8xf32>
  %k1 = horn.add %k0, %c : (tensor<?x9x8xf32>, tensor<8xf32>) -> tensor<?x9x8xf32>
  %k2 = horn.reshape %k1, %x {shape = array<i64: -3, 9, 2, 1, 4>} : (tensor<?x9x8xf32>, tensor<?x9x8xf32>) -> tensor<?x9x2x1x4xf32>
  %k3 = horn.broadcast_to %k2, %x {shape = array<i64: -3, 9, 2, 2, 4>} : (tensor<?x9x2x1x4xf32>, tensor<?x9x8xf32>) -> tensor<?x9x2x2x4xf32>
  %k4 = horn.reshape %k3, %x {shape = array<i64: -3, 9, 4, 4>} : (tensor<?x9x2x2x4xf32>, tensor<?x9x8xf32>) -> tensor<?x9x4x4xf32>
  %v0 = horn.matmul %x, %wv {transpose_a = false, transpose_b = false} : (tensor<?x9x8xf32>, tensor<8x8xf32>) -> tensor<?x9x8xf32>
  %v1 = horn.add %v0, %c : (tensor<?x9x8xf32>, tensor<8xf32>) -> tensor<?x9x8xf32>
  %v2 = horn.reshape %v1, %x {shape = array<i64: -3, 9, 2, 1, 4>} : (tensor<?x9x8xf32>, tensor<?x9x8xf32>) -> tensor<?x9x2x1x4xf32>
  %v3 = horn.broadcast_to %v2, %x {shape = array<i64: -3, 9, 2, 2, 4>} : (tensor<?x9x2x1x4xf32>, tensor<?x9x8xf32>) -> tensor<?x9x2x2x4xf32>
  %v4 = horn.reshape %v3, %x {shape = array<i64: -3, 9, 4, 4>} : (tensor<?x9x2x2x4xf32>, tensor<?x9x8xf32>) -> tensor<?x9x4x4xf32>
  %k5 = horn.transpose %k4 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<?x9x4x4xf32>) -> tensor<?x4x4x9xf32>
  %v5 = horn.transpose %v4 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x9x4x4xf32>) -> tensor<?x4x9x4xf32>
  %u0 = horn.matmul %u, %wq {transpose_a = false, transpose_b = false} : (tensor<?x1x8xf32>, tensor<8x16xf32>) -> tensor<?x1x16xf32>
  %q2 = horn.reshape %q1, %x {shape = array<i64: -3, 9, 4, 4>} : (tensor<?x9x16xf32>, tensor<?x9x8xf32>) -> tensor<?x9x4x4xf32>
  %q3 = horn.transpose %q2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x9x4x4xf32>) -> tensor<?x4x9x4xf32>
  %qs = horn.matmul %q3, %k5 {transpose_a = false, transpose_b = false} : (tensor<?x4x9x4xf32>, tensor<?x4x4x9xf32>) -> tensor<?x4x9x9xf32>
  %qp = horn.softmax %qs {axes = array<i64: 3>} : (tensor<?x4x9x9xf32>) -> tensor<?x4x9x9xf32>
  %qy = horn.matmul %qp, %v5 {transpose_a = false, transpose_b = false} : (tensor<?x4x9x9xf32>, tensor<?x4x9x4xf32>) -> tensor<?x4x9x4xf32>
  %qz = horn.transpose %qy {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x4x9x4xf32>) -> tensor<?x9x4x4xf32>
  %u2 = horn.reshape %u0, %u {shape = array<i64: -3, 1, 4, 4>} : (tensor<?x1x16xf32>, tensor<?x1x8xf32>) -> tensor<?x1x4x4xf32>
  %u3 = horn.transpose %u2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x1x4x4xf32>) -> tensor<?x4x1x4xf32>
  %us = horn.matmul %u3, %k5 {transpose_a = false, transpose_b = false} : (tensor<?x4x1x4xf32>, tensor<?x4x4x9xf32>) -> tensor<?x4x1x9xf32>
  %up = horn.softmax %us {axes = array<i64: 3>} : (tensor<?x4x1x9xf32>) -> tensor<?x4x1x9xf32>
  %uy = horn.matmul %up, %v5 {transpose_a = false, transpose_b = false} : (tensor<?x4x1x9xf32>, tensor<?x4x9x4xf32>) -> tensor<?x4x1x4xf32>
  %uz = horn.transpose %uy {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x4x1x4xf32>) -> tensor<?x1x4x4xf32>
  return %qz, %uz : tensor<?x9x4x4xf32>, tensor<?x1x4x4xf32>
}
)";

/// Two stages of a residual network whose pointwise convolutions skip pixels.
static const char *kStrides = R"(
horn.variable @k : tensor<1x1x3x4xf32>
horn.variable @u : tensor<1x1x4x4xf32>
horn.variable @b : tensor<4xf32>
func.func @forward(%x: tensor<?x?x7x3xf32>) -> tensor<?x?x2x4xf32> {
  %k = horn.read @k : tensor<1x1x3x4xf32>
  %u = horn.read @u : tensor<1x1x4x4xf32>
  %b = horn.read @b : tensor<4xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x?x7x3xf32>, tensor<1x1x3x4xf32>) -> tensor<?x?x7x4xf32>
  %1 = horn.add %0, %b : (tensor<?x?x7x4xf32>, tensor<4xf32>) -> tensor<?x?x7x4xf32>
  %2 = horn.conv %1, %u {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x?x7x4xf32>, tensor<1x1x4x4xf32>) -> tensor<?x?x7x4xf32>
  %3 = horn.add %1, %2 : (tensor<?x?x7x4xf32>, tensor<?x?x7x4xf32>) -> tensor<?x?x7x4xf32>
  %4 = horn.relu %3 : tensor<?x?x7x4xf32>
  %5 = horn.conv %4, %u {strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x?x7x4xf32>, tensor<1x1x4x4xf32>) -> tensor<?x?x4x4xf32>
  %6 = horn.conv %4, %u {strides = array<i64: 1, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x?x7x4xf32>, tensor<1x1x4x4xf32>) -> tensor<?x?x4x4xf32>
  %7 = horn.subtract %5, %6 : (tensor<?x?x4x4xf32>, tensor<?x?x4x4xf32>) -> tensor<?x?x4x4xf32>
  %8 = horn.add %7, %5 : (tensor<?x?x4x4xf32>, tensor<?x?x4x4xf32>) -> tensor<?x?x4x4xf32>
  %9 = horn.conv %8, %u {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x?x4x4xf32>, tensor<1x1x4x4xf32>) -> tensor<?x?x2x4xf32>
  return %9 : tensor<?x?x2x4xf32>
}
)";

/// Windows of 3 x 3 over pictures that are no whole number of Winograd's tiles.
static const char *kWindows = R"(
horn.variable @k : tensor<3x3x3x4xf32>
horn.variable @v : tensor<3x3x4x5xf32>
func.func @forward(%x: tensor<?x9x7x3xf32>) -> tensor<?x7x5x5xf32> {
  %k = horn.read @k : tensor<3x3x3x4xf32>
  %v = horn.read @v : tensor<3x3x4x5xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x9x7x3xf32>, tensor<3x3x3x4xf32>) -> tensor<?x9x7x4xf32>
  %1 = horn.tanh %0 : tensor<?x9x7x4xf32>
  %2 = horn.conv %1, %v {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x9x7x4xf32>, tensor<3x3x4x5xf32>) -> tensor<?x7x5x5xf32>
  return %2 : tensor<?x7x5x5xf32>
}
)";

/// A recurrent cell whose weights are transposed and scaled inside the loop.
static const char *kRecurrent = R"(
horn.variable @w : tensor<4x6xf32>
horn.variable @u : tensor<6x6xf32>
horn.variable @b : tensor<6xf32>
func.func @forward(%xs: tensor<?x?x4xf32>, %h: tensor<?x6xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>) {
  %b = horn.read @b : tensor<6xf32>
  %last, %ys = horn.scan carried(%h : tensor<?x6xf32>) sequences(%xs : tensor<?x?x4xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>) {
  ^bb0(%state: tensor<?x6xf32>, %x: tensor<?x4xf32>):
    %w = horn.read @w : tensor<4x6xf32>
    %u = horn.read @u : tensor<6x6xf32>
    %t = horn.transpose %u {permutation = array<i64: 1, 0>} : (tensor<6x6xf32>) -> tensor<6x6xf32>
    %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x4xf32>, tensor<4x6xf32>) -> tensor<?x6xf32>
    %1 = horn.matmul %state, %t {transpose_a = false, transpose_b = false} : (tensor<?x6xf32>, tensor<6x6xf32>) -> tensor<?x6xf32>
    %2 = horn.multiply %1, %b : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
    %3 = horn.add %0, %2 : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    %4 = horn.add %3, %b : (tensor<?x6xf32>, tensor<6xf32>) -> tensor<?x6xf32>
    %5 = horn.tanh %4 : tensor<?x6xf32>
    horn.yield %5, %4 : tensor<?x6xf32>, tensor<?x6xf32>
  } {reverse = true}
  return %last, %ys : tensor<?x6xf32>, tensor<?x?x6xf32>
}
)";

/// A cell of two gates with a bias and a mask, and a product of one of its results.
static const char *kGates = R"(
horn.variable @u : tensor<6x12xf32>
horn.variable @v : tensor<6x6xf32>
horn.variable @b : tensor<12xf32>
func.func @forward(%xs: tensor<?x?x12xf32>, %h: tensor<?x6xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>) {
  %u = horn.read @u : tensor<6x12xf32>
  %v = horn.read @v : tensor<6x6xf32>
  %b = horn.read @b : tensor<12xf32>
  %half = horn.constant dense<0.5> : tensor<f32>
  %last, %ys = horn.scan carried(%h : tensor<?x6xf32>) sequences(%xs : tensor<?x?x12xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>) {
  ^bb0(%state: tensor<?x6xf32>, %x: tensor<?x12xf32>):
    %0 = horn.matmul %state, %u {transpose_a = false, transpose_b = false} : (tensor<?x6xf32>, tensor<6x12xf32>) -> tensor<?x12xf32>
    %1 = horn.add %0, %b : (tensor<?x12xf32>, tensor<12xf32>) -> tensor<?x12xf32>
    %2 = horn.multiply %1, %half : (tensor<?x12xf32>, tensor<f32>) -> tensor<?x12xf32>
    %3 = horn.slice %2 {limits = array<i64: 9223372036854775807, 6>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<?x12xf32>) -> tensor<?x6xf32>
    %4 = horn.slice %2 {limits = array<i64: 9223372036854775807, 12>, starts = array<i64: 0, 6>, steps = array<i64: 1, 1>} : (tensor<?x12xf32>) -> tensor<?x6xf32>
    %5 = horn.slice %x {limits = array<i64: 9223372036854775807, 6>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<?x12xf32>) -> tensor<?x6xf32>
    %6 = horn.tanh %3 : tensor<?x6xf32>
    %7 = horn.multiply %4, %state : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    %8 = horn.matmul %7, %v {transpose_a = false, transpose_b = false} : (tensor<?x6xf32>, tensor<6x6xf32>) -> tensor<?x6xf32>
    %9 = horn.add %8, %6 : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    %10 = horn.greater %6, %5 : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xi1>
    %11 = horn.select %10, %9, %state : (tensor<?x6xi1>, tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    horn.yield %11, %11 : tensor<?x6xf32>, tensor<?x6xf32>
  } {reverse = false}
  return %last, %ys : tensor<?x6xf32>, tensor<?x?x6xf32>
}
)";

/// Two loops that need nothing of one another, a third that needs the first, and ops in between.
static const char *kDirections = R"(
func.func @forward(%xs: tensor<?x?x6xf32>, %h: tensor<?x6xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x6xf32>) {
  %a, %as = horn.scan carried(%h : tensor<?x6xf32>) sequences(%xs : tensor<?x?x6xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>) {
  ^bb0(%state: tensor<?x6xf32>, %x: tensor<?x6xf32>):
    %0 = horn.add %state, %x : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    %1 = horn.tanh %0 : tensor<?x6xf32>
    horn.yield %1, %0 : tensor<?x6xf32>, tensor<?x6xf32>
  } {reverse = false}
  %c = horn.scan carried(%a : tensor<?x6xf32>) sequences(%xs : tensor<?x?x6xf32>) -> (tensor<?x6xf32>) {
  ^bb0(%state: tensor<?x6xf32>, %x: tensor<?x6xf32>):
    %0 = horn.multiply %state, %x : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    horn.yield %0 : tensor<?x6xf32>
  } {reverse = false}
  %ys = horn.tanh %xs : tensor<?x?x6xf32>
  %b, %bs = horn.scan carried(%h : tensor<?x6xf32>) sequences(%ys : tensor<?x?x6xf32>) -> (tensor<?x6xf32>, tensor<?x?x6xf32>) {
  ^bb0(%state: tensor<?x6xf32>, %x: tensor<?x6xf32>):
    %0 = horn.subtract %state, %x : (tensor<?x6xf32>, tensor<?x6xf32>) -> tensor<?x6xf32>
    horn.yield %0, %0 : tensor<?x6xf32>, tensor<?x6xf32>
  } {reverse = true}
  %turned = horn.reverse %bs {axes = array<i64: 1>} : (tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  %sum = horn.add %as, %turned : (tensor<?x?x6xf32>, tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  return %b, %sum, %c : tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x6xf32>
}
)";

INSTANTIATE_TEST_SUITE_P(Programs, Meaning,
                         testing::Values(Program{"imageNet", kImageNet, {{2, 7, 8, 3}}},
                                         Program{"scales", kScales, {{2, 5, 6}}},
                                         Program{"strides", kStrides, {{2, 5, 7, 3}}},
                                         Program{"windows", kWindows, {{2, 9, 7, 3}}},
                                         Program{"attention", kAttention, {{2, 3, 8}}},
                                         Program{"heads", kHeads, {{2, 9, 8}}},
                                         Program{"groups", kGroups, {{2, 9, 8}, {2, 1, 8}}},
                                         Program{"gates", kGates, {{2, 5, 12}, {2, 6}}},
                                         Program{"directions", kDirections, {{2, 5, 6}, {2, 6}}},
                                         Program{"recurrent", kRecurrent, {{2, 5, 4}, {2, 6}}}),
                         [](const auto &test) { return test.param.name; });

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  graph::registerPasses();
  registerTransformsPasses();
  return RUN_ALL_TESTS();
}
