// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/WeightOnly.h"

#include "dialects/horn/HornModuleOps.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

WeightOnly::WeightOnly(func::FuncOp function) {
  // In this order operands come before their users.
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    for (Value result : op->getResults())
      update(result);
  });
}

static bool readsWeight(ReadOp read) {
  auto variable = SymbolTable::lookupNearestSymbolFrom<VariableOp>(read, read.getVariableAttr());
  return variable && variable.getKind() == "weight";
}

void WeightOnly::update(Value value) {
  Operation *op = value.getDefiningOp();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!op || !type || !type.hasStaticShape())
    return;
  auto read = dyn_cast<ReadOp>(op);
  bool isPure = op->getNumRegions() == 0 && mlir::isPure(op) &&
                llvm::all_of(op->getOperands(), [&](Value operand) { return contains(operand); });
  if (read ? readsWeight(read) : isPure)
    values.insert(value);
}
