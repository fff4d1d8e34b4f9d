// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/Work.h"
#include "dialects/horn/Horn.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

namespace horn {

static int64_t count(llvm::StringRef text, llvm::ArrayRef<llvm::SmallVector<int64_t>> inputShapes) {
  mlir::MLIRContext context;
  context.loadDialect<ir::HornDialect, mlir::func::FuncDialect>();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_TRUE(module);
  auto flops = countFlops(module->lookupSymbol<mlir::func::FuncOp>("forward"), inputShapes);
  return mlir::succeeded(flops) ? *flops : -1;
}

TEST(Work, countsProductsForTheBatch) {
  llvm::StringRef text = R"(
func.func @forward(%x: tensor<?x7xf32>, %w: tensor<7x5xf32>) -> tensor<?x5xf32> {
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x7xf32>, tensor<7x5xf32>) -> tensor<?x5xf32>
  %1 = horn.relu %0 : tensor<?x5xf32>
  return %1 : tensor<?x5xf32>
})";
  EXPECT_EQ(count(text, {{1, 7}, {7, 5}}), 2 * 7 * 5);
  EXPECT_EQ(count(text, {{4, 7}, {7, 5}}), 4 * 2 * 7 * 5);
}

TEST(Work, countsWindows) {
  llvm::StringRef text = R"(
func.func @forward(%x: tensor<?x?x8x4xf32>, %k: tensor<3x3x2x6xf32>, %d: tensor<3x3x6x1xf32>) -> tensor<?x?x4x6xf32> {
  %0 = horn.conv %x, %k {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 2 : i64, padding = "same"} : (tensor<?x?x8x4xf32>, tensor<3x3x2x6xf32>) -> tensor<?x?x4x6xf32>
  %1 = horn.depthwise_conv %0, %d {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x?x4x6xf32>, tensor<3x3x6x1xf32>) -> tensor<?x?x4x6xf32>
  return %1 : tensor<?x?x4x6xf32>
})";
  int64_t pixels = 3 * 5 * 4; // 10 rows become 5
  EXPECT_EQ(count(text, {{3, 10, 8, 4}, {3, 3, 2, 6}, {3, 3, 6, 1}}),
            2 * pixels * 6 * (3 * 3 * 2) + 2 * pixels * 6 * 9);
}

TEST(Work, countsEachRoundOfALoop) {
  llvm::StringRef text = R"(
func.func @forward(%xs: tensor<?x?x4xf32>, %h: tensor<?x4xf32>, %w: tensor<4x4xf32>) -> tensor<?x4xf32> {
  %last = horn.scan carried(%h : tensor<?x4xf32>) sequences(%xs : tensor<?x?x4xf32>) -> (tensor<?x4xf32>) {
  ^bb0(%state: tensor<?x4xf32>, %x: tensor<?x4xf32>):
    %0 = horn.matmul %state, %w {transpose_a = false, transpose_b = false} : (tensor<?x4xf32>, tensor<4x4xf32>) -> tensor<?x4xf32>
    horn.yield %0 : tensor<?x4xf32>
  } {reverse = false}
  return %last : tensor<?x4xf32>
})";
  EXPECT_EQ(count(text, {{2, 9, 4}, {2, 4}, {4, 4}}), 9 * 2 * 2 * 4 * 4);
}

} // namespace horn
