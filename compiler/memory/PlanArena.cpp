// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass kernel-plan-arena.
#include "compiler/memory/Lifetimes.h"
#include "compiler/memory/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/CSE.h"

#include <numeric>

using namespace mlir;

namespace horn::memory {

#define GEN_PASS_DEF_KERNELPLANARENA
#include "compiler/memory/Passes.h.inc"

//===--- placement
//-----------------------------------------------------------------------------===//

namespace {
/// A buffer's place, and those that it lies on.
struct Place {
  int64_t nominalOffset = 0;
  SmallVector<unsigned> below; ///< it starts where the last of these ends
  bool isCovered = false;      ///< another lies on it, so the arena does not end with it
};
} // namespace

/// The lowest offset at which `bytes` are free among places taken: `taken` has (offset, end) pairs.
static int64_t firstFit(SmallVector<std::pair<int64_t, int64_t>> taken, int64_t bytes) {
  llvm::sort(taken);
  int64_t offset = 0;
  for (auto [begin, end] : taken) {
    if (begin >= offset + bytes)
      break;
    offset = std::max(offset, end);
  }
  return offset;
}

/// Places buffers by decreasing nominal size.
static std::vector<Place> placeNominally(ArrayRef<Lifetime> lifetimes) {
  std::vector<Place> places(lifetimes.size());
  SmallVector<unsigned> order(lifetimes.size()), placed;
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(-lifetimes[a].nominalBytes, a) < std::pair(-lifetimes[b].nominalBytes, b);
  });
  for (unsigned i : order) {
    SmallVector<std::pair<int64_t, int64_t>> taken;
    for (unsigned j : placed)
      if (lifetimes[i].meets(lifetimes[j]))
        taken.emplace_back(places[j].nominalOffset,
                           places[j].nominalOffset + lifetimes[j].nominalBytes);
    places[i].nominalOffset = firstFit(std::move(taken), lifetimes[i].nominalBytes);
    placed.push_back(i);
  }
  return places;
}

/// Finds what each buffer must lie above at all sizes: those that live with it and lie below it at
/// the nominal sizes. Left out are those that something else in between lies on.
static void findBelow(std::vector<Place> &places, ArrayRef<Lifetime> lifetimes) {
  auto isBelow = [&](unsigned low, unsigned high) {
    return lifetimes[low].meets(lifetimes[high]) &&
           places[low].nominalOffset < places[high].nominalOffset;
  };
  unsigned count = lifetimes.size();
  for (unsigned i = 0; i < count; ++i) {
    SmallVector<unsigned> all;
    for (unsigned j = 0; j < count; ++j)
      if (isBelow(j, i))
        all.push_back(j);
    for (unsigned j : all) {
      places[j].isCovered = true;
      if (llvm::none_of(all, [&](unsigned between) { return isBelow(j, between); }))
        places[i].below.push_back(j);
    }
  }
}

//===--- the planning function
//-----------------------------------------------------------------===//

namespace {
/// Writes the function that computes the plan at run time.
class PlanWriter {
public:
  PlanWriter(func::FuncOp driver, ArrayRef<Lifetime> lifetimes, ArrayRef<Place> places)
      : builder(driver->getBlock(), std::next(driver->getIterator())), loc(driver.getLoc()),
        lifetimes(lifetimes), places(places) {}

  func::FuncOp write(StringRef name);

private:
  Value constant(int64_t value);
  Value copy(Value value);
  Value roundedBytes(unsigned index);
  Value endOf(Value offset, Value bytes);
  Value latestEnd(ArrayRef<unsigned> indices);

  OpBuilder builder;
  Location loc;
  ArrayRef<Lifetime> lifetimes;
  ArrayRef<Place> places;
  IRMapping copied;
  DenseMap<int64_t, Value> constants;
  DenseMap<Value, Value> rounded;                ///< sizes by the driver's
  DenseMap<std::pair<Value, Value>, Value> sums; ///< so that equal ends are one value
  SmallVector<Value> ends;
};
} // namespace

/// Copies the arithmetic behind a value of the driver.
Value PlanWriter::copy(Value value) {
  if (Value found = copied.lookupOrNull(value))
    return found;
  Operation *op = value.getDefiningOp();
  for (Value operand : op->getOperands())
    copy(operand);
  Operation *made = builder.clone(*op, copied);
  SmallVector<Value> folded;
  if (succeeded(builder.tryFold(made, folded)) && !folded.empty()) {
    copied.map(value, folded.front());
    made->erase();
  }
  return copied.lookup(value);
}

Value PlanWriter::constant(int64_t value) {
  Value &made = constants[value];
  if (!made)
    made = arith::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
  return made;
}

Value PlanWriter::roundedBytes(unsigned index) {
  kernel::BufferOp buffer = lifetimes[index].buffer;
  Value &made = rounded[buffer.getBytes()];
  if (made)
    return made;
  Value bytes = copy(buffer.getBytes());
  Value sum = builder.createOrFold<arith::AddIOp>(loc, bytes, constant(kAlignment - 1));
  return made = builder.createOrFold<arith::AndIOp>(loc, sum, constant(-kAlignment));
}

Value PlanWriter::endOf(Value offset, Value bytes) {
  Value &made = sums[{offset, bytes}];
  if (!made)
    made = builder.createOrFold<arith::AddIOp>(loc, offset, bytes);
  return made;
}

Value PlanWriter::latestEnd(ArrayRef<unsigned> indices) {
  llvm::SmallSetVector<Value, 8> distinct;
  for (unsigned index : indices)
    distinct.insert(ends[index]);
  if (distinct.empty())
    return constant(0);
  Value latest = distinct.front();
  for (Value end : ArrayRef(distinct.getArrayRef()).drop_front())
    latest = builder.createOrFold<arith::MaxSIOp>(loc, latest, end);
  return latest;
}

func::FuncOp PlanWriter::write(StringRef name) {
  Type pointer = LLVM::LLVMPointerType::get(builder.getContext());
  auto type = builder.getFunctionType({pointer, pointer}, {builder.getI64Type()});
  auto function = func::FuncOp::create(builder, loc, name, type);
  builder.setInsertionPointToStart(function.addEntryBlock());

  // From the bottom up: what a buffer lies on has been placed before it.
  SmallVector<unsigned> order(places.size()), outermost;
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(places[a].nominalOffset, a) < std::pair(places[b].nominalOffset, b);
  });
  ends.resize(places.size());
  for (unsigned i : order) {
    Value offset = latestEnd(places[i].below);
    ends[i] = endOf(offset, roundedBytes(i));
    kernel::StoreOp::create(builder, loc, offset, function.getArgument(1), constant(i), Value());
    if (!places[i].isCovered)
      outermost.push_back(i);
  }
  func::ReturnOp::create(builder, loc, latestEnd(outermost));
  return function;
}

//===--- the pass
//------------------------------------------------------------------------------===//

/// Merges equal sizes and drops unused constants.
static void simplify(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  DominanceInfo dominance(function);
  eliminateCommonSubExpressions(rewriter, dominance, function);
}

static int64_t arenaBytes(ArrayRef<Lifetime> lifetimes, ArrayRef<Place> places) {
  int64_t bytes = 0;
  for (auto [lifetime, place] : llvm::zip_equal(lifetimes, places))
    bytes = std::max(bytes, place.nominalOffset + lifetime.nominalBytes);
  return bytes;
}

static LogicalResult planDriver(func::FuncOp driver, ModuleOp module) {
  std::vector<Lifetime> lifetimes = findLifetimes(driver);
  if (failed(setNominalBytes(lifetimes, module)))
    return failure();
  std::vector<Place> places = placeNominally(lifetimes);
  findBelow(places, lifetimes);

  OpBuilder builder(driver);
  for (auto [index, lifetime] : llvm::enumerate(lifetimes))
    lifetime.buffer.setIndex(index);
  driver->setAttr("kernel.arena_bytes", builder.getI64IntegerAttr(arenaBytes(lifetimes, places)));
  driver->setAttr("kernel.row_bytes", builder.getI64IntegerAttr(bytesPerRow(lifetimes)));
  driver->setAttr("kernel.live_bytes", builder.getI64IntegerAttr(peakBytes(lifetimes)));
  std::string name = driver.getName() == "forward" ? "plan" : (driver.getName() + "_plan").str();
  simplify(PlanWriter(driver, lifetimes, places).write(name));
  return success();
}

namespace {
struct KernelPlanArena : impl::KernelPlanArenaBase<KernelPlanArena> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      bool isDriver = !function->hasAttr(kernel::kKernelAttr) && function.getNumArguments() == 0 &&
                      function.getNumResults() == 0;
      if (isDriver && failed(planDriver(function, module)))
        return signalPassFailure();
    }
  }
};
} // namespace

} // namespace horn::memory
