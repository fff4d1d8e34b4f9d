// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Computes element-wise on products before their columns are split into heads.
#include "compiler/analysis/SymbolicShapes.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/TensorTypes.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/TypeUtilities.h"

namespace horn::graph {
#define GEN_PASS_DEF_SINKRESHAPES
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using horn::graph::typeOf;

/// Whether the last axis of the operand, of known sizes, becomes two, as far as types tell.
static bool splitsLastAxis(ReshapeOp reshape) {
  ArrayRef<int64_t> from = typeOf(reshape.getX()).getShape(), to = reshape.getType().getShape();
  if (from.size() < 2 || to.size() != from.size() + 1)
    return false;
  ArrayRef<int64_t> heads = to.take_back(2);
  return from.drop_back() == to.drop_back(2) && !ShapedType::isDynamic(heads[0]) &&
         !ShapedType::isDynamic(heads[1]) && heads[0] * heads[1] == from.back();
}

/// Whether an op splits the last axis of what a product, or element-wise ops behind one, gave.
static bool splitsColumns(ReshapeOp reshape) {
  Operation *source = reshape.getX().getDefiningOp();
  return source && (isa<MatmulOp>(source) || source->hasTrait<Elementwise>()) &&
         reshape->hasOneUse() && splitsLastAxis(reshape);
}

/// The shape without axes of size 1 in front.
static ArrayRef<int64_t> trimmed(ArrayRef<int64_t> shape) {
  return shape.drop_while([](int64_t size) { return size == 1; });
}

/// Whether the operand differs along the two axes of the heads at most.
static bool isPerColumn(Value operand, ArrayRef<int64_t> heads) {
  ArrayRef<int64_t> shape = trimmed(typeOf(operand).getShape());
  return shape.empty() || shape == trimmed(heads);
}

namespace {
struct SinkReshapes : graph::impl::SinkReshapesBase<SinkReshapes> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) { ops.push_back(op); });
    if (failed(findSplits(ops)))
      return signalPassFailure();
    // In the order of the program: behind one op the split is in front of the next.
    llvm::SmallPtrSet<Operation *, 8> erased;
    for (Operation *op : ops)
      if (!erased.contains(op))
        if (ReshapeOp split = splitBefore(op)) {
          erased.insert(split);
          sink(split, op);
        }
  }

  LogicalResult findSplits(ArrayRef<Operation *> ops);
  ReshapeOp splitBefore(Operation *op) const;
  void sink(ReshapeOp split, Operation *op);

  /// Reshapes that split the last axis and keep the others.
  llvm::SmallPtrSet<Operation *, 8> splits;
};
} // namespace

LogicalResult SinkReshapes::findSplits(ArrayRef<Operation *> ops) {
  std::optional<SymbolicShapes> shapes;
  for (Operation *op : ops) {
    auto reshape = dyn_cast<ReshapeOp>(op);
    if (!reshape || !splitsLastAxis(reshape))
      continue;
    // Of several unknown sizes the types do not tell which is which.
    if (llvm::count_if(typeOf(reshape.getX()).getShape(), ShapedType::isDynamic) > 1) {
      if (!shapes) {
        FailureOr<SymbolicShapes> computed = SymbolicShapes::compute(getOperation());
        if (failed(computed))
          return failure();
        shapes = std::move(*computed);
      }
      if (shapes->dims(reshape.getX()).drop_back() != shapes->dims(reshape).drop_back(2))
        continue;
    }
    splits.insert(op);
  }
  return success();
}

/// The split that the op computes behind, if it can be computed in front of it.
ReshapeOp SinkReshapes::splitBefore(Operation *op) const {
  if (!op->hasTrait<Elementwise>())
    return nullptr;
  ReshapeOp split;
  for (Value operand : op->getOperands())
    if (auto reshape = operand.getDefiningOp<ReshapeOp>();
        reshape && splits.contains(reshape) && splitsColumns(reshape)) {
      if (split)
        return nullptr;
      split = reshape;
    }
  if (!split || typeOf(op->getResult(0)).getShape() != split.getType().getShape())
    return nullptr;
  ArrayRef<int64_t> heads = split.getType().getShape().take_back(2);
  bool fits = llvm::all_of(op->getOperands(), [&](Value operand) {
    return operand == split || isPerColumn(operand, heads);
  });
  return fits ? split : nullptr;
}

void SinkReshapes::sink(ReshapeOp split, Operation *op) {
  OpBuilder b(op);
  for (OpOperand &operand : op->getOpOperands()) {
    if (operand.get() == split)
      operand.set(split.getX());
    else if (int64_t count = typeOf(operand.get()).getNumElements();
             typeOf(operand.get()).getRank() > 0)
      operand.set(ReshapeOp::create(b, op->getLoc(), operand.get(), Value(),
                                    b.getDenseI64ArrayAttr(count)));
  }
  Value result = op->getResult(0);
  RankedTensorType type = typeOf(result);
  result.setType(RankedTensorType::get(typeOf(split.getX()).getShape(), type.getElementType()));
  b.setInsertionPointAfter(op);
  auto moved =
      ReshapeOp::create(b, split.getLoc(), type, result, split.getLike(), split.getShapeAttr());
  result.replaceAllUsesExcept(moved, moved);
  splits.erase(split);
  splits.insert(moved);
  split.erase();
}
