// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/Epilogue.h"

#include "compiler/codegen/ElementEmitter.h"

using namespace mlir;

namespace horn::codegen {

bool isHeavyEpilogue(Block *epilogue) {
  return epilogue &&
         llvm::any_of(epilogue->without_terminator(), [](Operation &op) { return isHeavy(&op); });
}

/// What `body` yields, whose last arguments are the operands.
static SmallVector<Value> emitYielded(ElementEmitter &emitter, const Lanes &lanes, Block *body,
                                      ArrayRef<Access> operands, ArrayRef<Value> rows, Value column,
                                      Value mask) {
  Value zero = indexConstant(lanes.b, lanes.loc, 0);
  for (auto [argument, access, row] :
       llvm::zip(body->getArguments().take_back(operands.size()), operands, rows))
    emitter.set(argument, lanes.load(access.element, row,
                                     access.lane == LaneStride::Contiguous ? column : zero,
                                     access.lane, mask));
  SmallVector<Value> results;
  for (Value result : body->getTerminator()->getOperands())
    results.push_back(emitter.get(result));
  return results;
}

Value emitBody(const Lanes &lanes, Block *body, ArrayRef<Access> operands, ArrayRef<Value> rows,
               Value column, Value mask) {
  ElementEmitter emitter(lanes);
  return emitYielded(emitter, lanes, body, operands, rows, column, mask).front();
}

Value emitEpilogue(const Lanes &lanes, Block *epilogue, Value result, ArrayRef<Access> operands,
                   ArrayRef<Value> rows, Value column, Value mask) {
  if (!epilogue)
    return result;
  return emitEpilogues(lanes, epilogue, result, operands, rows, column, mask).front();
}

SmallVector<Value> emitEpilogues(const Lanes &lanes, Block *epilogue, ArrayRef<Value> sums,
                                 ArrayRef<Access> operands, ArrayRef<Value> rows, Value column,
                                 Value mask) {
  ElementEmitter emitter(lanes);
  for (auto [argument, sum] : llvm::zip(epilogue->getArguments(), sums))
    emitter.set(argument, sum);
  return emitYielded(emitter, lanes, epilogue, operands, rows, column, mask);
}

} // namespace horn::codegen
