// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/Loops.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

bool horn::setsVariables(Operation *op) {
  return op
      ->walk([](Operation *inner) {
        return isa<AssignOp, KeepOp>(inner) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

bool horn::usesResultsOf(Operation *op, const llvm::SmallPtrSetImpl<Operation *> &producers) {
  auto isOfProducer = [&](Value value) {
    return value.getDefiningOp() && producers.contains(value.getDefiningOp());
  };
  return op
      ->walk([&](Operation *inner) {
        bool found = llvm::any_of(inner->getOperands(), isOfProducer);
        return found ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

SmallVector<ScanOp> horn::loopsSideBySide(ScanOp first) {
  SmallVector<ScanOp> loops = {first};
  llvm::SmallPtrSet<Operation *, 8> producers = {first};
  if (setsVariables(first))
    return loops;
  auto next = dyn_cast<ScanOp>(first->getNextNode());
  while (next && !setsVariables(next) && !usesResultsOf(next, producers)) {
    loops.push_back(next);
    producers.insert(next);
    next = dyn_cast<ScanOp>(next->getNextNode());
  }
  return loops;
}
