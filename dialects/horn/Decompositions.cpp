// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What each composite op stands for, in simpler ops.
#include "dialects/horn/Build.h"
#include "dialects/horn/Decompose.h"
#include "dialects/horn/HornActivationOps.h"
#include "dialects/horn/HornCompositeOps.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"
#include "dialects/horn/ShapeRules.h"

using namespace mlir;
using namespace horn::ir;

Value GraphBuilder::scalar(double value, Value like) {
  Type element = detail::elementOf(like);
  auto type = RankedTensorType::get({}, element);
  Attribute attribute =
      isa<FloatType>(element)
          ? Attribute(builder.getFloatAttr(element, value))
          : Attribute(builder.getIntegerAttr(element, static_cast<int64_t>(value)));
  return make<ConstantOp>(cast<ElementsAttr>(DenseElementsAttr::get(type, attribute)));
}

Value GraphBuilder::constant(ArrayRef<double> values, ArrayRef<int64_t> shape, Value like) {
  Type element = detail::elementOf(like);
  SmallVector<Attribute> attributes;
  for (double value : values)
    attributes.push_back(builder.getFloatAttr(element, value));
  auto type = RankedTensorType::get(shape, element);
  return make<ConstantOp>(cast<ElementsAttr>(DenseElementsAttr::get(type, attributes)));
}

int64_t horn::ir::decomposeAll(Operation *root, llvm::function_ref<bool(Operation *)> keep) {
  int64_t numReplaced = 0;
  while (true) {
    SmallVector<Decomposable> composites;
    root->walk([&](Decomposable op) {
      if (!keep(op))
        composites.push_back(op);
    });
    if (composites.empty())
      return numReplaced;
    for (Decomposable op : composites) {
      OpBuilder builder(op);
      op->replaceAllUsesWith(op.decompose(builder));
      op->erase();
    }
    numReplaced += composites.size();
  }
}

SmallVector<Value> SquareOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  return {b.make<MultiplyOp>(getX(), getX())};
}

SmallVector<Value> ReciprocalOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  return {b.make<DivideOp>(b.scalar(1, getX()), getX())};
}

// max(x, 0) + ln(1 + e^-|x|) does not overflow.
SmallVector<Value> SoftplusOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  Value tail = b.make<Log1pOp>(b.make<ExpOp>(b.make<NegativeOp>(b.make<AbsoluteOp>(getX()))));
  return {b.make<AddOp>(b.make<ReluOp>(getX()), tail)};
}

SmallVector<Value> SiluOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  return {b.make<MultiplyOp>(getX(), b.make<SigmoidOp>(getX()))};
}

/// x > 0 ? x : alpha * (e^x - 1); the exponent is clamped so that the branch not taken stays
/// finite.
static Value buildElu(GraphBuilder &b, Value x, double alpha) {
  Value zero = b.scalar(0, x);
  Value negative = b.make<Expm1Op>(b.make<MinimumOp>(x, zero));
  if (alpha != 1)
    negative = b.make<MultiplyOp>(negative, b.scalar(alpha, x));
  return b.make<SelectOp>(b.make<GreaterOp>(x, zero), x, negative);
}

SmallVector<Value> EluOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  return {buildElu(b, getX(), getAlpha().convertToDouble())};
}

// Klambauer et al., 2017.
SmallVector<Value> SeluOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  Value elu = buildElu(b, getX(), 1.6732632423543772848170429916717);
  return {b.make<MultiplyOp>(elu, b.scalar(1.0507009873554804934193349852946, getX()))};
}

SmallVector<Value> LeakyReluOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  Value scaled = b.make<MultiplyOp>(getX(), b.scalar(getNegativeSlope().convertToDouble(), getX()));
  return {b.make<SelectOp>(b.make<GreaterEqualOp>(getX(), b.scalar(0, getX())), getX(), scaled)};
}

SmallVector<Value> GeluOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  Value x = getX(), half = b.make<MultiplyOp>(x, b.scalar(0.5, x)), bell;
  if (getApproximate()) {
    Value cubic =
        b.make<MultiplyOp>(b.make<MultiplyOp>(b.make<MultiplyOp>(x, x), x), b.scalar(0.044715, x));
    bell = b.make<TanhOp>(
        b.make<MultiplyOp>(b.make<AddOp>(x, cubic), b.scalar(0.79788456080286535588, x)));
  } else {
    bell = b.make<ErfOp>(b.make<MultiplyOp>(x, b.scalar(0.70710678118654752440, x)));
  }
  return {b.make<MultiplyOp>(half, b.make<AddOp>(bell, b.scalar(1, x)))};
}

SmallVector<Value> SoftmaxOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto axes = getAxesAttr();
  Value largest = b.make<ReduceMaxOp>(getX(), axes, builder.getBoolAttr(true));
  Value exp = b.make<ExpOp>(b.make<SubtractOp>(getX(), largest));
  return {b.make<DivideOp>(exp, b.make<ReduceSumOp>(exp, axes, builder.getBoolAttr(true)))};
}

SmallVector<Value> LogSoftmaxOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto axes = getAxesAttr();
  Value shifted =
      b.make<SubtractOp>(getX(), b.make<ReduceMaxOp>(getX(), axes, builder.getBoolAttr(true)));
  Value sum = b.make<ReduceSumOp>(b.make<ExpOp>(shifted), axes, builder.getBoolAttr(true));
  return {b.make<SubtractOp>(shifted, b.make<LogOp>(sum))};
}

/// A vector along `axis` of `like`, shaped to broadcast: [size, 1, 1, ...].
static Value alongAxis(GraphBuilder &b, Value vector, Value like, int64_t axis) {
  int64_t trailing = cast<RankedTensorType>(like.getType()).getRank() - 1 - axis;
  if (trailing == 0)
    return vector;
  SmallVector<int64_t> shape(trailing + 1, 1);
  shape[0] = -2;
  return b.make<ReshapeOp>(vector, Value(), b.builder.getDenseI64ArrayAttr(shape));
}

// As x * scale + shift, so that both depend on weights alone and fold into what comes before.
SmallVector<Value> BatchNormOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  Value deviation =
      b.make<AddOp>(getVariance(), b.scalar(getEpsilon().convertToDouble(), getVariance()));
  Value scale = b.make<MultiplyOp>(getGamma(), b.make<RsqrtOp>(deviation));
  Value shift = b.make<SubtractOp>(getBeta(), b.make<MultiplyOp>(getMean(), scale));
  Value scaled = b.make<MultiplyOp>(getX(), alongAxis(b, scale, getX(), getAxis()));
  return {b.make<AddOp>(scaled, alongAxis(b, shift, getX(), getAxis()))};
}

SmallVector<Value> LayerNormOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto keep = builder.getBoolAttr(true);
  Value centred = b.make<SubtractOp>(getX(), b.make<ReduceMeanOp>(getX(), getAxesAttr(), keep));
  Value variance = b.make<ReduceMeanOp>(b.make<MultiplyOp>(centred, centred), getAxesAttr(), keep);
  Value inverse =
      b.make<RsqrtOp>(b.make<AddOp>(variance, b.scalar(getEpsilon().convertToDouble(), variance)));
  int64_t rank = cast<RankedTensorType>(getX().getType()).getRank();
  // gamma and beta carry the normalised axes in order; the others get size 1.
  SmallVector<int64_t> shape(rank, 1);
  auto gammaShape = cast<RankedTensorType>(getGamma().getType()).getShape();
  for (auto [i, axis] : llvm::enumerate(getAxes()))
    shape[axis] = gammaShape[i];
  auto spread = [&](Value v) {
    return b.make<ReshapeOp>(v, Value(), builder.getDenseI64ArrayAttr(shape));
  };
  Value normal = b.make<MultiplyOp>(centred, b.make<MultiplyOp>(inverse, spread(getGamma())));
  return {b.make<AddOp>(normal, spread(getBeta()))};
}

/// The tensor [..., columns] that horn.pack made panels [P, ..., W] of.
static Value unpack(GraphBuilder &b, Value panels, int64_t columns) {
  auto panelShape = cast<RankedTensorType>(panels.getType()).getShape();
  int64_t rank = panelShape.size();
  auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(1, rank - 1));
  permutation.append({0, rank - 1});
  SmallVector<int64_t> shape(panelShape.drop_front());
  shape.back() *= panelShape.front();
  SmallVector<int64_t> starts(rank - 1, 0), steps(rank - 1, 1), limits = shape;
  limits.back() = columns;
  Value rows =
      b.make<ReshapeOp>(b.make<TransposeOp>(panels, i64s(permutation)), Value(), i64s(shape));
  return b.make<SliceOp>(rows, i64s(starts), i64s(limits), i64s(steps));
}

SmallVector<Value> PanelMatmulOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto no = builder.getBoolAttr(false);
  return {b.make<MatmulOp>(getX(), unpack(b, getPanels(), getColumns()), no, no)};
}

SmallVector<Value> AttendOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto no = builder.getBoolAttr(false);
  int64_t last = cast<RankedTensorType>(getScores().getType()).getRank() - 1;
  Value weights = b.make<SoftmaxOp>(getScores(), builder.getDenseI64ArrayAttr({last}));
  if (getFactors())
    weights = b.make<MultiplyOp>(weights, getFactors());
  return {b.make<MatmulOp>(weights, getValues(), no, no)};
}

SmallVector<Value> GateMatmulOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  ArrayRef<int64_t> panels = getPanels().getType().getShape();
  int64_t depth = panels[1], gates = panels[2], units = getUnits();
  auto i64s = [&](ArrayRef<int64_t> values) { return builder.getDenseI64ArrayAttr(values); };
  Value byGate = b.make<TransposeOp>(getPanels(), i64s({1, 2, 0, 3}));
  Value padded = b.make<ReshapeOp>(byGate, Value(), i64s({depth, gates, panels[0] * panels[3]}));
  Value whole =
      b.make<SliceOp>(padded, i64s({0, 0, 0}), i64s({depth, gates, units}), i64s({1, 1, 1}));
  Value matrix = b.make<ReshapeOp>(whole, Value(), i64s({depth, gates * units}));
  auto no = builder.getBoolAttr(false);
  return {b.make<MatmulOp>(getX(), matrix, no, no)};
}

/// The kernel [spatial..., C / groups, F] of kernels [groups, spatial..., C / groups, F / groups].
static Value joinGroups(GraphBuilder &b, Value kernels) {
  auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
  ArrayRef<int64_t> shape = cast<RankedTensorType>(kernels.getType()).getShape();
  int64_t rank = shape.size();
  SmallVector<int64_t> permutation = llvm::to_vector(llvm::seq<int64_t>(1, rank - 1)),
                       joined(shape.drop_front());
  permutation.append({0, rank - 1});
  joined.back() *= shape.front();
  return b.make<ReshapeOp>(b.make<TransposeOp>(kernels, i64s(permutation)), Value(), i64s(joined));
}

SmallVector<Value> PanelConvOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  Value kernel = unpack(b, getPanels(), getColumns());
  if (getGroups() > 1 && !sharesPanels())
    kernel = joinGroups(b, kernel);
  return {b.make<ConvOp>(getX(), kernel, getStridesAttr(), getDilationsAttr(), getGroupsAttr(),
                         getPaddingAttr())};
}

#define GET_OP_CLASSES
#include "dialects/horn/HornActivationOps.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/horn/HornCompositeOps.cpp.inc"
