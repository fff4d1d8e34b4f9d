// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/ReduceKernel.h"

#include "compiler/codegen/ElementEmitter.h"
#include "compiler/codegen/KernelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace horn::codegen {

/// Sums that a reduction over many elements keeps apart, so that one addition need not wait for the
/// one before.
static constexpr int64_t kPartialSums = 4;

namespace {
struct ReducePointer {
  Access access;
  Value base;
  SmallVector<Value> outerStrides, reducedStrides;
  Value laneStride;
  Value start; ///< its element at the current task
};

/// A window's axis: position * stride - padding + offset * dilation lies in [0, size).
struct Window {
  Value stride, dilation, padding, size;
};

/// Emits the code of one kernel.
class ReduceEmitter {
public:
  ReduceEmitter(KernelFunction &kernel, const ReduceKernelSpec &spec, unsigned lanes)
      : kernel_(kernel), b_(kernel.b), loc_(kernel.loc), spec_(spec), lanes_(lanes),
        wide_(accumulatorType(spec.element)) {}

  void run();

private:
  void takeArguments();
  void emitTask(Value task);
  void emitPosition(ArrayRef<Value> outer);
  /// Whether the whole window lies inside the operand.
  Value isInside();
  /// The first and one past the last offset of each reduced axis.
  void clipWindows(ArrayRef<Value> outer);
  void emitKeptLanes(bool unrolled);
  void emitReducedLanes();
  /// Loops over the reduced axes from `axis` on, then calls `innermost` with the element offsets of
  /// all operands.
  SmallVector<Value>
  overReduced(unsigned axis, ArrayRef<Value> offsets, ArrayRef<Value> carried,
              llvm::function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> innermost) {
    return overAxes(axis, spec_.reducedAxes, offsets, carried, innermost);
  }
  /// The same over the reduced axes [axis, end).
  SmallVector<Value>
  overAxes(unsigned axis, unsigned end, ArrayRef<Value> offsets, ArrayRef<Value> carried,
           llvm::function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> innermost);
  SmallVector<Value> overPartialSums(const Lanes &lanes, Value lane, Value mask);
  /// The same without loops, for a window of known size.
  SmallVector<Value>
  overWindow(unsigned axis, ArrayRef<Value> offsets, SmallVector<Value> carried,
             llvm::function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> innermost);
  SmallVector<Value> moveOnAxis(unsigned axis, ArrayRef<Value> offsets, Value index);
  /// Joins what the body gives at these offsets to a sum.
  Value accumulate(const Lanes &lanes, Value sum, ArrayRef<Value> offsets, Value lane, Value mask);
  Value bodyValue(const Lanes &lanes, ArrayRef<Value> offsets, Value lane, Value mask);
  void finish(const Lanes &lanes, Value reduced, Value lane, Value mask);
  Value laneOffset(const ReducePointer &pointer, Value lane) {
    return codegen::laneOffset(b_, loc_, pointer.access.lane, lane, pointer.laneStride);
  }

  KernelFunction &kernel_;
  OpBuilder &b_;
  Location loc_;
  const ReduceKernelSpec &spec_;
  unsigned lanes_;
  Type wide_;
  ReducePointer result_;
  SmallVector<ReducePointer> operands_, epilogue_;
  SmallVector<Value> outerSizes_, reducedSizes_, first_, last_;
  SmallVector<Window> windows_;
  Value laneSize_;
  Value laneBegin_, laneEnd_; ///< of the current task
};
} // namespace

void ReduceEmitter::takeArguments() {
  auto point = [&](const Access &access) {
    return ReducePointer{.access = access,
                         .base = kernel_.pointer(),
                         .outerStrides = {},
                         .reducedStrides = {},
                         .laneStride = {},
                         .start = {}};
  };
  result_ = point(spec_.result);
  for (const Access &access : spec_.operands)
    operands_.push_back(point(access));
  for (const Access &access : spec_.epilogueOperands)
    epilogue_.push_back(point(access));
  outerSizes_ = kernel_.sizes(spec_.outerAxes);
  laneSize_ = kernel_.size();
  reducedSizes_ = kernel_.sizes(spec_.reducedAxes);
  auto takeStrides = [&](ReducePointer &pointer, unsigned reducedAxes) {
    pointer.outerStrides = kernel_.sizes(spec_.outerAxes);
    pointer.reducedStrides = kernel_.sizes(reducedAxes);
    if (pointer.access.lane == LaneStride::Strided)
      pointer.laneStride = kernel_.size();
  };
  takeStrides(result_, 0);
  for (ReducePointer &operand : operands_)
    takeStrides(operand, spec_.reducedAxes);
  for (ReducePointer &operand : epilogue_)
    takeStrides(operand, 0);
  windows_.resize(spec_.reducedAxes);
  for (auto [axis, outer] : llvm::enumerate(spec_.window))
    if (outer >= 0) {
      SmallVector<Value> taken = kernel_.sizes(4);
      windows_[axis] = {taken[0], taken[1], taken[2], taken[3]};
    }
}

void ReduceEmitter::run() {
  takeArguments();
  kernel_.forEachTask([&](Value task) { emitTask(task); });
}

void ReduceEmitter::emitTask(Value task) {
  laneBegin_ = indexConstant(b_, loc_, 0);
  laneEnd_ = laneSize_;
  if (spec_.splitsLanes) {
    Value lanes = indexConstant(b_, loc_, lanes_);
    SmallVector<Value> sizes = outerSizes_;
    sizes.push_back(arith::CeilDivUIOp::create(b_, loc_, laneSize_, lanes));
    SmallVector<Value> outer = splitIndex(b_, loc_, task, sizes);
    laneBegin_ = mulIndex(b_, loc_, outer.pop_back_val(), lanes);
    laneEnd_ = arith::MinSIOp::create(b_, loc_, laneSize_, addIndex(b_, loc_, laneBegin_, lanes));
    return emitPosition(outer);
  }
  if (!spec_.loopsOverColumns())
    return emitPosition(splitIndex(b_, loc_, task, outerSizes_));
  SmallVector<Value> rows = splitIndex(b_, loc_, task, ArrayRef(outerSizes_).drop_back());
  emitLoop(b_, loc_, indexConstant(b_, loc_, 0), outerSizes_.back(), indexConstant(b_, loc_, 1),
           [&](Value column) {
             SmallVector<Value> outer = rows;
             outer.push_back(column);
             emitPosition(outer);
           });
}

void ReduceEmitter::emitPosition(ArrayRef<Value> outer) {
  auto locate = [&](ReducePointer &pointer) {
    pointer.start =
        elementAt(b_, loc_, pointer.access.element, pointer.base, outer, pointer.outerStrides);
  };
  locate(result_);
  llvm::for_each(operands_, locate);
  llvm::for_each(epilogue_, locate);
  clipWindows(outer);
  if (spec_.laneAxis == LaneAxis::Reduced)
    return emitReducedLanes();
  if (spec_.windowSizes.empty())
    return emitKeptLanes(/*unrolled=*/false);
  Value inside = isInside();
  if (!inside)
    return emitKeptLanes(/*unrolled=*/true);
  auto branch = scf::IfOp::create(b_, loc_, inside, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b_);
  b_.setInsertionPointToStart(branch.thenBlock());
  emitKeptLanes(/*unrolled=*/true);
  b_.setInsertionPointToStart(branch.elseBlock());
  emitKeptLanes(/*unrolled=*/false);
}

Value ReduceEmitter::isInside() {
  Value inside, zero = indexConstant(b_, loc_, 0);
  auto require = [&](Value x, Value y) {
    Value equal = arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::eq, x, y);
    inside = inside ? Value(arith::AndIOp::create(b_, loc_, inside, equal)) : equal;
  };
  for (unsigned axis = 0; axis < spec_.reducedAxes; ++axis)
    if (spec_.window[axis] >= 0) {
      require(first_[axis], zero);
      require(last_[axis], reducedSizes_[axis]);
    }
  return inside;
}

void ReduceEmitter::clipWindows(ArrayRef<Value> outer) {
  Value zero = indexConstant(b_, loc_, 0);
  first_.assign(spec_.reducedAxes, zero);
  last_ = reducedSizes_;
  for (unsigned axis = 0; axis < spec_.reducedAxes; ++axis) {
    if (spec_.window[axis] < 0)
      continue;
    const Window &w = windows_[axis];
    // The window starts at `start` of the unpadded axis; offsets k with 0 <= start + k * dilation <
    // size count, that is ceil(-start / dilation) <= k < ceil((size - start) / dilation).
    Value start = arith::SubIOp::create(
        b_, loc_, arith::MulIOp::create(b_, loc_, outer[spec_.window[axis]], w.stride), w.padding);
    Value before = arith::SubIOp::create(b_, loc_, zero, start);
    Value after = arith::SubIOp::create(b_, loc_, w.size, start);
    Value low =
        spec_.isDilated ? Value(arith::CeilDivSIOp::create(b_, loc_, before, w.dilation)) : before;
    Value high =
        spec_.isDilated ? Value(arith::CeilDivSIOp::create(b_, loc_, after, w.dilation)) : after;
    first_[axis] = arith::MaxSIOp::create(b_, loc_, low, zero);
    last_[axis] = arith::MaxSIOp::create(
        b_, loc_, first_[axis], arith::MinSIOp::create(b_, loc_, high, reducedSizes_[axis]));
  }
}

SmallVector<Value> ReduceEmitter::overAxes(
    unsigned axis, unsigned end, ArrayRef<Value> offsets, ArrayRef<Value> carried,
    llvm::function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> innermost) {
  if (axis == end)
    return innermost(offsets, carried);
  Value one = indexConstant(b_, loc_, 1);
  return emitLoop(b_, loc_, first_[axis], last_[axis], one, carried,
                  [&](Value i, ValueRange values) {
                    return overAxes(axis + 1, end, moveOnAxis(axis, offsets, i),
                                    llvm::to_vector(values), innermost);
                  });
}

SmallVector<Value> ReduceEmitter::moveOnAxis(unsigned axis, ArrayRef<Value> offsets, Value index) {
  SmallVector<Value> moved;
  for (auto [offset, operand] : llvm::zip(offsets, operands_))
    moved.push_back(
        addIndex(b_, loc_, offset, mulIndex(b_, loc_, index, operand.reducedStrides[axis])));
  return moved;
}

SmallVector<Value> ReduceEmitter::overWindow(
    unsigned axis, ArrayRef<Value> offsets, SmallVector<Value> carried,
    llvm::function_ref<SmallVector<Value>(ArrayRef<Value>, ValueRange)> innermost) {
  if (axis == spec_.reducedAxes)
    return innermost(offsets, carried);
  for (int64_t i = 0; i < spec_.windowSizes[axis]; ++i)
    carried = overWindow(axis + 1, moveOnAxis(axis, offsets, indexConstant(b_, loc_, i)), carried,
                         innermost);
  return carried;
}

Value ReduceEmitter::bodyValue(const Lanes &lanes, ArrayRef<Value> offsets, Value lane,
                               Value mask) {
  ElementEmitter emitter(lanes);
  Value firstLoaded;
  for (auto [i, operand] : llvm::enumerate(operands_)) {
    Value index = addIndex(b_, loc_, offsets[i], laneOffset(operand, lane));
    Value loaded =
        lanes.load(operand.access.element, operand.start, index, operand.access.lane, mask);
    if (spec_.body)
      emitter.set(spec_.body->getArgument(i), loaded);
    else
      firstLoaded = loaded;
  }
  Value value = spec_.body ? emitter.get(spec_.body->getTerminator()->getOperand(0)) : firstLoaded;
  return widen(lanes, value, spec_.element);
}

Value ReduceEmitter::accumulate(const Lanes &lanes, Value sum, ArrayRef<Value> offsets, Value lane,
                                Value mask) {
  if (!spec_.isProduct)
    return join(lanes, spec_.combine, sum, bodyValue(lanes, offsets, lane, mask), wide_);
  SmallVector<Value> factors;
  for (auto [i, operand] : llvm::enumerate(operands_)) {
    Value index = addIndex(b_, loc_, offsets[i], laneOffset(operand, lane));
    factors.push_back(
        lanes.load(operand.access.element, operand.start, index, operand.access.lane, mask));
  }
  return math::FmaOp::create(b_, loc_, factors[0], factors[1], sum);
}

void ReduceEmitter::finish(const Lanes &lanes, Value reduced, Value lane, Value mask) {
  if (spec_.combine.isMean) {
    Value count = spec_.laneAxis == LaneAxis::Reduced ? laneSize_ : indexConstant(b_, loc_, 1);
    for (auto [first, last] : llvm::zip(first_, last_))
      count = mulIndex(b_, loc_, count, arith::SubIOp::create(b_, loc_, last, first));
    Value divisor = arith::SIToFPOp::create(b_, loc_, wide_, count);
    reduced = arith::DivFOp::create(b_, loc_, reduced, lanes.splat(divisor));
  }
  reduced = narrow(lanes, reduced, spec_.element);
  if (spec_.epilogue) {
    ElementEmitter emitter(lanes);
    emitter.set(spec_.epilogue->getArgument(0), reduced);
    for (auto [i, operand] : llvm::enumerate(epilogue_))
      emitter.set(spec_.epilogue->getArgument(i + 1),
                  lanes.load(operand.access.element, operand.start, laneOffset(operand, lane),
                             operand.access.lane, mask));
    reduced = emitter.get(spec_.epilogue->getTerminator()->getOperand(0));
  }
  lanes.store(reduced, result_.start, laneOffset(result_, lane), mask);
}

void ReduceEmitter::emitKeptLanes(bool unrolled) {
  Lanes lanes(b_, loc_, lanes_);
  Value zero = indexConstant(b_, loc_, 0);
  auto block = [&](Value lane, Value mask) {
    SmallVector<Value> offsets(operands_.size(), zero);
    auto step = [&](ArrayRef<Value> at, ValueRange carried) -> SmallVector<Value> {
      return {accumulate(lanes, carried[0], at, lane, mask)};
    };
    SmallVector<Value> identity = {identityOf(lanes, spec_.combine, wide_)};
    SmallVector<Value> sum = unrolled            ? overWindow(0, offsets, identity, step)
                             : spec_.splitsLanes ? overPartialSums(lanes, lane, mask)
                                                 : overReduced(0, offsets, identity, step);
    finish(lanes, sum[0], lane, mask);
  };
  emitVectors(lanes, laneBegin_, laneEnd_, block);
}

/// Reduces over all axes with kPartialSums accumulators that take turns on the innermost one.
SmallVector<Value> ReduceEmitter::overPartialSums(const Lanes &lanes, Value lane, Value mask) {
  unsigned inner = spec_.reducedAxes - 1;
  Value zero = indexConstant(b_, loc_, 0), one = indexConstant(b_, loc_, 1);
  Value turns = indexConstant(b_, loc_, kPartialSums);
  SmallVector<Value> identity(kPartialSums, identityOf(lanes, spec_.combine, wide_));
  auto line = [&](ArrayRef<Value> offsets, ValueRange carried) -> SmallVector<Value> {
    Value rest = arith::RemUIOp::create(b_, loc_, last_[inner], turns);
    Value fullEnd = arith::SubIOp::create(b_, loc_, last_[inner], rest);
    SmallVector<Value> sums = emitLoop(
        b_, loc_, zero, fullEnd, turns, llvm::to_vector(carried), [&](Value i, ValueRange at) {
          SmallVector<Value> next;
          for (int64_t turn = 0; turn < kPartialSums; ++turn) {
            Value element = addIndex(b_, loc_, i, indexConstant(b_, loc_, turn));
            next.push_back(
                accumulate(lanes, at[turn], moveOnAxis(inner, offsets, element), lane, mask));
          }
          return next;
        });
    return emitLoop(b_, loc_, fullEnd, last_[inner], one, sums, [&](Value i, ValueRange at) {
      SmallVector<Value> next = llvm::to_vector(at);
      next[0] = accumulate(lanes, at[0], moveOnAxis(inner, offsets, i), lane, mask);
      return next;
    });
  };
  SmallVector<Value> offsets(operands_.size(), zero);
  SmallVector<Value> sums = overAxes(0, inner, offsets, identity, line);
  Value total = sums[0];
  for (Value sum : ArrayRef(sums).drop_front())
    total = join(lanes, spec_.combine, total, sum, wide_);
  return {total};
}

void ReduceEmitter::emitReducedLanes() {
  Lanes lanes(b_, loc_, lanes_), one(b_, loc_, 1);
  Value zero = indexConstant(b_, loc_, 0);
  SmallVector<Value> offsets(operands_.size(), zero);
  auto row = [&](ArrayRef<Value> at, ValueRange carried) -> SmallVector<Value> {
    return emitVectors(lanes, zero, laneSize_, llvm::to_vector(carried),
                       [&](Value lane, Value mask, ValueRange sums) -> SmallVector<Value> {
                         if (spec_.isProduct) // lanes that are off load 0 and add 0
                           return {accumulate(lanes, sums[0], at, lane, mask)};
                         Value value = bodyValue(lanes, at, lane, mask);
                         if (mask)
                           value = arith::SelectOp::create(b_, loc_, mask, value,
                                                           identityOf(lanes, spec_.combine, wide_));
                         return {join(lanes, spec_.combine, sums[0], value, wide_)};
                       });
  };
  SmallVector<Value> sum = overReduced(0, offsets, {identityOf(lanes, spec_.combine, wide_)}, row);
  finish(one, joinLanes(lanes, spec_.combine, sum[0], wide_), zero, Value());
}

/// Lanes of the kernel: as many as the widest element that lies along them allows.
static unsigned lanesOf(const ReduceKernelSpec &spec, const Target &target) {
  SmallVector<Access> all(spec.operands);
  if (spec.laneAxis == LaneAxis::Kept) {
    llvm::append_range(all, spec.epilogueOperands);
    all.push_back(spec.result);
  }
  return laneCount(target, all);
}

AffineExpr laneTasks(const ReduceKernelSpec &spec, const Target &target, AffineExpr laneSize) {
  return laneSize.ceilDiv(lanesOf(spec, target));
}

void emitReduceKernel(ModuleOp module, StringRef name, Location location,
                      const ReduceKernelSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  ReduceEmitter(kernel, spec, lanesOf(spec, target)).run();
}

} // namespace horn::codegen
