// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass kernel-acquire-variables.
#include "compiler/memory/Passes.h"
#include "dialects/horn/Horn.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace horn::memory {

#define GEN_PASS_DEF_KERNELACQUIREVARIABLES
#include "compiler/memory/Passes.h.inc"

namespace {
/// The first and the last op of a block that have to do with a pointer, loops as a whole.
struct Uses {
  Operation *first = nullptr, *last = nullptr;

  void add(Operation *op) {
    if (!first || op->isBeforeInBlock(first))
      first = op;
    if (!last || last->isBeforeInBlock(op))
      last = op;
  }
};
} // namespace

/// The uses of a pointer and of those made from it. A pointer that leaves a loop is in use to the
/// end.
static Uses findUses(Value pointer, Block *block) {
  Uses uses;
  SmallVector<Value> pointers = {pointer};
  while (!pointers.empty())
    for (Operation *user : pointers.pop_back_val().getUsers()) {
      uses.add(block->findAncestorOpInBlock(*user));
      if (user->hasTrait<OpTrait::IsTerminator>())
        uses.add(block->getTerminator()->getPrevNode());
      llvm::append_range(pointers, user->getResults());
    }
  return uses;
}

/// Takes the variable of `weight` in front of its first use and releases it behind its last.
static void acquire(kernel::WeightOp weight) {
  Uses uses = findUses(weight.getPointer(), weight->getBlock());
  OpBuilder b(uses.first);
  Value pointer =
      kernel::AcquireOp::create(b, weight.getLoc(), weight.getType(), weight.getVariableAttr());
  weight.replaceAllUsesWith(pointer);
  b.setInsertionPointAfter(uses.last);
  kernel::ReleaseOp::create(b, weight.getLoc(), weight.getVariableAttr());
  weight.erase();
}

namespace {
struct KernelAcquireVariables : impl::KernelAcquireVariablesBase<KernelAcquireVariables> {
  void runOnOperation() override {
    auto prepare = getOperation().lookupSymbol<func::FuncOp>(ir::kPrepare);
    if (!prepare)
      return;
    // One op a variable, at the start: so it is taken once.
    llvm::MapVector<StringAttr, kernel::WeightOp> weights;
    for (auto weight : llvm::make_early_inc_range(prepare.getOps<kernel::WeightOp>())) {
      auto [first, isNew] = weights.try_emplace(weight.getVariableAttr().getAttr(), weight);
      if (isNew)
        continue;
      weight.replaceAllUsesWith(first->second.getPointer());
      weight.erase();
    }
    for (auto [name, weight] : weights) {
      auto variable = getOperation().lookupSymbol<ir::VariableOp>(name);
      if (variable && variable.getKind() == "weight" && !weight->use_empty())
        acquire(weight);
    }
  }
};
} // namespace

} // namespace horn::memory
