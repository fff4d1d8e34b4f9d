// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Computes element-wise on products before their columns are split into heads.
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

/// Whether the op splits the last axis of what a product, or element-wise ops behind one, gave.
static bool splitsColumns(ReshapeOp reshape) {
  Operation *source = reshape.getX().getDefiningOp();
  ArrayRef<int64_t> from = typeOf(reshape.getX()).getShape(), to = reshape.getType().getShape();
  if (!source || !(isa<MatmulOp>(source) || source->hasTrait<Elementwise>()) ||
      !reshape->hasOneUse() || from.size() < 2 || to.size() != from.size() + 1)
    return false;
  ArrayRef<int64_t> rows = from.drop_back(), heads = to.take_back(2);
  return rows == to.drop_back(2) && llvm::count_if(rows, ShapedType::isDynamic) <= 1 &&
         !ShapedType::isDynamic(heads[0]) && !ShapedType::isDynamic(heads[1]) &&
         heads[0] * heads[1] == from.back();
}

/// Whether the operand differs along the two axes of the heads at most.
static bool isPerColumn(Value operand, ArrayRef<int64_t> heads) {
  ArrayRef<int64_t> shape = typeOf(operand).getShape();
  while (!shape.empty() && shape.front() == 1)
    shape = shape.drop_front();
  return shape.empty() || shape == heads;
}

/// The split that the op computes behind, if it can be computed in front of it.
static ReshapeOp splitBefore(Operation *op) {
  if (!op->hasTrait<Elementwise>())
    return nullptr;
  ReshapeOp split;
  for (Value operand : op->getOperands())
    if (auto reshape = operand.getDefiningOp<ReshapeOp>(); reshape && splitsColumns(reshape)) {
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

static void sink(ReshapeOp split, Operation *op) {
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
  split.erase();
}

namespace {
struct SinkReshapes : graph::impl::SinkReshapesBase<SinkReshapes> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) { ops.push_back(op); });
    // In the order of the program: behind one op the split is in front of the next.
    llvm::SmallPtrSet<Operation *, 8> erased;
    for (Operation *op : ops)
      if (!erased.contains(op))
        if (ReshapeOp split = splitBefore(op)) {
          erased.insert(split);
          sink(split, op);
        }
  }
};
} // namespace
