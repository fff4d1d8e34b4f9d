// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops over time: the body becomes launches inside a loop of the driver.
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/codegen/KernelFunction.h"
#include "dialects/horn/HornModuleOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

/// Step `time` (a value of the loop) of a tensor [batch, time, ...].
static View stepOf(FunctionLowering &lowering, const View &sequence, Value time) {
  Driver &driver = lowering.driver;
  Value stride = driver.size(sequence.strides[1]);
  View step = driver.moved(sequence, arith::MulIOp::create(driver.b, driver.loc, time, stride));
  step.shape.erase(step.shape.begin() + 1);
  step.strides.erase(step.strides.begin() + 1);
  return step;
}

/// The time at which round `i` of the loop works.
static Value timeOf(Driver &driver, Value round, Value steps, bool reverse) {
  if (!reverse)
    return round;
  Value last = arith::SubIOp::create(driver.b, driver.loc, steps,
                                     codegen::indexConstant(driver.b, driver.loc, 1));
  return arith::SubIOp::create(driver.b, driver.loc, last, round);
}

namespace {
/// Lowers one scan. Carried values live in buffers that each round reads and overwrites.
class ScanLowering {
public:
  ScanLowering(FunctionLowering &lowering, ir::ScanOp scan)
      : lowering_(lowering), driver_(lowering.driver), scan_(scan), body_(scan.getBody().front()),
        yield_(*body_.getTerminator()), numCarried_(scan.getCarried().size()) {}

  LogicalResult run();

private:
  void start();
  LogicalResult runRound(Value round, Value time);
  /// Lets kernels write what a round yields straight to where it stays, where that is safe.
  void chooseDestinations(Value round);
  bool canOverwrite(size_t index);
  void stackOutputs(Value round);
  void carryOver();
  Value yielded(size_t index) { return yield_.getOperand(index); }
  Value stackedValue(size_t index) { return yielded(numCarried_ + index); }

  FunctionLowering &lowering_;
  Driver &driver_;
  ir::ScanOp scan_;
  Block &body_;
  Operation &yield_;
  size_t numCarried_;
  SmallVector<View> carried_, stacked_;
  SmallVector<bool> isCarriedInPlace_, isStackedInPlace_;
};
} // namespace

void ScanLowering::start() {
  for (auto [i, value] : llvm::enumerate(scan_.getCarried())) {
    carried_.push_back(lowering_.resultView(scan_->getResult(i)));
    lowering_.copy(lowering_.view(value), carried_.back());
  }
  for (Value result : scan_->getResults().drop_front(numCarried_))
    stacked_.push_back(lowering_.resultView(result));
  isCarriedInPlace_.assign(carried_.size(), false);
  isStackedInPlace_.assign(stacked_.size(), false);
}

/// Whether the kernel that computes the new carried value may write over the old one: all readers
/// of the old value ran before it, or it reads just the element that it then writes.
bool ScanLowering::canOverwrite(size_t index) {
  Value old = body_.getArgument(index), next = yielded(index);
  Operation *writer = next.getDefiningOp<ir::FusedOp>();
  if (!writer || writer->getBlock() != &body_ || next.getType() != old.getType() ||
      llvm::is_contained(ValueRange(yield_.getOperands()).take_front(index), next))
    return false;
  return llvm::all_of(old.getUsers(), [&](Operation *user) {
    if (user == writer)
      return isElementwiseGroup(writer);
    // What other ops make of the old value may be views of its memory.
    return isa<ir::FusedOp>(user) && user->getBlock() == &body_ && user->isBeforeInBlock(writer);
  });
}

void ScanLowering::chooseDestinations(Value round) {
  for (size_t i = 0; i < numCarried_; ++i)
    if ((isCarriedInPlace_[i] = canOverwrite(i)))
      lowering_.setDestination(yielded(i), carried_[i]);
  for (auto [i, view] : llvm::enumerate(stacked_)) {
    Value value = stackedValue(i);
    if ((isStackedInPlace_[i] = value.hasOneUse() && value.getDefiningOp<ir::FusedOp>()))
      lowering_.setDestination(value, stepOf(lowering_, view, round));
  }
}

void ScanLowering::stackOutputs(Value round) {
  for (auto [i, view] : llvm::enumerate(stacked_))
    if (!isStackedInPlace_[i])
      lowering_.copy(lowering_.view(stackedValue(i)), stepOf(lowering_, view, round));
}

void ScanLowering::carryOver() {
  // First into fresh memory where a new value is another carried one's old value.
  SmallVector<View> next;
  for (size_t i = 0; i < numCarried_; ++i) {
    View view = lowering_.view(yielded(i));
    bool isOther = isa<BlockArgument>(yielded(i)) && yielded(i) != body_.getArgument(i);
    next.push_back(isOther ? driver_.allocate(view.shape, view.element) : view);
    if (isOther)
      lowering_.copy(view, next.back());
  }
  for (size_t i = 0; i < numCarried_; ++i)
    if (!isCarriedInPlace_[i] && yielded(i) != body_.getArgument(i))
      lowering_.copy(next[i], carried_[i]);
}

LogicalResult ScanLowering::runRound(Value round, Value time) {
  for (auto [i, view] : llvm::enumerate(carried_))
    lowering_.bind(body_.getArgument(i), view);
  for (auto [i, sequence] : llvm::enumerate(scan_.getSequences()))
    lowering_.bind(body_.getArgument(numCarried_ + i),
                   stepOf(lowering_, lowering_.view(sequence), time));
  chooseDestinations(round);
  if (failed(lowering_.lowerBlock(body_)))
    return failure();
  driver_.loc = scan_.getLoc();
  stackOutputs(round);
  carryOver();
  return success();
}

LogicalResult ScanLowering::run() {
  start();
  AffineExpr length = lowering_.shapes.dims(scan_.getSequences().front())[1];
  Value steps = driver_.size(length);
  Value zero = codegen::indexConstant(driver_.b, driver_.loc, 0);
  Value one = codegen::indexConstant(driver_.b, driver_.loc, 1);
  LogicalResult status = success();
  codegen::emitLoop(driver_.b, driver_.loc, zero, steps, one, [&](Value round) {
    status = runRound(round, timeOf(driver_, round, steps, scan_.getReverse()));
  });
  if (failed(status))
    return failure();
  for (auto [i, view] : llvm::enumerate(carried_))
    lowering_.bind(scan_->getResult(i), view);
  for (auto [i, view] : llvm::enumerate(stacked_))
    lowering_.bind(scan_->getResult(numCarried_ + i), view);
  return success();
}

LogicalResult lowerScan(FunctionLowering &lowering, Operation *op) {
  auto scan = cast<ir::ScanOp>(op);
  if (scan.getSequences().empty())
    return op->emitError("a scan without sequences has no length");
  return ScanLowering(lowering, scan).run();
}

} // namespace horn::lowering
