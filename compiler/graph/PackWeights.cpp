// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives contractions with weights the layout that their kernels read.
#include "compiler/analysis/WeightOnly.h"
#include "compiler/codegen/GroupLanes.h"
#include "compiler/codegen/TileSizes.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/TensorTypes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;
using horn::graph::columnsOf;

static constexpr StringLiteral kPass = "horn-pack-weights";

/// Why a matrix product stays as it is; empty if it can use panels.
static StringRef whyNot(MatmulOp op, const WeightOnly &weights) {
  auto element = op.getType().getElementType();
  if (!element.isF32() && !element.isF64())
    return "only f32 and f64 have panel kernels";
  if (!weights.contains(op.getB()))
    return "its right operand is computed in each run";
  if (weights.contains(op.getA()))
    return "it is computed once, when weights are set";
  RankedTensorType a = op.getA().getType(), b = op.getB().getType();
  bool isBatched = a.getRank() == 3 && b.getRank() == 3 && !op.getTransposeB() &&
                   a.getDimSize(0) == b.getDimSize(0);
  if (b.getRank() != 2 && !isBatched)
    return "its right operand is not a single matrix";
  if (op.getTransposeA())
    return "its left operand is transposed";
  return op.getA().getType().isDynamicDim(op.getA().getType().getRank() - 1)
             ? "its inner size is unknown"
             : "";
}

static codegen::GroupShape groupShape(ConvOp op) {
  ArrayRef<int64_t> kernel = op.getKernel().getType().getShape();
  return {kernel[kernel.size() - 2], kernel.back() / static_cast<int64_t>(op.getGroups())};
}

/// The pixels of a line of the window.
static int64_t lineOf(ArrayRef<int64_t> kernel) { return kernel[kernel.size() - 3]; }

static bool sharesVectors(ConvOp op, int64_t lanes) {
  return op.getGroups() > 1 &&
         codegen::groupsShareVectors(groupShape(op), lineOf(op.getKernel().getType().getShape()),
                                     lanes);
}

/// Why a convolution stays as it is; empty if it can use panels.
static StringRef whyNot(ConvOp op, const WeightOnly &weights, int64_t lanes) {
  auto element = op.getType().getElementType();
  if (!element.isF32() && !element.isF64())
    return "only f32 and f64 have panel kernels";
  if (!weights.contains(op.getKernel()))
    return "its kernel is computed in each run";
  if (op.getGroups() == 1)
    return "";
  return sharesVectors(op, lanes) || codegen::groupFillsPanel(groupShape(op), lanes)
             ? ""
             : "its groups have too few filters for a panel";
}

/// A matrix with its axes swapped; one of several above one another as several side by side.
static Value transposed(OpBuilder &builder, Value w) {
  auto joined = w.getDefiningOp<ConcatenateOp>();
  if (!joined || joined.getAxis() != 0)
    return TransposeOp::create(builder, w.getLoc(), w, builder.getDenseI64ArrayAttr({1, 0}));
  SmallVector<Value> parts;
  for (Value part : joined.getXs())
    parts.push_back(transposed(builder, part));
  return ConcatenateOp::create(builder, w.getLoc(), parts, builder.getI64IntegerAttr(1));
}

/// A depthwise convolution with several filters a channel, as one with a group for each channel.
static ConvOp asGroups(DepthwiseConvOp op) {
  OpBuilder b(op);
  ArrayRef<int64_t> kernel = op.getKernel().getType().getShape();
  SmallVector<int64_t> shape(kernel);
  int64_t groups = kernel[kernel.size() - 2];
  shape[kernel.size() - 2] = 1;
  shape.back() = groups * kernel.back();
  Value weights =
      ReshapeOp::create(b, op.getLoc(), op.getKernel(), Value(), b.getDenseI64ArrayAttr(shape));
  auto conv =
      ConvOp::create(b, op.getLoc(), op.getX(), weights, op.getStridesAttr(), op.getDilationsAttr(),
                     b.getI64IntegerAttr(groups), op.getPaddingAttr());
  op->getResult(0).replaceAllUsesWith(conv.getResult());
  op->erase();
  return conv;
}

namespace {
struct PackWeights : graph::impl::PackWeightsBase<PackWeights> {
  using PackWeightsBase::PackWeightsBase;

  void runOnOperation() override {
    groupDepthwise();
    WeightOnly weights(getOperation());
    SmallVector<Operation *> contractions;
    getOperation()->walk([&](Operation *op) {
      if (isa<MatmulOp, ConvOp>(op))
        contractions.push_back(op);
    });
    for (Operation *op : contractions) {
      auto matmul = dyn_cast<MatmulOp>(op);
      StringRef reason = matmul ? whyNot(matmul, weights)
                                : whyNot(cast<ConvOp>(op), weights, lanesOf(op->getResult(0)));
      if (!reason.empty()) {
        remarkMissed(op, kPass,
                     Twine(shortName(op)) + " of " + layerName(op) + " not packed: " + reason);
        continue;
      }
      OpBuilder builder(op);
      Value packed = matmul ? packMatmul(builder, matmul) : packConv(builder, cast<ConvOp>(op));
      op->getResult(0).replaceAllUsesWith(packed);
      op->erase();
    }
  }

  int64_t lanesOf(Value value) const { return graph::lanesFor(value, lanes); }

  /// Depthwise convolutions with several filters a channel that are fast as groups become those.
  void groupDepthwise() {
    WeightOnly weights(getOperation());
    SmallVector<DepthwiseConvOp> convolutions;
    getOperation()->walk([&](DepthwiseConvOp op) {
      Type element = op.getType().getElementType();
      if ((element.isF32() || element.isF64()) && weights.contains(op.getKernel()))
        convolutions.push_back(op);
    });
    for (DepthwiseConvOp op : convolutions) {
      ArrayRef<int64_t> kernel = op.getKernel().getType().getShape();
      codegen::GroupShape group{1, kernel.back()};
      if (group.filters > 1 &&
          codegen::groupsShareVectors(group, lineOf(kernel), lanesOf(op.getResult())))
        asGroups(op);
    }
  }

  /// The width of panels that suits a tensor [..., N].
  int64_t panelWidth(Value w) const {
    codegen::TileShape tile =
        codegen::chooseTile(columnsOf(w), lanesOf(w), registers, codegen::LastPanel::Narrow);
    return tile.vectors * lanesOf(w);
  }

  Value pack(OpBuilder &builder, Operation *op, Value w) {
    return pack(builder, op, w, panelWidth(w));
  }

  Value pack(OpBuilder &builder, Operation *op, Value w, int64_t width) {
    remarkApplied(op, kPass,
                  Twine("weights of ") + layerName(op) + " packed into panels of " + Twine(width) +
                      " columns, once when they are set");
    return PackOp::create(builder, w.getLoc(), w, builder.getI64IntegerAttr(width));
  }

  /// The same of a matrix that is several side by side: each is packed into its place where panels
  /// end with it, so that no more than one is in memory unpacked.
  Value packJoined(OpBuilder &builder, Operation *op, Value w) {
    int64_t width = panelWidth(w);
    auto joined = w.getDefiningOp<ConcatenateOp>();
    auto endsWithPanel = [&](Value part) { return columnsOf(part) % width == 0; };
    if (!joined || joined.getAxis() != 1 ||
        !llvm::all_of(joined.getXs().drop_back(), endsWithPanel))
      return pack(builder, op, w, width);
    SmallVector<Value> parts;
    for (Value part : joined.getXs())
      parts.push_back(pack(builder, op, part, width));
    return ConcatenateOp::create(builder, w.getLoc(), parts, builder.getI64IntegerAttr(0));
  }

  Value packMatmul(OpBuilder &builder, MatmulOp op) {
    Value w = op.getB();
    if (op.getTransposeB())
      w = transposed(builder, w);
    int64_t columns = op.getType().getShape().back();
    return PanelMatmulOp::create(builder, op.getLoc(), op.getA(), packJoined(builder, op, w),
                                 builder.getI64IntegerAttr(columns));
  }

  Value packConv(OpBuilder &builder, ConvOp op) {
    ArrayRef<int64_t> kernel = op.getKernel().getType().getShape();
    int64_t groups = op.getGroups(), columns = kernel.back();
    Value weights = op.getKernel();
    bool isShared = sharesVectors(op, lanesOf(weights));
    if (groups > 1 && !isShared) {
      columns /= groups;
      weights = splitGroups(builder, weights, groups);
    }
    Value panels =
        isShared ? pack(builder, op, weights, lanesOf(weights)) : pack(builder, op, weights);
    return PanelConvOp::create(
        builder, op.getLoc(), op.getX(), panels, builder.getI64IntegerAttr(columns),
        builder.getDenseI64ArrayAttr(kernel.drop_back(2)), op.getStridesAttr(),
        op.getDilationsAttr(), op.getPaddingAttr(), op.getGroupsAttr());
  }

  /// The kernels [groups, spatial..., C / groups, F / groups] of one [spatial..., C / groups, F].
  static Value splitGroups(OpBuilder &b, Value kernel, int64_t groups) {
    SmallVector<int64_t> shape(graph::typeOf(kernel).getShape());
    int64_t rank = shape.size();
    shape.back() /= groups;
    shape.insert(shape.end() - 1, groups);
    SmallVector<int64_t> permutation = {rank - 1};
    for (int64_t axis = 0; axis <= rank; ++axis)
      if (axis != rank - 1)
        permutation.push_back(axis);
    Value apart =
        ReshapeOp::create(b, kernel.getLoc(), kernel, Value(), b.getDenseI64ArrayAttr(shape));
    return TransposeOp::create(b, kernel.getLoc(), apart, b.getDenseI64ArrayAttr(permutation));
  }
};
} // namespace
