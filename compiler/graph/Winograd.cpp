// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions of 3 x 3 by Winograd's F(4x4, 3x3).
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

  /// Why the transforms would cost more than they save; empty if they pay.
  StringRef whyNot(ConvOp conv) const {
    RankedTensorType x = conv.getX().getType(), y = conv.getType();
    if (x.isDynamicDim(1) || x.isDynamicDim(2))
      return "the size of the picture is unknown";
    if (x.getDimSize(3) < minChannels || y.getDimSize(3) < minChannels)
      return "it has few channels";
    return y.getDimSize(1) * y.getDimSize(2) < minPixels ? "it has few pixels" : "";
  }

  void rewrite(ConvOp conv) {
    if (StringRef reason = whyNot(conv); !reason.empty())
      return remarkMissed(conv, kPass, Twine(layerName(conv)) + " not by Winograd: " + reason);
    remarkApplied(conv, kPass,
                  Twine(layerName(conv)) + " by Winograd's F(4x4, 3x3): a quarter of the products");
    OpBuilder builder(conv);
    GraphBuilder b(builder, conv.getLoc());
    RankedTensorType y = conv.getType();
    int64_t height = y.getDimSize(1), width = y.getDimSize(2);
    auto i64 = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
    auto no = builder.getBoolAttr(false);
    int64_t low = conv.getPadding() == "same" ? 1 : 0;
    Value tiles =
        b.make<WinogradTilesOp>(conv.getX(), i64(numTiles(height)), i64(numTiles(width)), i64(low));
    Value products = b.make<MatmulOp>(tiles, transformedKernel(b, conv.getKernel()), no, no);
    conv.replaceAllUsesWith(b.make<WinogradPixelsOp>(products, i64(height), i64(width)));
    conv.erase();
  }

  /// G g G^T of each pair of channels: [36, C, F]. Depends on weights alone.
  static Value transformedKernel(GraphBuilder &b, Value kernel) {
    auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
    auto no = b.builder.getBoolAttr(false);
    ArrayRef<int64_t> shape = cast<RankedTensorType>(kernel.getType()).getShape();
    int64_t pairs = shape[2] * shape[3];
    Value factor = b.matrix(kWeights, kernel);
    Value flat = b.make<ReshapeOp>(kernel, Value(), i64s({kKernel, kKernel * pairs}));
    Value byRow = b.make<ReshapeOp>(b.make<MatmulOp>(factor, flat, no, no), Value(),
                                    i64s({kPoints, kKernel, pairs}));
    Value scaled =
        b.make<DivideOp>(b.make<MatmulOp>(factor, byRow, no, no), b.scalar(kWeightsScale, kernel));
    return b.make<ReshapeOp>(scaled, Value(), i64s({kPoints * kPoints, shape[2], shape[3]}));
  }
};
} // namespace
