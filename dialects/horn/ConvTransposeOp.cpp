// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a transposed convolution stands for: plain convolutions.
#include "dialects/horn/Build.h"
#include "dialects/horn/ConvTransposePadding.h"
#include "dialects/horn/HornCompositeOps.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

using namespace mlir;
using namespace horn::ir;

/// Most convolutions that one transposed one is split into.
static constexpr int64_t kMaxPhases = 32;

namespace {
/// Of every `stride`-th element of the result along an axis: what it is computed from.
struct Phase {
  int64_t firstTap, numTaps; ///< of the kernel, `stride` apart
  int64_t start;             ///< where its first window begins in the input
};

/// One spatial axis.
struct Axis {
  int64_t size, stride, extent, count; ///< count: of the result
  int64_t low, high;                   ///< padding of the input with zeros
  int64_t positions;                   ///< of each phase
  SmallVector<Phase> phases;
};

/// Writes the decompositions of one op.
class Decomposer {
public:
  Decomposer(ConvTransposeOp op, OpBuilder &builder)
      : op_(op), b_(builder, op.getLoc()), spatial_(op.getStrides().size()) {}

  Value decompose() { return planPhases() ? byPhases() : byZeros(); }

private:
  ConvTransposePadding paddingOf(int64_t axis);
  int64_t extentOf(int64_t axis) {
    return (op_.getKernel().getType().getDimSize(axis) - 1) * op_.getDilations()[axis] + 1;
  }
  bool planPhases();
  void planAxis(Axis &axis, const ConvTransposePadding &padding);
  Value byPhases();
  Value convolvePhase(Value padded, ArrayRef<int64_t> phase);
  Value interleave(ArrayRef<Value> phases);
  Value byZeros();
  Value padded(ArrayRef<int64_t> low, ArrayRef<int64_t> high, ArrayRef<int64_t> interior);
  /// A kernel [spatial..., F, C] as the one [spatial..., C, F] of a plain convolution.
  Value turned(Value kernel);
  DenseI64ArrayAttr i64s(ArrayRef<int64_t> values) {
    return b_.builder.getDenseI64ArrayAttr(values);
  }
  Value convolve(Value x, Value kernel) {
    return b_.make<ConvOp>(x, turned(kernel), i64s(SmallVector<int64_t>(spatial_, 1)),
                           op_.getDilationsAttr(), b_.builder.getI64IntegerAttr(1),
                           b_.builder.getStringAttr("valid"));
  }

  ConvTransposeOp op_;
  GraphBuilder b_;
  int64_t spatial_;
  SmallVector<Axis> axes_;
};
} // namespace

ConvTransposePadding Decomposer::paddingOf(int64_t axis) {
  return convTransposePadding(extentOf(axis), op_.getStrides()[axis], op_.getPadding(),
                              op_.getOutputPadding()[axis]);
}

Value Decomposer::turned(Value kernel) {
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, spatial_)), permutation = axes;
  permutation.append({spatial_ + 1, spatial_});
  return b_.make<TransposeOp>(b_.make<ReverseOp>(kernel, i64s(axes)), i64s(permutation));
}

Value Decomposer::padded(ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                         ArrayRef<int64_t> interior) {
  auto whole = [&](ArrayRef<int64_t> spatial) {
    SmallVector<int64_t> all = {0};
    all.append(spatial.begin(), spatial.end());
    all.push_back(0);
    return i64s(all);
  };
  return b_.make<PadOp>(op_.getX(), whole(low), whole(high), whole(interior),
                        b_.builder.getF64FloatAttr(0));
}

//===--- one convolution of the input with zeros between its elements
//-----------------------------===//

Value Decomposer::byZeros() {
  SmallVector<int64_t> low, high, interior;
  for (int64_t axis = 0; axis < spatial_; ++axis) {
    ConvTransposePadding padding = paddingOf(axis);
    low.push_back(padding.low);
    high.push_back(padding.high);
    interior.push_back(op_.getStrides()[axis] - 1);
  }
  return convolve(padded(low, high, interior), op_.getKernel());
}

//===--- a convolution for each phase, none of which multiplies by those zeros
//---------------------===//

bool Decomposer::planPhases() {
  auto isOne = [](int64_t value) { return value == 1; };
  if (llvm::all_of(op_.getStrides(), isOne) || !llvm::all_of(op_.getDilations(), isOne))
    return false;
  int64_t numPhases = 1;
  for (int64_t i = 0; i < spatial_; ++i) {
    Axis axis = {.size = op_.getX().getType().getDimSize(i + 1),
                 .stride = op_.getStrides()[i],
                 .extent = extentOf(i),
                 .count = 0,
                 .low = 0,
                 .high = 0,
                 .positions = 0,
                 .phases = {}};
    numPhases *= axis.stride;
    // Where the kernel is shorter than the stride some phases are zeros alone.
    if (ShapedType::isDynamic(axis.size) || axis.size < 1 || axis.extent < axis.stride ||
        numPhases > kMaxPhases)
      return false;
    planAxis(axis, paddingOf(i));
    if (axis.count < 1)
      return false;
    axes_.push_back(axis);
  }
  return true;
}

/// Element o of the result is the sum over t of x[i - t] * kernel[q + t * stride], where i * stride
/// + q is o behind what the padding cuts off.
void Decomposer::planAxis(Axis &axis, const ConvTransposePadding &padding) {
  axis.count = (axis.size - 1) * axis.stride + padding.extra;
  axis.positions = (axis.count + axis.stride - 1) / axis.stride;
  int64_t cut = axis.extent - 1 - padding.low;
  for (int64_t p = 0; p < axis.stride; ++p) {
    int64_t tap = (p + cut) % axis.stride, shift = (p + cut) / axis.stride;
    int64_t taps = (axis.extent - tap + axis.stride - 1) / axis.stride;
    int64_t start = shift - (taps - 1), end = shift + axis.positions;
    axis.phases.push_back({tap, taps, start});
    axis.low = std::max(axis.low, -start);
    axis.high = std::max(axis.high, end - axis.size);
  }
}

Value Decomposer::byPhases() {
  SmallVector<int64_t> low, high, none(spatial_, 0);
  int64_t numPhases = 1;
  for (const Axis &axis : axes_) {
    low.push_back(axis.low);
    high.push_back(axis.high);
    numPhases *= axis.stride;
  }
  Value x = padded(low, high, none);
  SmallVector<Value> results;
  for (int64_t number = 0; number < numPhases; ++number) {
    SmallVector<int64_t> phase(spatial_);
    int64_t rest = number;
    for (int64_t i = spatial_; i-- > 0; rest /= axes_[i].stride)
      phase[i] = rest % axes_[i].stride;
    results.push_back(convolvePhase(x, phase));
  }
  return interleave(results);
}

Value Decomposer::convolvePhase(Value padded, ArrayRef<int64_t> phase) {
  int64_t rank = spatial_ + 2;
  SmallVector<int64_t> starts(rank, 0), limits(rank, INT64_MAX), ones(rank, 1), taps(rank, 0),
      steps(rank, 1);
  for (auto [i, axis] : llvm::enumerate(axes_)) {
    const Phase &at = axis.phases[phase[i]];
    starts[i + 1] = at.start + axis.low;
    limits[i + 1] = starts[i + 1] + axis.positions + at.numTaps - 1;
    taps[i] = at.firstTap;
    steps[i] = axis.stride;
  }
  Value part = b_.make<SliceOp>(padded, i64s(starts), i64s(limits), i64s(ones));
  SmallVector<int64_t> open(rank, INT64_MAX);
  Value kernel = b_.make<SliceOp>(op_.getKernel(), i64s(taps), i64s(open), i64s(steps));
  return convolve(part, kernel);
}

/// Puts the phases, in row-major order, beside one another.
Value Decomposer::interleave(ArrayRef<Value> phases) {
  int64_t filters = op_.getType().getShape().back();
  Value all =
      b_.make<ConcatenateOp>(ValueRange(phases), b_.builder.getI64IntegerAttr(spatial_ + 1));
  SmallVector<int64_t> split = {-1}, permutation = {0}, joined = {-1}, starts = {0},
                       limits = {INT64_MAX};
  for (const Axis &axis : axes_)
    split.push_back(axis.positions);
  for (auto [i, axis] : llvm::enumerate(axes_)) {
    int64_t number = static_cast<int64_t>(i);
    split.push_back(axis.stride);
    permutation.append({1 + number, 1 + spatial_ + number});
    joined.push_back(axis.positions * axis.stride);
    starts.push_back(0);
    limits.push_back(axis.count);
  }
  split.push_back(filters);
  permutation.push_back(2 * spatial_ + 1);
  joined.push_back(filters);
  starts.push_back(0);
  limits.push_back(INT64_MAX);
  Value apart = b_.make<ReshapeOp>(all, Value(), i64s(split));
  Value whole =
      b_.make<ReshapeOp>(b_.make<TransposeOp>(apart, i64s(permutation)), Value(), i64s(joined));
  auto isWhole = [](const Axis &axis) { return axis.count == axis.positions * axis.stride; };
  if (llvm::all_of(axes_, isWhole))
    return whole;
  return b_.make<SliceOp>(whole, i64s(starts), i64s(limits),
                          i64s(SmallVector<int64_t>(spatial_ + 2, 1)));
}

SmallVector<Value> ConvTransposeOp::decompose(OpBuilder &builder) {
  return {Decomposer(*this, builder).decompose()};
}
