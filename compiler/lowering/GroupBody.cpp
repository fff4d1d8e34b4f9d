// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/GroupBody.h"

#include "dialects/horn/HornModuleOps.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace horn::lowering {

namespace {
/// Copies what a value needs into a body.
class BodyBuilder {
public:
  BodyBuilder(GroupBody &body, Operation *fused)
      : body_(body), fused_(fused), b_(body.block.builder(fused->getContext())) {}

  void setAnchor(Value result) {
    mapping_.map(result, body_.block->addArgument(result.getType(), result.getLoc()));
  }

  Value get(Value value) {
    if (Value known = mapping_.lookupOrNull(value))
      return known;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      body_.operands.push_back(argument.getArgNumber());
      mapping_.map(value, body_.block->addArgument(value.getType(), value.getLoc()));
    } else {
      for (Value operand : value.getDefiningOp()->getOperands())
        get(operand);
      b_.clone(*value.getDefiningOp(), mapping_);
      body_.isEmpty = false;
    }
    return mapping_.lookup(value);
  }

  void finish(Value root) {
    Value value = get(root);
    ir::YieldOp::create(b_, fused_->getLoc(), value);
  }

private:
  GroupBody &body_;
  Operation *fused_;
  OpBuilder b_;
  IRMapping mapping_;
};
} // namespace

GroupBody epilogueOf(Operation *fused, Operation *anchor) {
  return bodyBetween(fused, anchor, fused->getRegion(0).front().getTerminator()->getOperand(0));
}

GroupBody bodyBetween(Operation *fused, Operation *anchor, Value value) {
  GroupBody body;
  BodyBuilder builder(body, fused);
  builder.setAnchor(anchor->getResult(0));
  builder.finish(value);
  return body;
}

GroupBody prologueOf(Operation *fused, Value value) {
  GroupBody body;
  BodyBuilder(body, fused).finish(value);
  return body;
}

} // namespace horn::lowering
