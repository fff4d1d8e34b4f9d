// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Folding to an operand: identities that change no value, not even of NaN or -0.
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornModuleOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/Matchers.h"

#include <limits>

using namespace mlir;
using namespace horn::ir;

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

/// Whether an attribute is a splat of `value`.
static bool isSplat(Attribute attribute, double value) {
  auto splat = dyn_cast_or_null<SplatElementsAttr>(attribute);
  if (!splat)
    return false;
  if (isa<FloatType>(splat.getElementType())) {
    APFloat found = splat.getSplatValue<APFloat>();
    return found.convertToDouble() == value && found.isNegative() == std::signbit(value);
  }
  return splat.getElementType().isIntOrIndex() &&
         splat.getSplatValue<APInt>().getSExtValue() == static_cast<int64_t>(value);
}

/// `x` if it has the result's type, so that it may stand for the result.
static OpFoldResult sameTyped(Value x, Type result) {
  return x.getType() == result ? OpFoldResult(x) : OpFoldResult();
}

// x + -0.0 = x (x + 0.0 would turn -0 into 0); integers: x + 0 = x.
OpFoldResult AddOp::fold(FoldAdaptor operands) {
  bool isFloat = isa<FloatType>(getA().getType().getElementType());
  return isSplat(operands.getB(), isFloat ? -0.0 : 0.0) ? sameTyped(getA(), getType())
                                                        : OpFoldResult();
}

// x - 0.0 = x
OpFoldResult SubtractOp::fold(FoldAdaptor operands) {
  return isSplat(operands.getB(), 0.0) ? sameTyped(getA(), getType()) : OpFoldResult();
}

// x * 1 = x
OpFoldResult MultiplyOp::fold(FoldAdaptor operands) {
  return isSplat(operands.getB(), 1.0) ? sameTyped(getA(), getType()) : OpFoldResult();
}

// x / 1 = x
OpFoldResult DivideOp::fold(FoldAdaptor operands) {
  return isSplat(operands.getB(), 1.0) ? sameTyped(getA(), getType()) : OpFoldResult();
}

// cast(x) to its own type = x
OpFoldResult CastOp::fold(FoldAdaptor) { return sameTyped(getX(), getType()); }

// transpose by 0, 1, 2, ... = x
OpFoldResult TransposeOp::fold(FoldAdaptor) {
  for (auto [i, axis] : llvm::enumerate(getPermutation()))
    if (static_cast<int64_t>(i) != axis)
      return {};
  return getX();
}

// reshape to a shape of at most one unknown size, on the same axis = x
OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getX().getType() != getType() || getType().getNumDynamicDims() > 1)
    return {};
  return getX();
}

// broadcast_to the operand's own shape = x
OpFoldResult BroadcastToOp::fold(FoldAdaptor) {
  if (getX().getType() != getType())
    return {};
  for (auto [size, entry] : llvm::zip_equal(getType().getShape(), getShape()))
    if (ShapedType::isDynamic(size) && entry != -2)
      return {};
  return getX();
}

// x[0:size:1] on all axes = x
OpFoldResult SliceOp::fold(FoldAdaptor) {
  for (auto [axis, size] : llvm::enumerate(getX().getType().getShape())) {
    int64_t limit = getLimits()[axis];
    bool reachesEnd = limit == std::numeric_limits<int64_t>::max() ||
                      (!ShapedType::isDynamic(size) && limit >= size);
    if (getStarts()[axis] != 0 || getSteps()[axis] != 1 || !reachesEnd)
      return {};
  }
  return sameTyped(getX(), getType());
}

// concatenate of one tensor = x
OpFoldResult ConcatenateOp::fold(FoldAdaptor) {
  return getXs().size() == 1 ? sameTyped(getXs().front(), getType()) : OpFoldResult();
}

// pad by nothing = x
OpFoldResult PadOp::fold(FoldAdaptor) {
  auto isZero = [](int64_t count) { return count == 0; };
  bool padsNothing = llvm::all_of(getLow(), isZero) && llvm::all_of(getHigh(), isZero) &&
                     llvm::all_of(getInterior(), isZero);
  return padsNothing ? sameTyped(getX(), getType()) : OpFoldResult();
}
