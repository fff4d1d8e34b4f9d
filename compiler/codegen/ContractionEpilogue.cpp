// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What becomes of the sums of a tile: in registers, or by way of scratch memory.
#include "compiler/codegen/ContractionEmitter.h"
#include "compiler/codegen/Epilogue.h"
#include "compiler/codegen/RowBody.h"
#include "dialects/kernel/Kernel.h"

using namespace mlir;

namespace horn::codegen {

SmallVector<Value> ContractionEmitter::epilogueRows(ArrayRef<Value> at) {
  SmallVector<Value> rows;
  for (const Matrix &operand : epilogue_)
    rows.push_back(rowPointer(operand, at));
  return rows;
}

Value ContractionEmitter::applyEpilogue(Value sum, ArrayRef<Value> operandRows, Value column,
                                        Value mask) {
  return emitEpilogue(lanes_, spec_.epilogue, sum, spec_.epilogueOperands, operandRows, column,
                      mask);
}

/// Few operations: on the sums in their registers.
void ContractionEmitter::storeLight(ArrayRef<SmallVector<Value>> rows, ArrayRef<Value> sums) {
  for (auto [r, at] : llvm::enumerate(rows)) {
    Value target = rowPointer(c_, at);
    SmallVector<Value> operandRows = epilogueRows(at);
    for (unsigned v = 0; v < tileVectors_; ++v) {
      Value column = add(firstColumn_, index(v * lanes_.count));
      Value value = sums[r * tileVectors_ + v];
      lanes_.store(applyEpilogue(value, operandRows, column, columnMasks_[v]), target, column,
                   columnMasks_[v]);
    }
  }
}

SmallVector<const Matrix *> ContractionEmitter::targets() const {
  SmallVector<const Matrix *> all = {&c_};
  for (const SmallVector<Matrix> *others : {&otherResults_, &epilogue_})
    for (const Matrix &matrix : *others)
      all.push_back(&matrix);
  return all;
}

Value ContractionEmitter::rowOffset(const Matrix &matrix, ArrayRef<Value> at) {
  Value offset = index(0);
  for (auto [i, stride] : llvm::zip(at, matrix.rowStrides))
    offset = add(offset, mul(i, stride));
  return offset;
}

/// Many operations (exp, erf, ...) unrolled over all sums would spill them: they go to the first
/// cache, and finishStaged() goes over it in a loop.
void ContractionEmitter::storeStaged(Value place, ArrayRef<SmallVector<Value>> rows,
                                     ArrayRef<Value> sums) {
  for (unsigned i = 0; i < sums.size(); ++i)
    lanes_.store(sums[i], scratch_, scratchIndex(place, i), Value());
  if (!offsets_)
    return;
  SmallVector<const Matrix *> all = targets();
  Value first = mul(place, index(all.size()));
  for (auto [r, at] : llvm::enumerate(rows))
    for (auto [t, matrix] : llvm::enumerate(all))
      kernel::StoreOp::create(b_, loc_, rowOffset(*matrix, at), offsets_,
                              add(first, index(r * all.size() + t)), Value());
}

void ContractionEmitter::finishStaged(Value row, Value rows) {
  SmallVector<const Matrix *> all = targets();
  emitLoop(b_, loc_, index(0), rows, index(1), [&](Value r) {
    SmallVector<Value> pointers;
    for (auto [t, matrix] : llvm::enumerate(all)) {
      Value offset =
          offsets_
              ? Value(kernel::LoadOp::create(b_, loc_, b_.getI64Type(), offsets_,
                                             add(mul(r, index(all.size())), index(t)), Value()))
              : rowOffset(*matrix, {add(row, r)});
      pointers.push_back(
          elementAt(b_, loc_, matrix->element, matrix->current, {offset}, {index(1)}));
    }
    finishStagedRow(element(scratch_, mul(r, index(width()))), pointers);
  });
}

void ContractionEmitter::finishStagedRow(Value sums, ArrayRef<Value> pointers) {
  if (reducesRows(spec_.epilogue))
    return finishWholeRow(sums, pointers);
  if (spec_.gates == 1)
    return emitVectors(lanes_, index(0), columns_, [&](Value column, Value mask) {
      finishVector(sums, pointers, column, mask);
    });
  // No loop over the few vectors of a gate: with one, the constants of the cell's functions would
  // seem more worth a register than the sums of the product.
  for (unsigned v = 0; v < spec_.vectors / spec_.gates; ++v)
    finishVector(sums, pointers, index(v * lanes_.count), columnMasks_[v]);
}

void ContractionEmitter::finishWholeRow(Value sums, ArrayRef<Value> pointers) {
  Access contiguous{spec_.element, LaneStride::Contiguous};
  SmallVector<RowPointer> operands = {{contiguous, sums, Value()}};
  for (auto [access, row] : llvm::zip_equal(spec_.epilogueOperands, pointers.drop_front()))
    operands.push_back({access, row, Value()});
  emitRowBody(lanes_, spec_.epilogue, operands, {contiguous, pointers.front(), Value()}, index(0),
              columns_);
}

void ContractionEmitter::finishVector(Value sums, ArrayRef<Value> pointers, Value column,
                                      Value mask) {
  Value at = add(firstColumn_, column);
  SmallVector<Value> values;
  for (unsigned gate = 0; gate < spec_.gates; ++gate)
    values.push_back(lanes_.load(spec_.element, sums, add(column, index(gate * gateWidth())),
                                 LaneStride::Contiguous, Value()));
  if (spec_.epilogue)
    values = emitEpilogues(lanes_, spec_.epilogue, values, spec_.epilogueOperands,
                           pointers.drop_front(spec_.results), at, mask);
  for (auto [value, result] : llvm::zip_equal(values, pointers.take_front(spec_.results)))
    lanes_.store(value, result, at, mask);
}

} // namespace horn::codegen
