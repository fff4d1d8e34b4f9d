// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Two ops of a kind in a row that are the same as one.
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace horn::ir;

/// The shape of `outer` as one of the operand of `inner`: "the operand's size on this axis" is
/// replaced by what `inner` puts there. None if that has no code.
static std::optional<SmallVector<int64_t>> composeShapes(ReshapeOp inner, ReshapeOp outer) {
  SmallVector<int64_t> shape(outer.getShape());
  for (auto [entry, size] : llvm::zip_equal(shape, outer.getType().getShape()))
    if (entry < 0 && !ShapedType::isDynamic(size))
      entry = size;
  Value like = outer.getLike() ? outer.getLike() : inner.getLike();
  for (auto [axis, entry] : llvm::enumerate(shape)) {
    if (entry != kSameAxis)
      continue;
    entry = inner.getShape()[axis];
    if (entry < kSameAxis && inner.getLike() != like)
      return std::nullopt;
  }
  if (llvm::count(shape, kInferred) > 1)
    return std::nullopt;
  return shape;
}

// reshape(reshape(x)) = reshape(x)
LogicalResult ReshapeOp::canonicalize(ReshapeOp op, PatternRewriter &rewriter) {
  auto inner = op.getX().getDefiningOp<ReshapeOp>();
  if (!inner)
    return rewriter.notifyMatchFailure(op, "operand is no reshape");
  auto shape = composeShapes(inner, op);
  if (!shape)
    return rewriter.notifyMatchFailure(op, "the shapes do not compose");
  Value like = op.getLike() ? op.getLike() : inner.getLike();
  bool needsLike = llvm::any_of(*shape, [](int64_t entry) { return entry < kSameAxis; });
  rewriter.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), inner.getX(), needsLike ? like : Value(),
                                         *shape);
  return success();
}

// transpose(transpose(x, p), q) = transpose(x, p[q])
LogicalResult TransposeOp::canonicalize(TransposeOp op, PatternRewriter &rewriter) {
  auto inner = op.getX().getDefiningOp<TransposeOp>();
  if (!inner)
    return rewriter.notifyMatchFailure(op, "operand is no transpose");
  SmallVector<int64_t> permutation;
  for (int64_t axis : op.getPermutation())
    permutation.push_back(inner.getPermutation()[axis]);
  rewriter.replaceOpWithNewOp<TransposeOp>(op, op.getType(), inner.getX(), permutation);
  return success();
}

/// Whether every value of one element type is a value of the other.
static bool isLossless(Type from, Type to) {
  auto fromFloat = dyn_cast<FloatType>(from), toFloat = dyn_cast<FloatType>(to);
  if (fromFloat)
    return toFloat &&
           APFloat::isRepresentableBy(fromFloat.getFloatSemantics(), toFloat.getFloatSemantics());
  bool isUnsigned = from.isUnsignedInteger() || from.isInteger(1);
  unsigned bits = from.getIntOrFloatBitWidth() - (isUnsigned ? 0 : 1);
  if (toFloat)
    return bits <= toFloat.getFPMantissaWidth() && to.getIntOrFloatBitWidth() > bits;
  if (to.isUnsignedInteger() || to.isInteger(1))
    return isUnsigned && bits <= to.getIntOrFloatBitWidth();
  return bits < to.getIntOrFloatBitWidth();
}

// cast(cast(x)) = cast(x) if the inner one loses nothing
LogicalResult CastOp::canonicalize(CastOp op, PatternRewriter &rewriter) {
  auto inner = op.getX().getDefiningOp<CastOp>();
  if (!inner || !isLossless(getElementTypeOrSelf(inner.getX()), inner.getDtype()))
    return rewriter.notifyMatchFailure(op, "operand is no lossless cast");
  rewriter.replaceOpWithNewOp<CastOp>(op, op.getType(), inner.getX(), op.getDtype());
  return success();
}
