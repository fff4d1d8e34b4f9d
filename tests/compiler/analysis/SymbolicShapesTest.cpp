// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/SymbolicShapes.h"

#include "dialects/horn/HornModuleOps.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace mlir;
using namespace horn;

namespace {
class SymbolicShapesTest : public testing::Test {
protected:
  SymbolicShapesTest() { context.loadDialect<ir::HornDialect, func::FuncDialect>(); }

  /// Parses one function and computes its shapes.
  SymbolicShapes compute(StringRef text) {
    module = parseSourceString<ModuleOp>(text, &context);
    EXPECT_TRUE(module);
    function = *module->getOps<func::FuncOp>().begin();
    FailureOr<SymbolicShapes> shapes = SymbolicShapes::compute(function);
    EXPECT_TRUE(succeeded(shapes));
    return std::move(*shapes);
  }
  ir::Dims dims(const SymbolicShapes &shapes, Value value) { return ir::Dims(shapes.dims(value)); }
  Value returned(unsigned i) { return function.getBody().front().getTerminator()->getOperand(i); }
  AffineExpr symbol(unsigned i) { return getAffineSymbolExpr(i, &context); }
  AffineExpr number(int64_t value) { return getAffineConstantExpr(value, &context); }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
  func::FuncOp function;
};
} // namespace

TEST_F(SymbolicShapesTest, inputsShareTheBatch) {
  SymbolicShapes shapes =
      compute("func.func @f(%x: tensor<?x?x4xf32>, %y: tensor<?x?xf32>) { return }");
  EXPECT_EQ(dims(shapes, function.getArgument(0)), (ir::Dims{symbol(0), symbol(1), number(4)}));
  EXPECT_EQ(dims(shapes, function.getArgument(1)), (ir::Dims{symbol(0), symbol(2)}));
  EXPECT_EQ(shapes.origin(0), (InputAxis{0, 0}));
  EXPECT_EQ(shapes.origin(1), (InputAxis{0, 1}));
  EXPECT_EQ(shapes.origin(2), (InputAxis{1, 1}));
  EXPECT_EQ(shapes.inputSymbols().size(), 3u);
}

TEST_F(SymbolicShapesTest, opsFollowTheirRules) {
  SymbolicShapes shapes = compute(R"(
    func.func @f(%x: tensor<?x?x4xf32>) -> (tensor<?x?xf32>, tensor<?x?x4xf32>) {
      %0 = horn.reshape %x {shape = array<i64: -2, -1>} : (tensor<?x?x4xf32>) -> tensor<?x?xf32>
      %1 = horn.max_pool %x {pool_size = array<i64: 2>, strides = array<i64: 2>, padding = "same"} : (tensor<?x?x4xf32>) -> tensor<?x?x4xf32>
      return %0, %1 : tensor<?x?xf32>, tensor<?x?x4xf32>
    })");
  EXPECT_EQ(dims(shapes, returned(0)), (ir::Dims{symbol(0), symbol(1) * 4}));
  EXPECT_EQ(dims(shapes, returned(1)), (ir::Dims{symbol(0), symbol(1).ceilDiv(2), number(4)}));
}

TEST_F(SymbolicShapesTest, derivedSymbolsHaveNoOrigin) {
  SymbolicShapes shapes = compute(R"(
    func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %0 = horn.slice %x {starts = array<i64: 0, 0>, limits = array<i64: 3, 4>, steps = array<i64: 1, 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
      return %0 : tensor<?x4xf32>
    })");
  AffineExpr rows = shapes.dims(returned(0)).front();
  unsigned position = cast<AffineSymbolExpr>(rows).getPosition();
  EXPECT_EQ(shapes.origin(position), std::nullopt);
  EXPECT_NE(shapes.scope().derived(position), nullptr);
}

TEST_F(SymbolicShapesTest, slicesOfColumnsKeepTheRows) {
  SymbolicShapes shapes = compute(R"(
    func.func @f(%x: tensor<?x8xf32>) -> (tensor<?x4xf32>, tensor<?x8xf32>) {
      %0 = horn.slice %x {starts = array<i64: 0, 4>, limits = array<i64: 9223372036854775807, 8>, steps = array<i64: 1, 1>} : (tensor<?x8xf32>) -> tensor<?x4xf32>
      %1 = horn.slice %x {starts = array<i64: 0, 0>, limits = array<i64: 9223372036854775807, 8>, steps = array<i64: 2, 1>} : (tensor<?x8xf32>) -> tensor<?x8xf32>
      return %0, %1 : tensor<?x4xf32>, tensor<?x8xf32>
    })");
  EXPECT_EQ(dims(shapes, returned(0)), (ir::Dims{symbol(0), number(4)}));
  EXPECT_EQ(dims(shapes, returned(1)), (ir::Dims{symbol(0).ceilDiv(2), number(8)}));
}

TEST_F(SymbolicShapesTest, scanStacksOverTime) {
  SymbolicShapes shapes = compute(R"(
    func.func @f(%xs: tensor<?x?x4xf32>, %h: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x?x4xf32>) {
      %last, %ys = horn.scan carried(%h : tensor<?x4xf32>) sequences(%xs : tensor<?x?x4xf32>) -> (tensor<?x4xf32>, tensor<?x?x4xf32>) {
      ^bb0(%state: tensor<?x4xf32>, %x: tensor<?x4xf32>):
        %0 = horn.add %state, %x : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
        horn.yield %0, %0 : tensor<?x4xf32>, tensor<?x4xf32>
      } {reverse = false}
      return %last, %ys : tensor<?x4xf32>, tensor<?x?x4xf32>
    })");
  Block &body = function.getBody().front().front().getRegion(0).front();
  EXPECT_EQ(dims(shapes, body.getArgument(1)), (ir::Dims{symbol(0), number(4)}));
  EXPECT_EQ(dims(shapes, returned(0)), (ir::Dims{symbol(0), number(4)}));
  EXPECT_EQ(dims(shapes, returned(1)), (ir::Dims{symbol(0), symbol(1), number(4)}));
}

TEST_F(SymbolicShapesTest, groupsPassShapesThrough) {
  SymbolicShapes shapes = compute(R"(
    func.func @f(%x: tensor<?x4xf32>) -> tensor<?xf32> {
      %0 = horn.fused(%x) : (tensor<?x4xf32>) -> tensor<?xf32> {
      ^bb0(%a: tensor<?x4xf32>):
        %1 = horn.reduce_sum %a {axes = array<i64: 1>, keepdims = false} : (tensor<?x4xf32>) -> tensor<?xf32>
        horn.yield %1 : tensor<?xf32>
      }
      return %0 : tensor<?xf32>
    })");
  EXPECT_EQ(dims(shapes, returned(0)), (ir::Dims{symbol(0)}));
}
