// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Fused groups: chooses the kind of kernel by what anchors the group.
#include "compiler/lowering/AttentionLowering.h"
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/codegen/Combine.h"
#include "dialects/horn/HornModuleOps.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace horn::lowering {

namespace {
enum class Anchor { None, Contraction, Cell, Reduction, Winograd };
}

static Anchor anchorKind(Operation *op) {
  return llvm::StringSwitch<Anchor>(op->getName().stripDialect())
      .Cases({"panel_matmul", "panel_conv", "matmul", "conv"}, Anchor::Contraction)
      .Case("gate_matmul", Anchor::Cell)
      .Cases({"depthwise_conv", "max_pool", "average_pool"}, Anchor::Reduction)
      .Cases({"winograd_pixels", "winograd_conv"}, Anchor::Winograd)
      .Default(Anchor::None);
}

/// Whether a reduction is along the last axis, kept with size 1, and the group goes on with the
/// whole row: a row kernel does it. Else it anchors a reduction kernel.
static bool isWithinRow(Operation *reduction, Value root, const SymbolicShapes &shapes) {
  if (reduction->getResult(0) == root)
    return false;
  // A group that a reduction anchors has the reduction's shape at its root.
  auto x = cast<RankedTensorType>(reduction->getOperand(0).getType());
  auto y = cast<RankedTensorType>(root.getType());
  auto reduced = cast<RankedTensorType>(reduction->getResult(0).getType());
  return x.getShape() == y.getShape() && reduced.getShape() != y.getShape();
}

bool isElementwiseGroup(Operation *fused) {
  return llvm::all_of(cast<ir::FusedOp>(fused).getBody().front(), [](Operation &op) {
    return anchorKind(&op) == Anchor::None && !codegen::isRowReduction(&op);
  });
}

LogicalResult lowerFused(FunctionLowering &lowering, Operation *op) {
  Block &body = cast<ir::FusedOp>(op).getBody().front();
  if (auto attend = body.getTerminator()->getOperand(0).getDefiningOp<ir::AttendOp>())
    return lowerAttention(lowering, op, attend);
  Value root = body.getTerminator()->getOperand(0);
  // A product may have a convolution before it.
  for (Operation &inner : body.without_terminator())
    if (anchorKind(&inner) == Anchor::Contraction)
      return lowerContraction(lowering, op, &inner);
  for (Operation &inner : body.without_terminator()) {
    switch (anchorKind(&inner)) {
    case Anchor::Contraction:
      break;
    case Anchor::Cell:
      return lowerCell(lowering, op);
    case Anchor::Reduction:
      return lowerReduction(lowering, op, &inner);
    case Anchor::Winograd:
      return lowerWinograd(lowering, op, &inner);
    case Anchor::None:
      break;
    }
    if (codegen::isRowReduction(&inner) && !isWithinRow(&inner, root, lowering.shapes))
      return lowerReduction(lowering, op, &inner);
  }
  SmallVector<View> operands;
  for (Value operand : op->getOperands())
    operands.push_back(lowering.view(operand));
  View result = lowering.resultView(op->getResult(0));
  lowering.launchRows(&body, blockSignature(body), operands, result);
  lowering.bind(op->getResult(0), result);
  return success();
}

} // namespace horn::lowering
