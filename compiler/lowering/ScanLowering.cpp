// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops over time: the body becomes launches inside a loop of the driver.
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/codegen/KernelFunction.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
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
/// How a carried value goes from round to round.
enum class Carry {
  Copy,    ///< what the round yields is copied over the old value
  InPlace, ///< its kernel writes it over the old value
  Turns,   ///< rounds write to one of two buffers and read the other
};

/// Lowers one scan. Carried values live in buffers that each round reads and overwrites.
class ScanLowering {
public:
  ScanLowering(FunctionLowering &lowering, ir::ScanOp scan)
      : lowering_(lowering), driver_(lowering.driver), scan_(scan), body_(scan.getBody().front()),
        yield_(*body_.getTerminator()), numCarried_(scan.getCarried().size()) {}

  /// Makes the memory of what is carried and stacked.
  void start();
  /// The loop; `start` must have run.
  LogicalResult run();
  /// Binds the results.
  void finish();
  ir::ScanOp scan() { return scan_; }

private:
  LogicalResult runRound(Value round, Value time);
  Carry carryOf(size_t index);
  bool canOverwrite(size_t index);
  /// The buffer that rounds with this parity read a value that takes turns in.
  View turn(size_t index, Value parity);
  /// Lets kernels write what a round yields straight to where it stays, where that is safe.
  void setDestinations(Value round);
  void stackOutputs(Value round);
  void carryOver();
  AffineExpr length() { return lowering_.shapes.dims(scan_.getSequences().front())[1]; }
  Value yielded(size_t index) { return yield_.getOperand(index); }
  Value stackedValue(size_t index) { return yielded(numCarried_ + index); }

  FunctionLowering &lowering_;
  Driver &driver_;
  ir::ScanOp scan_;
  Block &body_;
  Operation &yield_;
  size_t numCarried_;
  SmallVector<Carry> carries_;
  SmallVector<View> carried_, stacked_; ///< where values that take turns begin, two buffers
  SmallVector<bool> isStackedInPlace_;
};

/// While it lives, launches go into a team.
class TeamScope {
public:
  explicit TeamScope(Driver &driver);
  ~TeamScope();

private:
  Value limit();
  void meetBetweenLaunches();

  Driver &driver_;
  OpBuilder::InsertionGuard guard_;
  kernel::TeamOp team_;
};
} // namespace

TeamScope::TeamScope(Driver &driver) : driver_(driver), guard_(driver.b) {
  Value unknown = driver.size(driver.scope.constant(1));
  team_ = kernel::TeamOp::create(driver.b, driver.loc, unknown);
  driver.b.setInsertionPointToStart(&team_.getBody().emplaceBlock());
  driver.isInTeam = true;
  driver.teamWork = driver.scope.constant(0);
}

/// The threads that the launch with the most work is worth.
Value TeamScope::limit() {
  OpBuilder &b = driver_.b;
  Value most = codegen::indexConstant(b, driver_.loc, 1);
  llvm::SmallDenseSet<std::pair<Value, Value>> seen;
  team_.walk([&](kernel::LaunchOp launch) {
    if (!seen.insert({launch.getTasks(), launch.getGrain()}).second)
      return;
    Value parts = arith::DivSIOp::create(b, driver_.loc, launch.getTasks(), launch.getGrain());
    most = arith::MaxSIOp::create(b, driver_.loc, most, parts);
  });
  return most;
}

/// With several launches a step, such as copies beside a cell, all wait for all.
void TeamScope::meetBetweenLaunches() {
  SmallVector<kernel::LaunchOp> launches;
  team_.walk([&](kernel::LaunchOp launch) { launches.push_back(launch); });
  if (launches.size() > 1)
    for (kernel::LaunchOp launch : launches)
      launch.removeApartAttr();
}

TeamScope::~TeamScope() {
  driver_.isInTeam = false;
  meetBetweenLaunches();
  driver_.b.setInsertionPoint(driver_.teams ? driver_.teams : team_);
  team_.getLimitMutable().assign(limit());
}

void ScanLowering::start() {
  ir::ShapeScope &scope = driver_.scope;
  for (auto [i, value] : llvm::enumerate(scan_.getCarried())) {
    carries_.push_back(carryOf(i));
    View first = lowering_.view(value);
    if (carries_.back() == Carry::Turns) {
      Dims both(first.shape);
      both.insert(both.begin(), scope.constant(2));
      carried_.push_back(driver_.allocate(both, first.element));
      lowering_.copy(first, turn(i, codegen::indexConstant(driver_.b, driver_.loc, 0)));
    } else {
      carried_.push_back(lowering_.resultView(scan_->getResult(i)));
      lowering_.copy(first, carried_.back());
    }
  }
  for (Value result : scan_->getResults().drop_front(numCarried_))
    stacked_.push_back(lowering_.resultViewThroughReverse(result));
  isStackedInPlace_.assign(stacked_.size(), false);
}

View ScanLowering::turn(size_t index, Value parity) {
  const View &both = carried_[index];
  Value stride = driver_.size(both.strides.front());
  View one = driver_.moved(both, arith::MulIOp::create(driver_.b, driver_.loc, parity, stride));
  one.shape.erase(one.shape.begin());
  one.strides.erase(one.strides.begin());
  return one;
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
      return readsOwnElements(writer, old);
    // What other ops make of the old value may be views of its memory.
    return isa<ir::FusedOp>(user) && user->getBlock() == &body_ && user->isBeforeInBlock(writer);
  });
}

Carry ScanLowering::carryOf(size_t index) {
  Value old = body_.getArgument(index), next = yielded(index);
  if (canOverwrite(index))
    return Carry::InPlace;
  Operation *writer = next.getDefiningOp<ir::FusedOp>();
  bool isWritten = writer && writer->getBlock() == &body_ && next.getType() == old.getType() &&
                   !llvm::is_contained(ValueRange(yield_.getOperands()).take_front(index), next);
  return isWritten ? Carry::Turns : Carry::Copy;
}

/// round % 2, or that of the next round.
static Value parityOf(Driver &driver, Value round, int64_t ahead) {
  Value one = codegen::indexConstant(driver.b, driver.loc, 1);
  Value number = codegen::addIndex(driver.b, driver.loc, round,
                                   codegen::indexConstant(driver.b, driver.loc, ahead));
  return arith::AndIOp::create(driver.b, driver.loc, number, one);
}

void ScanLowering::setDestinations(Value round) {
  for (auto [i, carry] : llvm::enumerate(carries_))
    if (carry == Carry::InPlace)
      lowering_.setDestination(yielded(i), carried_[i]);
    else if (carry == Carry::Turns)
      lowering_.setDestination(yielded(i), turn(i, parityOf(driver_, round, 1)));
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
    if (carries_[i] == Carry::Copy && yielded(i) != body_.getArgument(i))
      lowering_.copy(next[i], carried_[i]);
}

LogicalResult ScanLowering::runRound(Value round, Value time) {
  for (auto [i, carry] : llvm::enumerate(carries_))
    lowering_.bind(body_.getArgument(i),
                   carry == Carry::Turns ? turn(i, parityOf(driver_, round, 0)) : carried_[i]);
  for (auto [i, sequence] : llvm::enumerate(scan_.getSequences()))
    lowering_.bind(body_.getArgument(numCarried_ + i),
                   stepOf(lowering_, lowering_.view(sequence), time));
  setDestinations(round);
  if (failed(lowering_.lowerBlock(body_)))
    return failure();
  driver_.loc = scan_.getLoc();
  stackOutputs(round);
  carryOver();
  return success();
}

LogicalResult ScanLowering::run() {
  Value zero = codegen::indexConstant(driver_.b, driver_.loc, 0);
  Value one = codegen::indexConstant(driver_.b, driver_.loc, 1);
  Value steps = driver_.size(length());
  AffineExpr before = driver_.teamWork;
  LogicalResult status = success();
  codegen::emitLoop(driver_.b, driver_.loc, zero, steps, one, [&](Value round) {
    status = runRound(round, timeOf(driver_, round, steps, scan_.getReverse()));
  });
  driver_.teamWork = before + (driver_.teamWork - before) * length();
  return status;
}

void ScanLowering::finish() {
  driver_.loc = scan_.getLoc();
  for (auto [i, view] : llvm::enumerate(carried_)) {
    Value result = scan_->getResult(i);
    if (carries_[i] != Carry::Turns) {
      lowering_.bind(result, view);
    } else if (!result.use_empty()) {
      View last = lowering_.resultView(result);
      lowering_.copy(turn(i, parityOf(driver_, driver_.size(length()), 0)), last);
      lowering_.bind(result, last);
    }
  }
  for (auto [i, view] : llvm::enumerate(stacked_))
    lowering_.bind(scan_->getResult(numCarried_ + i), view);
}

/// About how many nanoseconds the launches of the team that ended last take one thread.
static Value nanoseconds(Driver &driver) {
  return driver.size(driver.teamWork.floorDiv(kWorkPerNanosecond));
}

static LogicalResult runInTeam(Driver &driver, ScanLowering &loop) {
  driver.loc = loop.scan().getLoc();
  TeamScope team(driver);
  llvm::SaveAndRestore rows(driver.areRowsApart, areRowsApart(loop.scan()));
  return loop.run();
}

/// Loops that may run at the same time, each by a team of its own.
static LogicalResult runTeams(Driver &driver, MutableArrayRef<ScanLowering> loops) {
  auto teams = kernel::TeamsOp::create(driver.b, driver.loc, ValueRange());
  OpBuilder::InsertionGuard guard(driver.b);
  Block &body = teams.getBody().emplaceBlock();
  llvm::SaveAndRestore<Operation *> around(driver.teams, teams);
  for (ScanLowering &loop : loops) {
    driver.b.setInsertionPointToEnd(&body);
    if (failed(runInTeam(driver, loop)))
      return failure();
    teams.getNanosecondsMutable().append(nanoseconds(driver));
  }
  return success();
}

LogicalResult lowerScans(FunctionLowering &lowering, ArrayRef<ir::ScanOp> scans) {
  Driver &driver = lowering.driver;
  SmallVector<ScanLowering, 2> loops;
  for (ir::ScanOp scan : scans) {
    if (scan.getSequences().empty())
      return scan.emitError("a scan without sequences has no length");
    driver.loc = scan.getLoc();
    loops.emplace_back(lowering, scan).start();
  }
  LogicalResult status = driver.isInTeam     ? loops.front().run()
                         : loops.size() == 1 ? runInTeam(driver, loops.front())
                                             : runTeams(driver, loops);
  if (failed(status))
    return failure();
  for (ScanLowering &loop : loops)
    loop.finish();
  return success();
}

} // namespace horn::lowering
