// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/ShapeRules.h"

using namespace mlir;

namespace horn::ir {

LogicalResult BitcastOp::verify() {
  Type from = getElementTypeOrSelf(getX().getType()), to = getDtype();
  if (from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth() || from.isInteger(1))
    return emitOpError("needs types of equal width, not ") << from << " and " << to;
  return success();
}

} // namespace horn::ir

#define GET_OP_CLASSES
#include "dialects/horn/HornElementwiseOps.cpp.inc"
