// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/DepthwiseKernel.h"

#include "compiler/codegen/Epilogue.h"
#include "compiler/codegen/KernelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <set>

using namespace mlir;

namespace horn::codegen {

unsigned depthwiseColumns(std::optional<int64_t> outputColumns, int64_t window,
                          unsigned registers) {
  // Sums and weights stay in registers, beside an input and what the epilogue needs.
  constexpr int64_t kFewest = 4, kMost = 8;
  int64_t most = std::min<int64_t>(kMost, static_cast<int64_t>(registers) - window - 3);
  if (most < kFewest)
    return 0;
  int64_t best = most;
  auto waste = [&](int64_t columns) { return llvm::alignTo(*outputColumns, columns); };
  for (int64_t columns = most; outputColumns && columns >= kFewest; --columns)
    if (waste(columns) < waste(best))
      best = columns;
  return static_cast<unsigned>(best);
}

namespace {
/// A tensor [n, spatial..., c].
struct Image {
  Type element;
  Value base;
  SmallVector<Value> strides; ///< without that of the channels, which is 1
};

/// An axis of the window but the last.
struct Axis {
  Value window, stride, dilation;
  Value first, last; ///< offsets of the current task that lie inside
};

/// Emits the code of one kernel, or of a part of one.
class DepthwiseEmitter : public DepthwiseLines {
public:
  DepthwiseEmitter(KernelFunction &kernel, const DepthwiseSpec &spec, unsigned lanes)
      : b_(kernel.b), loc_(kernel.loc), kernel_(kernel), spec_(spec),
        lanes_(kernel.b, kernel.loc, lanes),
        inputLanes_(kernel.b, kernel.loc, isGrouped() ? spec.group.inputLanes(lanes) : lanes) {}

  void run();
  void takePointers() override;
  void takeSizes() override;
  Value columns() const override { return positions_.back(); }
  void emitLine(Value line, Value target, Value stride) override;

private:
  void emitTask(Value task);
  /// Computes all columns of a line, whose position is [n, spatial... but the last].
  void emitBlocks(ArrayRef<Value> line);
  /// Computes the columns from a position [n, spatial...] on.
  void emitBlock(SmallVector<Value> at);
  void clip(unsigned axis, Value position);
  /// Whether the windows of all columns of the task lie inside on the last axis.
  Value isInside();
  void emitChannels(bool inside);
  /// The sums of all columns at a vector of channels, then their epilogue.
  void emitColumns(bool inside, Value channel, Value mask);
  /// Adds the lines of the window on the axes from `axis` on.
  SmallVector<Value> addLines(unsigned axis, bool inside, Value line, Value weights,
                              ArrayRef<Value> sums, Value channel, Value mask);
  /// Adds one line of the window; `line` and `weights` point at its first column's first channel.
  SmallVector<Value> addLine(bool inside, Value line, Value weights, ArrayRef<Value> sums,
                             Value channel, Value mask);
  void storeLight(bool inside, ArrayRef<Value> sums, Value channel, Value mask);
  /// Stores all columns and adds their results to the sums of the line.
  void storeSummed(bool inside, ArrayRef<Value> sums, Value channel, Value mask);
  /// Stores the columns that exist by a loop over the sums in scratch memory; returns `lineSum`, if
  /// it is given, with the results added.
  Value storeInLoop(ArrayRef<Value> sums, Value channel, Value mask, Value lineSum);
  /// The epilogue of a sum, which it returns, and its store.
  Value finish(Value sum, Value column, Value channel, Value mask);
  void clearLineSums();
  /// Decides on the input columns of the task, some of which may be outside.
  void placeColumns();
  Value inputMask(bool inside, int64_t offset, Value channel, Value mask);
  /// Where the inputs of the group of filter `channel` begin.
  Value firstInputOf(Value channel);
  /// Input i of its group for each filter, from the inputs of all groups of a vector.
  Value spread(Value inputs, int64_t i);
  /// An input in all lanes; 0 outside.
  Value loadForAll(bool inside, int64_t offset, Value pixel, Value at);
  bool isGrouped() const { return spec_.group.inputs != 1 || spec_.group.filters != 1; }

  Value index(int64_t value) { return indexConstant(b_, loc_, value); }
  Value add(Value x, Value y) { return addIndex(b_, loc_, x, y); }
  Value mul(Value x, Value y) { return mulIndex(b_, loc_, x, y); }
  Value sub(Value x, Value y) { return arith::SubIOp::create(b_, loc_, x, y); }
  Value compare(arith::CmpIPredicate how, Value x, Value y) {
    return arith::CmpIOp::create(b_, loc_, how, x, y);
  }
  Value moved(Type element, Value base, Value offset) {
    return elementAt(b_, loc_, element, base, {offset}, {index(1)});
  }
  unsigned last() const { return spec_.spatialAxes - 1; }

  OpBuilder &b_;
  Location loc_;
  KernelFunction &kernel_;
  const DepthwiseSpec &spec_;
  Lanes lanes_, inputLanes_;
  Image y_, x_, k_;
  Image lineSums_; ///< without the last spatial axis
  SmallVector<Image> epilogue_;
  Value batch_, channels_, shareChannels_;
  SmallVector<Value> positions_, inputSizes_, paddings_;
  SmallVector<Axis> axes_;
  bool isHeavy_ = false;
  Value scratch_; ///< [columns, lanes] of sums, if the epilogue is heavy
  // The current task:
  Value firstChannel_, endChannel_;
  Value firstColumn_;          ///< of the output
  Value firstInput_;           ///< column of the input where its window starts; may be < 0
  Value count_;                ///< columns that exist
  Value xStart_;               ///< the window's first element, which may be outside
  Value lineSum_;              ///< element 0 of the sums of its line
  SmallVector<Value> targets_; ///< y and the epilogue operands, at the first column
  /// An input column: whether it is inside, and the offset to read at, which always is.
  struct Column {
    Value isInside, offset;
  };
  llvm::SmallDenseMap<int64_t, Column> columnAt_; ///< by offset from firstInput_
};
} // namespace

void DepthwiseEmitter::takePointers() {
  y_.element = x_.element = k_.element = spec_.element;
  for (Image *image : {&x_, &k_})
    image->base = kernel_.pointer();
  for (const Access &access : spec_.epilogueOperands)
    epilogue_.push_back({access.element, kernel_.pointer(), {}});
}

void DepthwiseEmitter::takeSizes() {
  batch_ = kernel_.size();
  positions_ = kernel_.sizes(spec_.spatialAxes);
  channels_ = kernel_.size();
  inputSizes_ = kernel_.sizes(spec_.spatialAxes);
  paddings_ = kernel_.sizes(spec_.spatialAxes);
  for (unsigned axis = 0; axis < last(); ++axis) {
    SmallVector<Value> taken = kernel_.sizes(3);
    axes_.push_back({taken[0], taken[1], taken[2], {}, {}});
  }
  x_.strides = kernel_.sizes(spec_.spatialAxes + 1);
  k_.strides = kernel_.sizes(spec_.spatialAxes + 2);
  for (Image &operand : epilogue_)
    operand.strides = kernel_.sizes(spec_.spatialAxes + 1);
  isHeavy_ = isHeavyEpilogue(spec_.epilogue);
  if (isHeavy_ || spec_.sumsLines)
    scratch_ = kernel_.scratch(spec_.element, spec_.columns * lanes_.count);
}

void DepthwiseEmitter::run() {
  takePointers();
  y_.base = kernel_.pointer();
  if (spec_.sumsLines)
    lineSums_ = {spec_.element, kernel_.pointer(), {}};
  takeSizes();
  shareChannels_ = kernel_.size();
  y_.strides = kernel_.sizes(spec_.spatialAxes + 1);
  if (spec_.sumsLines)
    lineSums_.strides = kernel_.sizes(spec_.spatialAxes);
  kernel_.forEachTask([&](Value task) { emitTask(task); });
}

void DepthwiseEmitter::emitTask(Value task) {
  SmallVector<Value> sizes = {arith::CeilDivUIOp::create(b_, loc_, channels_, shareChannels_),
                              batch_};
  llvm::append_range(sizes, ArrayRef(positions_).drop_back());
  if (!spec_.sumsLines)
    sizes.push_back(arith::CeilDivUIOp::create(b_, loc_, positions_.back(), index(spec_.columns)));
  SmallVector<Value> at = splitIndex(b_, loc_, task, sizes);
  firstChannel_ = mul(at.front(), shareChannels_);
  endChannel_ = arith::MinSIOp::create(b_, loc_, channels_, add(firstChannel_, shareChannels_));
  at.erase(at.begin());
  if (spec_.sumsLines) {
    lineSum_ = elementAt(b_, loc_, spec_.element, lineSums_.base, at, lineSums_.strides);
    clearLineSums();
    return emitBlocks(at);
  }
  at.back() = mul(at.back(), index(spec_.columns));
  emitBlock(at);
}

void DepthwiseEmitter::clearLineSums() {
  emitVectors(lanes_, firstChannel_, endChannel_, [&](Value channel, Value mask) {
    lanes_.store(lanes_.real(0, spec_.element), lineSum_, channel, mask);
  });
}

void DepthwiseEmitter::emitBlocks(ArrayRef<Value> line) {
  emitLoop(b_, loc_, index(0), positions_.back(), index(spec_.columns), [&](Value column) {
    SmallVector<Value> first(line);
    first.push_back(column);
    emitBlock(first);
  });
}

void DepthwiseEmitter::emitLine(Value line, Value target, Value stride) {
  SmallVector<Value> sizes = {batch_};
  llvm::append_range(sizes, ArrayRef(positions_).drop_back());
  SmallVector<Value> at = splitIndex(b_, loc_, line, sizes);
  firstChannel_ = index(0);
  endChannel_ = channels_;
  y_.base = target;
  y_.strides.assign(spec_.spatialAxes, index(0));
  y_.strides.push_back(stride);
  emitBlocks(at);
}

void DepthwiseEmitter::emitBlock(SmallVector<Value> at) {
  firstColumn_ = at.back();
  count_ =
      arith::MinSIOp::create(b_, loc_, index(spec_.columns), sub(positions_.back(), firstColumn_));
  auto locate = [&](const Image &image, ArrayRef<Value> indices) {
    return elementAt(b_, loc_, image.element, image.base, indices, image.strides);
  };
  targets_ = {locate(y_, at)};
  for (const Image &operand : epilogue_)
    targets_.push_back(locate(operand, at));
  SmallVector<Value> input = {at.front()};
  for (unsigned axis = 0; axis < last(); ++axis) {
    clip(axis, at[axis + 1]);
    input.push_back(sub(mul(at[axis + 1], axes_[axis].stride), paddings_[axis]));
  }
  firstInput_ = sub(mul(firstColumn_, index(spec_.stride)), paddings_.back());
  input.push_back(firstInput_);
  xStart_ = locate(x_, input);
  auto branch = scf::IfOp::create(b_, loc_, isInside(), /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b_);
  b_.setInsertionPointToStart(branch.thenBlock());
  emitChannels(/*inside=*/true);
  b_.setInsertionPointToStart(branch.elseBlock());
  emitChannels(/*inside=*/false);
}

void DepthwiseEmitter::clip(unsigned axis, Value position) {
  // Offsets w with 0 <= start + w * dilation < size: ceil(-start / dilation) <= w < ceil((size -
  // start) / dilation).
  Axis &a = axes_[axis];
  Value start = sub(mul(position, a.stride), paddings_[axis]);
  Value low = arith::CeilDivSIOp::create(b_, loc_, sub(index(0), start), a.dilation);
  Value high = arith::CeilDivSIOp::create(b_, loc_, sub(inputSizes_[axis], start), a.dilation);
  a.first = arith::MaxSIOp::create(b_, loc_, low, index(0));
  a.last =
      arith::MaxSIOp::create(b_, loc_, a.first, arith::MinSIOp::create(b_, loc_, high, a.window));
}

Value DepthwiseEmitter::isInside() {
  int64_t span = (spec_.columns - 1) * spec_.stride + (spec_.window - 1) * spec_.dilation;
  Value starts = compare(arith::CmpIPredicate::sge, firstInput_, index(0));
  Value ends =
      compare(arith::CmpIPredicate::slt, add(firstInput_, index(span)), inputSizes_.back());
  Value full = compare(arith::CmpIPredicate::eq, count_, index(spec_.columns));
  return arith::AndIOp::create(b_, loc_, arith::AndIOp::create(b_, loc_, starts, ends), full);
}

void DepthwiseEmitter::emitChannels(bool inside) {
  columnAt_.clear();
  if (!inside)
    placeColumns();
  emitVectors(lanes_, firstChannel_, endChannel_,
              [&](Value channel, Value mask) { emitColumns(inside, channel, mask); });
}

// A load whose lanes are all off costs hundreds of cycles where its address is not mapped, as may
// be in front of a tensor: so columns outside are read, all lanes off, at the nearest one inside.
void DepthwiseEmitter::placeColumns() {
  Value size = inputSizes_.back(), last = sub(size, index(1));
  for (unsigned column = 0; column < spec_.columns; ++column)
    for (int64_t w = 0; w < spec_.window; ++w) {
      int64_t offset = column * spec_.stride + w * spec_.dilation;
      Column &placed = columnAt_[offset];
      if (placed.offset)
        continue;
      Value at = add(firstInput_, index(offset));
      // An unsigned comparison also refuses what is below 0.
      placed.isInside = compare(arith::CmpIPredicate::ult, at, size);
      Value nearest =
          arith::MaxSIOp::create(b_, loc_, arith::MinSIOp::create(b_, loc_, at, last), index(0));
      placed.offset = sub(nearest, firstInput_);
    }
}

Value DepthwiseEmitter::firstInputOf(Value channel) {
  if (spec_.group.inputs == spec_.group.filters)
    return channel;
  Value group = arith::DivUIOp::create(b_, loc_, channel, index(spec_.group.filters));
  return mul(group, index(spec_.group.inputs));
}

Value DepthwiseEmitter::inputMask(bool inside, int64_t offset, Value channel, Value mask) {
  if (inside && !mask)
    return mask;
  Value is = inside ? Value() : columnAt_.lookup(offset).isInside;
  if (!mask)
    return inputLanes_.splat(is);
  Value end = firstInputOf(endChannel_);
  if (is)
    end = arith::SelectOp::create(b_, loc_, is, end, index(0));
  return inputLanes_.maskBelow(firstInputOf(channel), end);
}

Value DepthwiseEmitter::spread(Value inputs, int64_t i) {
  if (!isGrouped())
    return inputs;
  SmallVector<int64_t> source;
  for (unsigned lane = 0; lane < lanes_.count; ++lane)
    source.push_back(lane / spec_.group.filters * spec_.group.inputs + i);
  return vector::ShuffleOp::create(b_, loc_, inputs, inputs, source);
}

SmallVector<Value> DepthwiseEmitter::addLine(bool inside, Value line, Value weights,
                                             ArrayRef<Value> sums, Value channel, Value mask) {
  std::set<int64_t> offsets;
  for (unsigned column = 0; column < spec_.columns; ++column)
    for (int64_t w = 0; w < spec_.window; ++w)
      offsets.insert(column * spec_.stride + w * spec_.dilation);
  // One input of the groups at a time, so that few factors are in registers.
  auto addInput = [&](Value i, ArrayRef<Value> carried,
                      llvm::function_ref<Value(int64_t)> inputAt) {
    SmallVector<Value> factors, next(carried);
    for (int64_t w = 0; w < spec_.window; ++w) {
      Value offset = add(mul(index(w), k_.strides[last()]), mul(i, k_.strides[last() + 1]));
      factors.push_back(lanes_.load(spec_.element, moved(spec_.element, weights, offset), index(0),
                                    LaneStride::Contiguous, mask));
    }
    for (int64_t offset : offsets) {
      Value input = inputAt(offset);
      for (unsigned column = 0; column < spec_.columns; ++column)
        for (int64_t w = 0; w < spec_.window; ++w)
          if (column * spec_.stride + w * spec_.dilation == offset)
            next[column] = math::FmaOp::create(b_, loc_, input, factors[w], next[column]);
    }
    return next;
  };
  Value start = firstInputOf(channel);
  auto pixelAt = [&](int64_t offset) {
    Value at = inside ? index(offset) : columnAt_.lookup(offset).offset;
    return moved(spec_.element, line, mul(at, x_.strides.back()));
  };
  if (isGrouped() && groupIsVector(spec_.group, lanes_.count))
    return emitLoop(b_, loc_, index(0), index(spec_.group.inputs), index(1), sums,
                    [&](Value i, ValueRange carried) {
                      return addInput(i, llvm::to_vector(carried), [&](int64_t offset) {
                        return loadForAll(inside, offset, pixelAt(offset), add(start, i));
                      });
                    });
  llvm::SmallDenseMap<int64_t, Value> pixels;
  for (int64_t offset : offsets)
    pixels[offset] = inputLanes_.load(spec_.element, pixelAt(offset), start, LaneStride::Contiguous,
                                      inputMask(inside, offset, channel, mask));
  SmallVector<Value> next(sums);
  for (int64_t i = 0; i < spec_.group.inputs; ++i)
    next = addInput(index(i), next, [&](int64_t offset) { return spread(pixels[offset], i); });
  return next;
}

Value DepthwiseEmitter::loadForAll(bool inside, int64_t offset, Value pixel, Value at) {
  if (inside)
    return lanes_.load(spec_.element, pixel, at, LaneStride::Broadcast, Value());
  Value value = lanes_.load(spec_.element, pixel, at, LaneStride::Broadcast, Value());
  return arith::SelectOp::create(b_, loc_, columnAt_.lookup(offset).isInside, value,
                                 lanes_.real(0, spec_.element));
}

SmallVector<Value> DepthwiseEmitter::addLines(unsigned axis, bool inside, Value line, Value weights,
                                              ArrayRef<Value> sums, Value channel, Value mask) {
  if (axis == last())
    return addLine(inside, line, weights, sums, channel, mask);
  const Axis &a = axes_[axis];
  Value step = mul(a.dilation, x_.strides[axis + 1]);
  return emitLoop(b_, loc_, a.first, a.last, index(1), sums, [&](Value w, ValueRange carried) {
    return addLines(axis + 1, inside, moved(spec_.element, line, mul(w, step)),
                    moved(spec_.element, weights, mul(w, k_.strides[axis])),
                    llvm::to_vector(carried), channel, mask);
  });
}

void DepthwiseEmitter::emitColumns(bool inside, Value channel, Value mask) {
  SmallVector<Value> zeros(spec_.columns, lanes_.real(0, spec_.element));
  Value weights = moved(spec_.element, k_.base, mul(channel, k_.strides.back()));
  SmallVector<Value> sums = addLines(0, inside, xStart_, weights, zeros, channel, mask);
  if (spec_.sumsLines)
    storeSummed(inside, sums, channel, mask);
  else if (isHeavy_)
    storeInLoop(sums, channel, mask, Value());
  else
    storeLight(inside, sums, channel, mask);
}

Value DepthwiseEmitter::finish(Value sum, Value column, Value channel, Value mask) {
  auto pointer = [&](const Image &image, Value target) {
    return moved(image.element, target, mul(column, image.strides[spec_.spatialAxes]));
  };
  SmallVector<Value> rows;
  for (auto [operand, target] : llvm::zip(epilogue_, ArrayRef(targets_).drop_front()))
    rows.push_back(pointer(operand, target));
  sum = emitEpilogue(lanes_, spec_.epilogue, sum, spec_.epilogueOperands, rows, channel, mask);
  lanes_.store(sum, pointer(y_, targets_[0]), channel, mask);
  return sum;
}

/// Few operations: on the sums in their registers.
void DepthwiseEmitter::storeLight(bool inside, ArrayRef<Value> sums, Value channel, Value mask) {
  for (auto [column, sum] : llvm::enumerate(sums)) {
    Value at = index(column);
    if (inside)
      finish(sum, at, channel, mask);
    else
      emitIf(b_, loc_, compare(arith::CmpIPredicate::slt, at, count_),
             [&] { finish(sum, at, channel, mask); });
  }
}

/// Many operations: over the sums in a loop, from the first cache.
Value DepthwiseEmitter::storeInLoop(ArrayRef<Value> sums, Value channel, Value mask,
                                    Value lineSum) {
  for (auto [column, sum] : llvm::enumerate(sums))
    lanes_.store(sum, scratch_, index(column * lanes_.count), Value());
  SmallVector<Value> carried;
  if (lineSum)
    carried.push_back(lineSum);
  carried = emitLoop(
      b_, loc_, index(0), count_, index(1), carried, [&](Value column, ValueRange lineSums) {
        Value sum = lanes_.load(spec_.element, scratch_, mul(column, index(lanes_.count)),
                                LaneStride::Contiguous, Value());
        Value result = finish(sum, column, channel, mask);
        SmallVector<Value> next;
        for (Value lineSum : lineSums)
          next.push_back(arith::AddFOp::create(b_, loc_, lineSum, result));
        return next;
      });
  return lineSum ? carried.front() : Value();
}

void DepthwiseEmitter::storeSummed(bool inside, ArrayRef<Value> sums, Value channel, Value mask) {
  Value lineSum = lanes_.load(spec_.element, lineSum_, channel, LaneStride::Contiguous, mask);
  if (isHeavy_ || !inside)
    lineSum = storeInLoop(sums, channel, mask, lineSum);
  else
    for (auto [column, sum] : llvm::enumerate(sums))
      lineSum = arith::AddFOp::create(b_, loc_, lineSum, finish(sum, index(column), channel, mask));
  lanes_.store(lineSum, lineSum_, channel, mask);
}

std::unique_ptr<DepthwiseLines> DepthwiseLines::create(KernelFunction &kernel,
                                                       const DepthwiseSpec &spec, unsigned lanes) {
  return std::make_unique<DepthwiseEmitter>(kernel, spec, lanes);
}

void emitDepthwiseKernel(ModuleOp module, StringRef name, Location location,
                         const DepthwiseSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  DepthwiseEmitter(kernel, spec, target.vectorBytes / elementBytes(spec.element)).run();
}

} // namespace horn::codegen
