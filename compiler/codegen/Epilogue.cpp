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
  return emitEpilogues(lanes, epilogue, result, operands, rows, column, mask).front();
}

SmallVector<Value> emitEpilogues(const Lanes &lanes, Block *epilogue, ArrayRef<Value> sums,
                                 ArrayRef<Access> operands, ArrayRef<Value> rows, Value column,
                                 Value mask) {
  ElementEmitter emitter(lanes);
  for (auto [argument, sum] : llvm::zip(epilogue->getArguments(), sums))
    emitter.set(argument, sum);
  Value zero = indexConstant(lanes.b, lanes.loc, 0);
  for (auto [argument, access, row] :
       llvm::zip(epilogue->getArguments().drop_front(sums.size()), operands, rows))
    emitter.set(argument, lanes.load(access.element, row,
                                     access.lane == LaneStride::Contiguous ? column : zero,
                                     access.lane, mask));
  SmallVector<Value> results;
  for (Value result : epilogue->getTerminator()->getOperands())
    results.push_back(emitter.get(result));
  return results;
}

} // namespace horn::codegen
