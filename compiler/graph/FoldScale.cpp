// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Moves scales and shifts that depend on weights alone into the weights of contractions next to
// them. Below, w, s and b are weight-only, s and b vary along the last axis at most, and values
// that a rule takes apart have a single user.
#include "compiler/analysis/WeightOnly.h"
#include "compiler/graph/ChannelWeights.h"
#include "compiler/graph/Passes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace horn::graph {
#define GEN_PASS_DEF_FOLDSCALE
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using namespace horn::graph;

static constexpr StringLiteral kPass = "horn-fold-scale";

/// The contraction with other operands.
static Value rebuild(PatternRewriter &rewriter, Operation *contraction, Value x, Value w,
                     Location location) {
  Operation *copy = rewriter.clone(*contraction);
  copy->setOperands({x, w});
  copy->setLoc(location);
  return copy->getResult(0);
}

namespace {
/// Keeps the analysis in step with the rewrites.
struct WeightListener : RewriterBase::Listener {
  explicit WeightListener(WeightOnly &weights) : weights(weights) {}
  void notifyOperationInserted(Operation *op, OpBuilder::InsertPoint) override {
    for (Value result : op->getResults())
      weights.update(result);
  }
  void notifyOperationErased(Operation *op) override {
    for (Value result : op->getResults())
      weights.erase(result);
  }
  WeightOnly &weights;
};

/// A run-time value and the weight-only vector it is combined with, in either order.
struct Combined {
  Value value, vector;
  explicit operator bool() const { return value != nullptr; }
};

/// What the patterns share.
template <typename OpT> struct ScalePattern : OpRewritePattern<OpT> {
  ScalePattern(MLIRContext *context, const WeightOnly &weights)
      : OpRewritePattern<OpT>(context), weights(weights) {}

  /// Matches op(value, vector) that keeps the value's type.
  Combined matchCombined(Operation *op) const {
    for (unsigned i : {0, 1}) {
      Value value = op->getOperand(i), vector = op->getOperand(1 - i);
      if (weights.contains(vector) && !weights.contains(value) && isVector(vector) &&
          op->getResult(0).getType() == value.getType())
        return {value, vector};
    }
    return {};
  }
  template <typename CombiningOp> Combined matchSingleUse(Value value) const {
    auto op = value.getDefiningOp<CombiningOp>();
    return op && value.hasOneUse() ? matchCombined(op) : Combined();
  }
  /// Whether the op is a contraction of f32 or f64 with weights.
  bool hasWeights(Operation *op) const {
    if (!isContraction(op) || !weights.contains(op->getOperand(1)))
      return false;
    Type element = cast<RankedTensorType>(op->getResult(0).getType()).getElementType();
    return element.isF32() || element.isF64();
  }
  /// Whether the value is such a contraction, perhaps with vectors added.
  bool comesFromContraction(Value value) const {
    while (Combined sum = matchSingleUse<AddOp>(value))
      value = sum.value;
    return value.hasOneUse() && hasWeights(value.getDefiningOp());
  }
  Location fuse(PatternRewriter &rewriter, Operation *first, Operation *second) const {
    return rewriter.getFusedLoc({first->getLoc(), second->getLoc()});
  }

  const WeightOnly &weights;
};

/// contraction(x, w) * s = contraction(x, w * s)
struct ScaleBehind : ScalePattern<MultiplyOp> {
  using ScalePattern::ScalePattern;
  LogicalResult matchAndRewrite(MultiplyOp op, PatternRewriter &rewriter) const override {
    Combined scaled = matchCombined(op);
    if (!scaled || !scaled.value.hasOneUse() || !hasWeights(scaled.value.getDefiningOp()))
      return rewriter.notifyMatchFailure(op, "no scale of a single-use contraction");
    Operation *contraction = scaled.value.getDefiningOp();
    Location location = fuse(rewriter, contraction, op);
    remarkApplied(op, kPass,
                  Twine(layerName(op)) + " folded into " + layerName(contraction) +
                      ": its scale became part of the weights");
    Value scale = flatten(rewriter, location, scaled.vector);
    Value w = scaleResultChannels(rewriter, contraction, scale, location);
    rewriter.replaceOp(op, rebuild(rewriter, contraction, contraction->getOperand(0), w, location));
    return success();
  }
};

/// (y + b) * s = y * s + b * s
struct ScaleBehindShift : ScalePattern<MultiplyOp> {
  using ScalePattern::ScalePattern;
  LogicalResult matchAndRewrite(MultiplyOp op, PatternRewriter &rewriter) const override {
    Combined scaled = matchCombined(op);
    Combined sum = scaled ? matchSingleUse<AddOp>(scaled.value) : Combined();
    if (!sum || !comesFromContraction(sum.value))
      return rewriter.notifyMatchFailure(op, "no scale of a shifted contraction");
    Location location = fuse(rewriter, scaled.value.getDefiningOp(), op);
    Value value = MultiplyOp::create(rewriter, op.getLoc(), sum.value, scaled.vector);
    Value shift = MultiplyOp::create(rewriter, location, sum.vector, scaled.vector);
    rewriter.replaceOp(op, AddOp::create(rewriter, location, value, shift));
    return success();
  }
};

/// (y + b) + c = y + (b + c)
struct ShiftBehindShift : ScalePattern<AddOp> {
  using ScalePattern::ScalePattern;
  LogicalResult matchAndRewrite(AddOp op, PatternRewriter &rewriter) const override {
    Combined outer = matchCombined(op);
    Combined inner = outer ? matchSingleUse<AddOp>(outer.value) : Combined();
    if (!inner || !comesFromContraction(inner.value))
      return rewriter.notifyMatchFailure(op, "no shift of a shifted contraction");
    Location location = fuse(rewriter, outer.value.getDefiningOp(), op);
    remarkApplied(op, kPass,
                  Twine(layerName(op)) + " folded into " + layerName(outer.value.getDefiningOp()) +
                      ": their shifts became one");
    Value shift = AddOp::create(rewriter, location, inner.vector, outer.vector);
    rewriter.replaceOp(op, AddOp::create(rewriter, location, inner.value, shift));
    return success();
  }
};

/// contraction(x * s, w) = contraction(x, s * w)
template <typename OpT> struct ScaleBefore : ScalePattern<OpT> {
  using ScalePattern<OpT>::ScalePattern;
  LogicalResult matchAndRewrite(OpT op, PatternRewriter &rewriter) const override {
    Value x = op->getOperand(0);
    Combined scaled = this->template matchSingleUse<MultiplyOp>(x);
    if (!scaled || !this->hasWeights(op) || !canScaleInput(op))
      return rewriter.notifyMatchFailure(op, "operand is no scale that can move behind");
    Operation *multiply = x.getDefiningOp();
    Location location = this->fuse(rewriter, op, multiply);
    remarkApplied(multiply, kPass,
                  Twine(layerName(multiply)) + " folded into " + layerName(op) +
                      ": its scale became part of the weights");
    Value scale = flatten(rewriter, location, scaled.vector);
    Value w = scaleInputChannels(rewriter, op, scale, location);
    rewriter.replaceOp(op, rebuild(rewriter, op, scaled.value, w, location));
    return success();
  }
};

/// contraction(x + b, w) = contraction(x, w) + contraction(b, w)
template <typename OpT> struct ShiftBefore : ScalePattern<OpT> {
  using ScalePattern<OpT>::ScalePattern;
  LogicalResult matchAndRewrite(OpT op, PatternRewriter &rewriter) const override {
    Value x = op->getOperand(0);
    Combined sum = this->template matchSingleUse<AddOp>(x);
    if (!sum || !this->hasWeights(op) || !canShiftInput(op))
      return rewriter.notifyMatchFailure(op, "operand is no shift that can move behind");
    Operation *add = x.getDefiningOp();
    Location location = this->fuse(rewriter, op, add);
    remarkApplied(add, kPass,
                  Twine(layerName(add)) + " folded into " + layerName(op) +
                      ": its shift moved behind the weights");
    Value w = op->getOperand(1), shift = flatten(rewriter, location, sum.vector);
    Value moved = shiftByInput(rewriter, op, shift, location);
    Value product = rebuild(rewriter, op, sum.value, w, location);
    rewriter.replaceOp(op, AddOp::create(rewriter, location, product, moved));
    return success();
  }
};

struct FoldScale : graph::impl::FoldScaleBase<FoldScale> {
  void runOnOperation() override {
    WeightOnly weights(getOperation());
    RewritePatternSet patterns(&getContext());
    patterns.add<ScaleBehind, ScaleBehindShift, ShiftBehindShift>(&getContext(), weights);
    addBefore<MatmulOp, ConvOp, DepthwiseConvOp>(patterns, weights);
    WeightListener listener(weights);
    GreedyRewriteConfig config;
    config.setListener(&listener).enableFolding(false).enableConstantCSE(false);
    config.setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    getOperation()->walk([&](MultiplyOp op) { reportRefusal(op, weights); });
  }

  template <typename... Ops>
  void addBefore(RewritePatternSet &patterns, const WeightOnly &weights) {
    patterns.add<ScaleBefore<Ops>..., ShiftBefore<Ops>...>(&getContext(), weights);
  }

  /// Explains why a scale behind a contraction stayed.
  void reportRefusal(MultiplyOp op, const WeightOnly &weights) {
    for (unsigned i : {0, 1}) {
      Operation *producer = op->getOperand(i).getDefiningOp();
      if (!isContraction(producer) || weights.contains(op->getResult(0)) ||
          !weights.contains(op->getOperand(1 - i)))
        continue;
      StringRef reason = "the scale varies along other axes than the last";
      if (!producer->hasOneUse())
        reason = "its input has several users";
      else if (!weights.contains(producer->getOperand(1)))
        reason = "there are no weights to fold it into";
      remarkMissed(op, kPass,
                   Twine(layerName(op)) + " not folded into " + layerName(producer) + ": " +
                       reason);
    }
  }
};
} // namespace
