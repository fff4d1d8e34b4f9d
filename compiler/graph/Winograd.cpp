// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions of 3 x 3 by Winograd's F(2x2, 3x3) and F(4x4, 3x3).
#include "dialects/horn/Winograd.h"
#include "compiler/analysis/WeightOnly.h"
#include "compiler/graph/Passes.h"
#include "compiler/graph/Windows.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/Build.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornShapeOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_WINOGRAD
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::graph;
using namespace horn::ir;
using namespace horn::ir::winograd;

static constexpr StringLiteral kPass = "horn-winograd";

namespace {
struct Winograd : graph::impl::WinogradBase<Winograd> {
  using WinogradBase::WinogradBase;

  void runOnOperation() override {
    WeightOnly weights(getOperation());
    SmallVector<ConvOp> convolutions;
    getOperation()->walk([&](ConvOp conv) { convolutions.push_back(conv); });
    for (ConvOp conv : convolutions)
      if (isWindow(conv) && weights.contains(conv.getKernel()))
        rewrite(conv);
  }

  /// A dense window of 3 x 3 over f32, of which Winograd's form exists.
  static bool isWindow(ConvOp conv) {
    ArrayRef<int64_t> kernel = conv.getKernel().getType().getShape();
    return conv.getType().getElementType().isF32() && kernel.size() == 4 &&
           kernel.take_front(2) == ArrayRef<int64_t>{kKernel, kKernel} && conv.getGroups() == 1 &&
           isAllOnes(conv.getStrides()) && isAllOnes(conv.getDilations());
  }

  /// Why it stays as it is; empty if `form` is found.
  StringRef choose(ConvOp conv, const Form *&form) const {
    RankedTensorType x = conv.getX().getType(), y = conv.getType();
    if (x.isDynamicDim(1) || x.isDynamicDim(2))
      return "the size of the picture is unknown";
    if (x.getDimSize(3) < minChannels || y.getDimSize(3) < minChannels)
      return "it has few channels";
    if ((form = formOf(pixels)))
      return "";
    double best = directCost(y) * kWorthwhile;
    for (const Form *other : {formOf(2), formOf(4)})
      if (double cost = winogradCost(*other, x, y); cost < best) {
        best = cost;
        form = other;
      }
    return form ? "" : "the transforms would cost more than they save";
  }

  // Costs are in multiply-adds for one picture and one pair of a channel and a filter. Reading an
  // element of the weights from afar takes as long as 13 of them; a run has two pictures or more,
  // or waits for weights anyway. The transform of a point of a tile, with its way through the
  // caches, takes as long as 16.
  static constexpr double kWeightCost = 13.0 / 2, kTransformCost = 16, kWorthwhile = 0.9;

  static double directCost(RankedTensorType y) {
    int64_t taps = kKernel * kKernel;
    return static_cast<double>(y.getDimSize(1) * y.getDimSize(2) * taps) + kWeightCost * taps;
  }

  static double winogradCost(const Form &form, RankedTensorType x, RankedTensorType y) {
    int64_t points = form.points() * form.points(), channels = x.getDimSize(3),
            filters = y.getDimSize(3),
            tiles = form.numTiles(y.getDimSize(1)) * form.numTiles(y.getDimSize(2));
    double transform = kTransformCost * (1.0 / channels + 1.0 / filters);
    return points * (tiles * (1 + transform) + kWeightCost);
  }

  void rewrite(ConvOp conv) {
    const Form *form = nullptr;
    if (StringRef reason = choose(conv, form); !reason.empty())
      return remarkMissed(conv, kPass, Twine(layerName(conv)) + " not by Winograd: " + reason);
    remarkApplied(conv, kPass,
                  Twine(layerName(conv)) + " by Winograd's F(" + Twine(form->pixels) + "x" +
                      Twine(form->pixels) + ", 3x3)");
    OpBuilder builder(conv);
    GraphBuilder b(builder, conv.getLoc());
    RankedTensorType y = conv.getType();
    int64_t height = y.getDimSize(1), width = y.getDimSize(2);
    auto i64 = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
    auto no = builder.getBoolAttr(false);
    int64_t low = conv.getPadding() == "same" ? 1 : 0;
    Value tiles = b.make<WinogradTilesOp>(conv.getX(), i64(form->numTiles(height)),
                                          i64(form->numTiles(width)), i64(low), i64(form->pixels));
    Value products = b.make<MatmulOp>(tiles, transformedKernel(b, *form, conv.getKernel()), no, no);
    conv.replaceAllUsesWith(
        b.make<WinogradPixelsOp>(products, i64(height), i64(width), i64(form->pixels)));
    conv.erase();
  }

  /// G g G^T of each pair of channels: [points, C, F]. Depends on weights alone.
  static Value transformedKernel(GraphBuilder &b, const Form &form, Value kernel) {
    auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
    auto no = b.builder.getBoolAttr(false);
    ArrayRef<int64_t> shape = cast<RankedTensorType>(kernel.getType()).getShape();
    int64_t pairs = shape[2] * shape[3], points = form.points();
    Value factor = b.constant(form.weights.values, {points, kKernel}, kernel);
    Value flat = b.make<ReshapeOp>(kernel, Value(), i64s({kKernel, kKernel * pairs}));
    Value byRow = b.make<ReshapeOp>(b.make<MatmulOp>(factor, flat, no, no), Value(),
                                    i64s({points, kKernel, pairs}));
    Value scaled = b.make<DivideOp>(b.make<MatmulOp>(factor, byRow, no, no),
                                    b.scalar(form.weightsScale, kernel));
    return b.make<ReshapeOp>(scaled, Value(), i64s({points * points, shape[2], shape[3]}));
  }
};
} // namespace
