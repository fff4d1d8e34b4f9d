// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/Rows.h"

#include "compiler/analysis/SymbolicShapes.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

namespace {
/// What the rows of a value depend on.
enum class Rows {
  Fixed, ///< on weights alone: the value knows nothing of the batch
  Apart, ///< axis 0 is the batch, and each row depends on the same row of the inputs
  Mixed,
};

class RowAnalysis {
public:
  explicit RowAnalysis(const SymbolicShapes &shapes) : shapes_(shapes) {}
  bool holdsFor(func::FuncOp function);

private:
  bool hasBatchFirst(Value value) const {
    ArrayRef<AffineExpr> dims = shapes_.dims(value);
    return !dims.empty() && dims.front() == batch_;
  }
  Rows of(Value value) const { return rows_.lookup(value); }
  Rows compute(Operation *op) const;
  /// For ops that line axes up from the last one.
  bool broadcastsApart(Operation *op) const;
  bool contractsApart(MatmulOp op) const;

  const SymbolicShapes &shapes_;
  AffineExpr batch_;
  llvm::DenseMap<Value, Rows> rows_;
};
} // namespace

bool RowAnalysis::broadcastsApart(Operation *op) const {
  Value result = op->getResult(0);
  size_t rank = shapes_.dims(result).size();
  return hasBatchFirst(result) && llvm::all_of(op->getOperands(), [&](Value operand) {
           ArrayRef<AffineExpr> dims = shapes_.dims(operand);
           return of(operand) == Rows::Apart ? dims.size() == rank
                                             : dims.size() < rank || constantValue(dims[0]) == 1;
         });
}

bool RowAnalysis::contractsApart(MatmulOp op) const {
  size_t rank = shapes_.dims(op.getY()).size();
  // A matrix of rows times weights, or a matrix for each row.
  if (rank == 2)
    return of(op.getB()) == Rows::Fixed && !op.getTransposeA() && hasBatchFirst(op.getY());
  return broadcastsApart(op);
}

static bool leavesFirstAxis(ArrayRef<int64_t> axes) { return !llvm::is_contained(axes, 0); }

Rows RowAnalysis::compute(Operation *op) const {
  auto fixed = [&](Value operand) { return of(operand) == Rows::Fixed; };
  if (llvm::any_of(op->getOperands(), [&](Value operand) { return of(operand) == Rows::Mixed; }))
    return Rows::Mixed;
  auto restFixed = [&] { return llvm::all_of(llvm::drop_begin(op->getOperands()), fixed); };
  if (isa<ReadOp, ConstantOp>(op))
    return Rows::Fixed;
  bool known = isMemoryEffectFree(op) && op->getNumRegions() == 0 && op->getNumResults() == 1;
  if (!known)
    return Rows::Mixed;
  if (llvm::all_of(op->getOperands(), fixed))
    return llvm::all_of(shapes_.dims(op->getResult(0)),
                        [](AffineExpr dim) { return constantValue(dim).has_value(); })
               ? Rows::Fixed
               : Rows::Mixed;
  if (!hasBatchFirst(op->getResult(0)))
    return Rows::Mixed;
  bool apart =
      TypeSwitch<Operation *, bool>(op)
          .Case<ConvOp, ConvTransposeOp, DepthwiseConvOp>([&](auto) { return restFixed(); })
          .Case<MaxPoolOp, AveragePoolOp>([](auto) { return true; })
          .Case([&](MatmulOp matmul) { return contractsApart(matmul); })
          .Case<ReduceSumOp, ReduceMeanOp, ReduceMaxOp, ReduceMinOp, ReduceProdOp>(
              [](auto reduce) { return leavesFirstAxis(reduce.getAxes()); })
          // The elements keep their order: with as many rows before and behind, rows stay.
          .Case([&](ReshapeOp reshape) { return hasBatchFirst(reshape.getX()); })
          .Case([&](TransposeOp transpose) { return transpose.getPermutation().front() == 0; })
          .Case([](ConcatenateOp join) { return join.getAxis() != 0; })
          .Case([](SliceOp slice) {
            return slice.getStarts().front() == 0 && slice.getSteps().front() == 1;
          })
          .Case([](PadOp pad) {
            return pad.getLow().front() == 0 && pad.getHigh().front() == 0 &&
                   pad.getInterior().front() == 0;
          })
          .Case([](ReverseOp reverse) { return leavesFirstAxis(reverse.getAxes()); })
          .Case([&](TakeOp take) {
            return fixed(take.getTable()) ? take.getAxis() == 0
                                          : fixed(take.getIndices()) && take.getAxis() > 0;
          })
          .Default([&](Operation *other) {
            return other->hasTrait<Elementwise>() && broadcastsApart(other);
          });
  // What is joined along another axis is all of the batch.
  if (isa<ConcatenateOp>(op) && llvm::any_of(op->getOperands(), fixed))
    apart = false;
  return apart ? Rows::Apart : Rows::Mixed;
}

bool RowAnalysis::holdsFor(func::FuncOp function) {
  if (shapes_.inputSymbols().size() != 1 || function.getNumArguments() == 0)
    return false;
  Block &body = function.getBody().front();
  ArrayRef<AffineExpr> first = shapes_.dims(body.getArgument(0));
  if (first.empty() || !isa<AffineSymbolExpr>(first.front()))
    return false;
  batch_ = first.front();
  for (BlockArgument argument : body.getArguments()) {
    if (!hasBatchFirst(argument))
      return false;
    rows_[argument] = Rows::Apart;
  }
  for (Operation &op : body.without_terminator())
    for (Value result : op.getResults())
      rows_[result] = compute(&op);
  // An op without results writes something.
  return llvm::all_of(body.without_terminator(),
                      [](Operation &op) { return op.getNumResults() > 0; }) &&
         llvm::all_of(body.getTerminator()->getOperands(),
                      [&](Value value) { return of(value) == Rows::Apart; });
}

bool horn::keepsRowsApart(func::FuncOp function) {
  FailureOr<SymbolicShapes> shapes = SymbolicShapes::compute(function);
  return succeeded(shapes) && RowAnalysis(*shapes).holdsFor(function);
}
