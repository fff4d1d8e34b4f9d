// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Puts loops over time that do not depend on one another side by side.
#include "compiler/analysis/Loops.h"
#include "compiler/graph/Passes.h"
#include "compiler/support/Remarks.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_GATHERSCANS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-gather-scans";

/// What loops work on is in memory as long as any of them runs.
static constexpr size_t kMostLoops = 8;

namespace {
/// A loop and those behind it that need nothing of it or of each other.
class Gathering {
public:
  explicit Gathering(ScanOp first) : loops_({first}), needLoops_({first}) { find(); }

  ArrayRef<ScanOp> loops() const { return loops_; }
  /// Puts them in front of the last of them, and what needs them behind it.
  void move();

private:
  void find();

  SmallVector<ScanOp> loops_;
  llvm::SmallPtrSet<Operation *, 32> needLoops_; ///< the loops, and what needs one of them
};
} // namespace

void Gathering::find() {
  if (setsVariables(loops_.front()))
    return;
  for (Operation *op = loops_.front()->getNextNode(); op && !setsVariables(op);
       op = op->getNextNode()) {
    auto loop = dyn_cast<ScanOp>(op);
    if (usesResultsOf(op, needLoops_))
      needLoops_.insert(op);
    else if (loop && loops_.size() < kMostLoops)
      loops_.push_back(loop), needLoops_.insert(op);
  }
}

void Gathering::move() {
  SmallVector<Operation *> after;
  Operation *last = loops_.back();
  for (Operation *op = loops_.front()->getNextNode(); op != last; op = op->getNextNode())
    if (needLoops_.contains(op) && !llvm::is_contained(loops_, op))
      after.push_back(op);
  for (Operation *op : llvm::reverse(after))
    op->moveAfter(last);
  for (ScanOp loop : ArrayRef(loops_).drop_back())
    loop->moveBefore(last);
}

namespace {
struct GatherScans : graph::impl::GatherScansBase<GatherScans> {
  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    llvm::SmallPtrSet<Operation *, 8> gathered;
    // Loops inside of loops are left to the team of the outer one.
    for (ScanOp first : llvm::to_vector(getOperation().getBody().front().getOps<ScanOp>())) {
      if (gathered.contains(first))
        continue;
      Gathering gathering(first);
      if (gathering.loops().size() < 2)
        continue;
      for (ScanOp loop : gathering.loops()) {
        gathered.insert(loop);
        if (loop != first)
          remarkApplied(loop, kPass, Twine(layerName(loop)) + " runs beside " + layerName(first));
      }
      gathering.move();
    }
  }
};
} // namespace
