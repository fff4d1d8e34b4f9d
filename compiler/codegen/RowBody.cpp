// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/RowBody.h"

#include "compiler/codegen/Combine.h"
#include "compiler/codegen/ElementEmitter.h"
#include "compiler/codegen/KernelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace horn::codegen {

/// Vectors of partial results of a reduction along the row.
static constexpr unsigned kPartialResults = 4;

bool isRowReduction(Operation *op) {
  return op->getName().stripDialect().starts_with("reduce_") && combineOf(op).has_value();
}

bool reducesRows(Block *body) {
  return body && llvm::any_of(*body, [](Operation &op) { return isRowReduction(&op); });
}

namespace {
class RowBody {
public:
  RowBody(const Lanes &lanes, Block *body, ArrayRef<RowPointer> operands, const RowPointer &result)
      : b_(lanes.b), loc_(lanes.loc), lanes_(lanes), body_(body), operands_(operands),
        result_(result) {}

  void emitRow(Value first, Value last);

private:
  /// Reduces `op`'s operand over the row to a scalar.
  Value reduceRow(Operation *op, Value first, Value last);
  /// Whether what `op` reduces shall be kept in the result's row, as computing it again costs more:
  /// the exponentials of a softmax. What comes later must read nothing else of full length, which
  /// might lie in the same memory.
  bool keepsOperand(Operation *op) const;
  /// Whether a value along the row takes more than a few instructions from what is known.
  bool isHeavyValue(Value value) const;
  /// Whether a value can be computed from `kept` and what is the same along the row.
  bool followsFrom(Value value, Value kept) const;
  /// The value of `value` in the lanes at `index`.
  Value lanesOf(const Lanes &lanes, Value value, Value index, Value mask);
  Value laneOffset(const RowPointer &pointer, Value index) {
    return codegen::laneOffset(b_, loc_, pointer.access.lane, index, pointer.laneStride);
  }
  bool isScalar(Value value) const;

  OpBuilder &b_;
  Location loc_;
  const Lanes &lanes_;
  Block *body_;
  ArrayRef<RowPointer> operands_;
  const RowPointer &result_;
  /// Values that are the same along the row, once computed; walked, so in the order of their
  /// making.
  llvm::MapVector<Value, Value> scalars_;
  Value kept_; ///< the value whose elements the result's row holds until the end; may be null
};
} // namespace

/// Whether a value is the same in all elements of a row.
bool RowBody::isScalar(Value value) const {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return operands_[argument.getArgNumber()].access.lane == LaneStride::Broadcast;
  Operation *op = value.getDefiningOp();
  return isRowReduction(op) ||
         llvm::all_of(op->getOperands(), [&](Value v) { return isScalar(v); });
}

Value RowBody::lanesOf(const Lanes &lanes, Value value, Value index, Value mask) {
  ElementEmitter emitter(lanes);
  for (auto [scalar, code] : scalars_)
    emitter.set(scalar, lanes.splat(code));
  for (auto [argument, pointer] : llvm::zip(body_->getArguments(), operands_))
    if (!emitter.has(argument) && !argument.use_empty() &&
        pointer.access.lane != LaneStride::Broadcast)
      emitter.set(argument, lanes.load(pointer.access.element, pointer.row,
                                       laneOffset(pointer, index), pointer.access.lane, mask));
  if (kept_)
    emitter.set(kept_, lanes.load(result_.access.element, result_.row, index,
                                  LaneStride::Contiguous, mask));
  return emitter.get(value);
}

bool RowBody::isHeavyValue(Value value) const {
  Operation *op = value.getDefiningOp();
  return op && !isScalar(value) &&
         (isHeavy(op) || llvm::any_of(op->getOperands(), [&](Value v) { return isHeavyValue(v); }));
}

bool RowBody::followsFrom(Value value, Value kept) const {
  if (value == kept || isScalar(value))
    return true;
  Operation *op = value.getDefiningOp();
  return op && llvm::all_of(op->getOperands(), [&](Value v) { return followsFrom(v, kept); });
}

bool RowBody::keepsOperand(Operation *op) const {
  Value value = op->getOperand(0);
  if (kept_ || value.hasOneUse() || result_.access.lane != LaneStride::Contiguous ||
      getElementTypeOrSelf(value.getType()) != result_.access.element || !isHeavyValue(value))
    return false;
  for (Operation *later = op->getNextNode(); later; later = later->getNextNode())
    if (later->hasTrait<OpTrait::IsTerminator>() || isRowReduction(later))
      if (!followsFrom(later->getOperand(0), value))
        return false;
  return true;
}

Value RowBody::reduceRow(Operation *op, Value first, Value last) {
  Combine combine = *combineOf(op);
  Value operand = op->getOperand(0);
  Type element = getElementTypeOrSelf(operand.getType()), wide = accumulatorType(element);
  const Lanes &lanes = lanes_;
  Lanes one(b_, loc_, 1);
  bool keeps = keepsOperand(op);
  auto valueAt = [&](Value i, Value mask) {
    Value value = lanesOf(lanes, operand, i, mask);
    if (keeps)
      lanes.store(value, result_.row, i, mask);
    value = widen(lanes, value, element);
    if (mask)
      value = arith::SelectOp::create(b_, loc_, mask, value, identityOf(lanes, combine, wide));
    return value;
  };
  // Several partial results take turns, as each waits for the one before.
  Value turn = indexConstant(b_, loc_, kPartialResults * lanes_.count);
  Value length = arith::SubIOp::create(b_, loc_, last, first);
  Value middle =
      arith::SubIOp::create(b_, loc_, last, arith::RemUIOp::create(b_, loc_, length, turn));
  SmallVector<Value> partial(kPartialResults, identityOf(lanes, combine, wide));
  partial = emitLoop(b_, loc_, first, middle, turn, partial, [&](Value i, ValueRange carried) {
    SmallVector<Value> next;
    for (auto [n, value] : llvm::enumerate(carried)) {
      Value at = addIndex(b_, loc_, i, indexConstant(b_, loc_, n * lanes_.count));
      next.push_back(join(lanes, combine, value, valueAt(at, Value()), wide));
    }
    return next;
  });
  partial.front() = emitVectors(lanes, middle, last, {partial.front()},
                                [&](Value i, Value mask, ValueRange carried) -> SmallVector<Value> {
                                  return {join(lanes, combine, carried[0], valueAt(i, mask), wide)};
                                })
                        .front();
  for (; partial.size() > 1; partial.resize(partial.size() / 2))
    for (unsigned n = 0; n < partial.size() / 2; ++n)
      partial[n] = join(lanes, combine, partial[n], partial[n + partial.size() / 2], wide);
  if (keeps)
    kept_ = operand;
  Value total = joinLanes(lanes, combine, partial.front(), wide);
  if (combine.isMean) {
    Value count =
        arith::SIToFPOp::create(b_, loc_, wide, arith::SubIOp::create(b_, loc_, last, first));
    total = arith::DivFOp::create(b_, loc_, total, count);
  }
  return narrow(one, total, element);
}

void RowBody::emitRow(Value first, Value last) {
  Lanes one(b_, loc_, 1);
  for (auto [argument, pointer] : llvm::zip(body_->getArguments(), operands_))
    if (pointer.access.lane == LaneStride::Broadcast && !argument.use_empty())
      scalars_[argument] = one.load(pointer.access.element, pointer.row, indexConstant(b_, loc_, 0),
                                    LaneStride::Broadcast, Value());
  for (Operation &op : body_->without_terminator()) {
    if (isRowReduction(&op)) {
      scalars_[op.getResult(0)] = reduceRow(&op, first, last);
    } else if (isScalar(op.getResult(0))) {
      ElementEmitter emitter(one);
      for (auto [scalar, code] : scalars_)
        emitter.set(scalar, code);
      scalars_[op.getResult(0)] = emitter.get(op.getResult(0));
    }
  }
  Value root = body_->getTerminator()->getOperand(0);
  emitVectors(lanes_, first, last, [&](Value i, Value mask) {
    lanes_.store(lanesOf(lanes_, root, i, mask), result_.row, laneOffset(result_, i), mask);
  });
}

void emitRowBody(const Lanes &lanes, Block *body, ArrayRef<RowPointer> operands,
                 const RowPointer &result, Value first, Value last) {
  RowBody(lanes, body, operands, result).emitRow(first, last);
}

} // namespace horn::codegen
