// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/GroupResult.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace horn::lowering {

static Type elementOf(Operation *anchor) {
  return getElementTypeOrSelf(anchor->getResult(0).getType());
}

GroupResult::GroupResult(FunctionLowering &lowering, Operation *fused, Operation *anchor)
    : GroupResult(lowering, fused, anchor, [&](const View &view) {
        return view.element == elementOf(anchor) && hasUnitStride(view);
      }) {}

GroupResult::GroupResult(FunctionLowering &lowering, Operation *fused, Operation *anchor,
                         CanWrite canWrite)
    : lowering_(lowering), body_(epilogueOf(fused, anchor)),
      result_(lowering.resultView(fused->getResult(0))),
      operands_(lowering.operandViews(fused, body_.operands)) {
  Value root = fused->getResult(0);
  lowering.bind(root, result_);
  llvm::ArrayRef<AffineExpr> shape = lowering.shapes.dims(anchor->getResult(0));
  isInKernel_ = lowering.shapes.dims(root) == shape && canWrite(result_);
  target_ = isInKernel_ ? result_ : lowering.driver.allocate(shape, elementOf(anchor));
}

void GroupResult::finish() {
  if (isInKernel_)
    return;
  SmallVector<View> operands = {target_};
  llvm::append_range(operands, operands_);
  lowering_.launchRows(body_.block.get(), blockSignature(*body_.block.get()), operands, result_);
}

} // namespace horn::lowering
