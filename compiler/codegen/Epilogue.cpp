// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/Epilogue.h"

#include "compiler/codegen/ElementEmitter.h"

using namespace mlir;

namespace horn::codegen {

bool isHeavyEpilogue(Block *epilogue) {
  return epilogue &&
         llvm::any_of(epilogue->without_terminator(), [](Operation &op) { return isHeavy(&op); });
}

Value emitEpilogue(const Lanes &lanes, Block *epilogue, Value result, ArrayRef<Access> operands,
                   ArrayRef<Value> rows, Value column, Value mask) {
  if (!epilogue)
    return result;
  ElementEmitter emitter(lanes);
  emitter.set(epilogue->getArgument(0), result);
  Value zero = indexConstant(lanes.b, lanes.loc, 0);
  for (auto [argument, access, row] :
       llvm::zip(epilogue->getArguments().drop_front(), operands, rows))
    emitter.set(argument, lanes.load(access.element, row,
                                     access.lane == LaneStride::Contiguous ? column : zero,
                                     access.lane, mask));
  return emitter.get(epilogue->getTerminator()->getOperand(0));
}

} // namespace horn::codegen
