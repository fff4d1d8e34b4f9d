// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Turns one function of horn ops into a driver: views for what moves, launches for what computes.
#pragma once

#include "compiler/analysis/SymbolicShapes.h"
#include "compiler/codegen/RowKernel.h"
#include "compiler/lowering/Driver.h"

namespace horn::ir {
class DepthwiseConvOp;
class PanelConvOp;
class ScanOp;
} // namespace horn::ir

namespace horn::lowering {

class FunctionLowering {
public:
  FunctionLowering(Driver &driver, const SymbolicShapes &shapes) : driver(driver), shapes(shapes) {}

  /// Lowers all ops of a block; its arguments must be bound. Errors are reported at the ops.
  llvm::LogicalResult lowerBlock(mlir::Block &block);

  void bind(mlir::Value value, const View &view) { views_[value] = view; }
  /// Where a value that a kernel of this function will compute shall be written.
  void setDestination(mlir::Value value, const View &view) { destinations_[value] = view; }
  /// By value: binding others moves what the map holds.
  View view(mlir::Value value) const { return views_.find(value)->second; }
  /// The operand of a group that an argument of its body stands for.
  View operandView(mlir::Operation *fused, mlir::Value argument) const;
  /// Operands of a group, by number.
  llvm::SmallVector<View> operandViews(mlir::Operation *fused,
                                       llvm::ArrayRef<unsigned> numbers) const;
  /// The memory of output number `index` of the function.
  void setOutput(unsigned index, const View &view) {
    outputs_.resize(std::max<size_t>(outputs_.size(), index + 1));
    outputs_[index] = view;
  }
  const View &output(unsigned index) const { return outputs_[index]; }

  /// Memory for the result of an op: a given destination, a part of the tensor that the value is
  /// joined or padded into, or a new buffer.
  View resultView(mlir::Value value);
  /// The same for the stacked steps of a loop; where they are only turned around, as that has them.
  View resultViewThroughReverse(mlir::Value value);
  /// The same; where only a transpose reads the value that keeps the last axis, dense as that has
  /// it.
  View resultViewThroughTranspose(mlir::Value value);
  /// Writes all elements of `from` to `to`, which has its shape.
  void copy(const View &from, const View &to);
  /// Writes a constant to all elements.
  void fill(const View &to, double value);
  /// `view` itself, or a dense copy of it.
  View contiguous(const View &view);
  /// A dense copy unless neighbours on the last axis are neighbours in memory.
  View withUnitStride(const View &view);
  /// The view in this shape, as bodies of kernels read it: in vectors or one element for all.
  View inLanes(const View &view, llvm::ArrayRef<mlir::AffineExpr> shape);

  /// Dense memory of a known shape.
  View denseView(mlir::Value pointer, mlir::RankedTensorType type);
  /// The memory of a variable.
  View variableView(mlir::FlatSymbolRefAttr variable, mlir::RankedTensorType type);

  /// Whether the function sets a variable.
  bool isAssigned(mlir::FlatSymbolRefAttr variable) const {
    return assigned_.contains(variable.getAttr());
  }

  /// Element-wise and row groups: launches a row kernel for a body.
  void launchRows(mlir::Block *body, llvm::StringRef signature, llvm::ArrayRef<View> operands,
                  const View &result);

  Driver &driver;
  const SymbolicShapes &shapes;

private:
  llvm::LogicalResult lowerOp(mlir::Operation *op);
  /// Marks values that may be written straight into the tensor they are joined or padded into, and
  /// the variables that are set.
  void planDestinations(mlir::Block &block);

  llvm::DenseMap<mlir::Value, View> views_, destinations_;
  llvm::SmallVector<View> outputs_;
  llvm::DenseMap<mlir::StringAttr, mlir::Value> variables_;
  llvm::DenseSet<mlir::StringAttr> assigned_;
  llvm::DenseMap<mlir::Value, mlir::OpOperand *>
      joins_; ///< the only use of a value, by a joining op
};

// Families of ops, one file each.
llvm::LogicalResult lowerFused(FunctionLowering &lowering, mlir::Operation *op);
llvm::LogicalResult lowerView(FunctionLowering &lowering, mlir::Operation *op);
llvm::LogicalResult lowerJoin(FunctionLowering &lowering, mlir::Operation *op);
llvm::LogicalResult lowerLookup(FunctionLowering &lowering, mlir::Operation *op);
/// Loops over time that may run side by side; inside of a team one alone.
llvm::LogicalResult lowerScans(FunctionLowering &lowering, llvm::ArrayRef<ir::ScanOp> scans);
llvm::LogicalResult lowerVariable(FunctionLowering &lowering, mlir::Operation *op);
llvm::LogicalResult lowerContraction(FunctionLowering &lowering, mlir::Operation *fused,
                                     mlir::Operation *anchor);
llvm::LogicalResult lowerReduction(FunctionLowering &lowering, mlir::Operation *fused,
                                   mlir::Operation *anchor);

/// Launches the reduction of `x` by an op over one axis, which `result` does not have.
void launchReductionOf(FunctionLowering &lowering, mlir::Operation *reduction, const View &x,
                       unsigned axis, const View &result);

llvm::LogicalResult lowerWinogradTiles(FunctionLowering &lowering, mlir::Operation *op);
llvm::LogicalResult lowerWinograd(FunctionLowering &lowering, mlir::Operation *fused,
                                  mlir::Operation *anchor);
/// A group of a product of gates and the cell behind it.
llvm::LogicalResult lowerCell(FunctionLowering &lowering, mlir::Operation *fused);
/// Whether each element of a group's results depends on the same element alone of an operand, which
/// thus may be overwritten.
bool readsOwnElements(mlir::Operation *fused, mlir::Value operand);
/// Whether a loop is a cell whose rows need nothing of other rows.
bool areRowsApart(ir::ScanOp scan);
/// Whether each element of a group's result depends on the same element of its operands alone.
bool isElementwiseGroup(mlir::Operation *fused);
/// A depthwise convolution by its own kernel; false if that cannot do it.
bool lowerDepthwiseConv(FunctionLowering &lowering, mlir::Operation *fused, ir::DepthwiseConvOp op);
/// A convolution with one set of panels for all its groups, by the same kernel.
void lowerGroupedConv(FunctionLowering &lowering, mlir::Operation *fused, ir::PanelConvOp op,
                      const View &input, const View &panels);

/// The part of a joined or padded tensor where operand `operand` of the op goes.
View partOf(FunctionLowering &lowering, mlir::OpOperand &operand, const View &whole);

/// A text that is equal for blocks that compute the same from their arguments.
std::string blockSignature(mlir::Block &block);
/// A text for how operands are accessed.
std::string accessSignature(llvm::ArrayRef<codegen::Access> accesses);
/// How a kernel moves along the last axis of a view.
codegen::Access accessOf(const View &view);

} // namespace horn::lowering
