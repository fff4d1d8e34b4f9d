// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Gives contractions with weights the layout that their kernels read.
#include "compiler/analysis/WeightOnly.h"
#include "compiler/codegen/TileSizes.h"
#include "compiler/graph/Passes.h"
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

/// Why a convolution stays as it is; empty if it can use panels.
static StringRef whyNot(ConvOp op, const WeightOnly &weights) {
  auto element = op.getType().getElementType();
  if (!element.isF32() && !element.isF64())
    return "only f32 and f64 have panel kernels";
  if (!weights.contains(op.getKernel()))
    return "its kernel is computed in each run";
  return op.getGroups() != 1 ? "it has groups" : "";
}

namespace {
struct PackWeights : graph::impl::PackWeightsBase<PackWeights> {
  using PackWeightsBase::PackWeightsBase;

  void runOnOperation() override {
    WeightOnly weights(getOperation());
    SmallVector<Operation *> contractions;
    getOperation()->walk([&](Operation *op) {
      if (isa<MatmulOp, ConvOp>(op))
        contractions.push_back(op);
    });
    for (Operation *op : contractions) {
      auto matmul = dyn_cast<MatmulOp>(op);
      StringRef reason = matmul ? whyNot(matmul, weights) : whyNot(cast<ConvOp>(op), weights);
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

  /// The panels of a tensor [..., N], in the width that suits N.
  Value pack(OpBuilder &builder, Operation *op, Value w) {
    auto type = cast<RankedTensorType>(w.getType());
    int64_t vectorLanes = type.getElementType().isF64() ? lanes / 2 : lanes,
            columns = type.getShape().back();
    int64_t width = codegen::chooseTile(columns, vectorLanes, registers).vectors * vectorLanes;
    remarkApplied(op, kPass,
                  Twine("weights of ") + layerName(op) + " packed into panels of " + Twine(width) +
                      " columns, once when they are set");
    return PackOp::create(builder, w.getLoc(), w, builder.getI64IntegerAttr(width));
  }

  Value packMatmul(OpBuilder &builder, MatmulOp op) {
    Value w = op.getB();
    if (op.getTransposeB())
      w = TransposeOp::create(builder, w.getLoc(), w, builder.getDenseI64ArrayAttr({1, 0}));
    int64_t columns = op.getType().getShape().back();
    return PanelMatmulOp::create(builder, op.getLoc(), op.getA(), pack(builder, op, w),
                                 builder.getI64IntegerAttr(columns));
  }

  Value packConv(OpBuilder &builder, ConvOp op) {
    ArrayRef<int64_t> kernel = op.getKernel().getType().getShape();
    return PanelConvOp::create(builder, op.getLoc(), op.getX(), pack(builder, op, op.getKernel()),
                               builder.getI64IntegerAttr(kernel.back()),
                               builder.getDenseI64ArrayAttr(kernel.drop_back(2)),
                               op.getStridesAttr(), op.getDilationsAttr(), op.getPaddingAttr());
  }
};
} // namespace
