// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/Epilogue.h"

#include "compiler/codegen/ElementEmitter.h"

using namespace mlir;

namespace horn::codegen {

bool isHeavyEpilogue(Block *epilogue) {
  return epilogue &&
         llvm::any_of(epilogue->without_terminator(), [](Operation &op) { return isHeavy(&op); });
}

/// The value of `body`, whose last arguments are the operands.
static Value emitYielded(ElementEmitter &emitter, const Lanes &lanes, Block *body,
                         ArrayRef<Access> operands, ArrayRef<Value> rows, Value column,
                         Value mask) {
  Value zero = indexConstant(lanes.b, lanes.loc, 0);
  for (auto [argument, access, row] :
       llvm::zip(body->getArguments().take_back(operands.size()), operands, rows))
    emitter.set(argument, lanes.load(access.element, row,
                                     access.lane == LaneStride::Contiguous ? column : zero,
                                     access.lane, mask));
  return emitter.get(body->getTerminator()->getOperand(0));
}

Value emitBody(const Lanes &lanes, Block *body, ArrayRef<Access> operands, ArrayRef<Value> rows,
               Value column, Value mask) {
  ElementEmitter emitter(lanes);
  return emitYielded(emitter, lanes, body, operands, rows, column, mask);
}

Value emitEpilogue(const Lanes &lanes, Block *epilogue, Value result, ArrayRef<Access> operands,
                   ArrayRef<Value> rows, Value column, Value mask) {
  if (!epilogue)
    return result;
  ElementEmitter emitter(lanes);
  emitter.set(epilogue->getArgument(0), result);
  return emitYielded(emitter, lanes, epilogue, operands, rows, column, mask);
}

} // namespace horn::codegen
