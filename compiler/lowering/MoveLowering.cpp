// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that move elements: views where possible, copies into parts of a tensor where not.
#include "compiler/lowering/FunctionLowering.h"

#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

static View reshapeView(FunctionLowering &lowering, const View &x, ArrayRef<AffineExpr> shape) {
  if (std::optional<View> result = reshaped(lowering.driver.scope, x, shape))
    return *result;
  return *reshaped(lowering.driver.scope, lowering.contiguous(x), shape);
}

LogicalResult lowerView(FunctionLowering &lowering, Operation *op) {
  View x = lowering.view(op->getOperand(0));
  ir::ShapeScope &scope = lowering.driver.scope;
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(op->getResult(0));
  View result;
  if (auto transpose = dyn_cast<ir::TransposeOp>(op))
    result = transposed(x, transpose.getPermutation());
  else if (auto slice = dyn_cast<ir::SliceOp>(op))
    result = sliced(scope, x, slice.getStarts(), slice.getLimits(), slice.getSteps());
  else if (auto reverse = dyn_cast<ir::ReverseOp>(op))
    result = reversed(scope, x, reverse.getAxes());
  else if (isa<ir::BroadcastToOp>(op))
    result = broadcast(scope, x, shape);
  else
    result = reshapeView(lowering, x, shape);
  result.shape = Dims(shape);
  lowering.bind(op->getResult(0), result);
  return success();
}

/// Where the operand's elements stand in a padded tensor; steps over the interior padding.
static View paddedPart(FunctionLowering &lowering, ir::PadOp pad, const View &whole) {
  View part = whole;
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(pad.getX());
  for (unsigned axis = 0; axis < whole.rank(); ++axis) {
    part = narrowed(part, axis, lowering.driver.scope.constant(pad.getLow()[axis]), shape[axis]);
    part.strides[axis] = part.strides[axis] * (pad.getInterior()[axis] + 1);
  }
  return part;
}

View partOf(FunctionLowering &lowering, OpOperand &operand, const View &whole) {
  if (auto pad = dyn_cast<ir::PadOp>(operand.getOwner()))
    return paddedPart(lowering, pad, whole);
  auto concatenate = cast<ir::ConcatenateOp>(operand.getOwner());
  unsigned axis = concatenate.getAxis();
  AffineExpr start = lowering.driver.scope.constant(0);
  for (Value before : concatenate.getXs().take_front(operand.getOperandNumber()))
    start = start + lowering.shapes.dims(before)[axis];
  return narrowed(whole, axis, start, lowering.shapes.dims(operand.get())[axis]);
}

/// Fills what an operand does not cover: slabs at the ends of each axis, or with interior padding
/// all.
static void fillPadding(FunctionLowering &lowering, ir::PadOp pad, const View &whole) {
  double value = pad.getValue().convertToDouble();
  if (llvm::any_of(pad.getInterior(), [](int64_t interior) { return interior > 0; }))
    return lowering.fill(whole, value);
  ir::ShapeScope &scope = lowering.driver.scope;
  for (unsigned axis = 0; axis < whole.rank(); ++axis) {
    int64_t low = pad.getLow()[axis], high = pad.getHigh()[axis];
    if (low)
      lowering.fill(narrowed(whole, axis, scope.constant(0), scope.constant(low)), value);
    if (high)
      lowering.fill(narrowed(whole, axis, whole.shape[axis] - high, scope.constant(high)), value);
  }
}

/// w [K..., N] to panels [P, K..., width]: whole panels by one copy, the last by another and zeros.
static void lowerPack(FunctionLowering &lowering, ir::PackOp pack, const View &panels) {
  ir::ShapeScope &scope = lowering.driver.scope;
  View w = lowering.view(pack.getW());
  int64_t width = pack.getWidth(), columns = *constantValue(w.shape.back()),
          whole = columns / width;
  unsigned last = w.rank() - 1;
  // panel[p, K..., j] = w[K..., p * width + j]
  auto columnsOf = [&](int64_t first, int64_t panelCount, int64_t count) {
    View part = narrowed(w, last, scope.constant(first), scope.constant(count));
    part.shape.insert(part.shape.begin(), scope.constant(panelCount));
    part.strides.insert(part.strides.begin(), w.strides[last] * width);
    return part;
  };
  if (whole > 0)
    lowering.copy(columnsOf(0, whole, width),
                  narrowed(panels, 0, scope.constant(0), scope.constant(whole)));
  int64_t rest = columns - whole * width;
  if (rest == 0)
    return;
  View tail = narrowed(panels, 0, scope.constant(whole), scope.constant(1));
  unsigned lane = panels.rank() - 1;
  lowering.copy(columnsOf(whole * width, 1, rest),
                narrowed(tail, lane, scope.constant(0), scope.constant(rest)));
  lowering.fill(narrowed(tail, lane, scope.constant(rest), scope.constant(width - rest)), 0);
}

LogicalResult lowerJoin(FunctionLowering &lowering, Operation *op) {
  View whole = lowering.resultView(op->getResult(0));
  lowering.bind(op->getResult(0), whole);
  if (auto pack = dyn_cast<ir::PackOp>(op)) {
    lowerPack(lowering, pack, whole);
    return success();
  }
  if (auto pad = dyn_cast<ir::PadOp>(op))
    fillPadding(lowering, pad, whole);
  for (OpOperand &operand : op->getOpOperands()) {
    View part = partOf(lowering, operand, whole);
    View x = lowering.view(operand.get());
    // The producer may have written in place already.
    if (x.base != part.base || x.offset != part.offset)
      lowering.copy(x, part);
  }
  return success();
}

} // namespace horn::lowering
