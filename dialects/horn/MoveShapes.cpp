// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shape rules of ops that move elements.
#include "dialects/horn/HornShapeOps.h"
#include "dialects/horn/ShapeRules.h"

using namespace mlir;
using namespace horn::ir;

/// Resolves a `shape` attribute. -1 becomes a null expression, for the caller to fill in.
/// With `alignRight`, -2 pairs the last axes, as broadcasting does.
static FailureOr<Dims> resolveShape(ShapeScope &scope, ArrayRef<int64_t> shape, const Dims &x,
                                    const Dims *like, bool alignRight) {
  Dims dims;
  for (auto [i, entry] : llvm::enumerate(shape)) {
    int64_t axis =
        alignRight ? static_cast<int64_t>(i + x.size()) - static_cast<int64_t>(shape.size()) : i;
    if (entry >= 0)
      dims.push_back(scope.constant(entry));
    else if (entry == kInferred)
      dims.push_back(nullptr);
    else if (entry == kSameAxis && axis >= 0 && axis < static_cast<int64_t>(x.size()))
      dims.push_back(x[axis]);
    else if (entry <= kLikeAxis && like && kLikeAxis - entry < static_cast<int64_t>(like->size()))
      dims.push_back((*like)[kLikeAxis - entry]);
    else
      return scope.refuse("entry " + Twine(entry) +
                          " of a shape names an axis that does not exist");
  }
  return dims;
}

static const Dims *likeOf(ArrayRef<Dims> operands) {
  return operands.size() > 1 ? &operands[1] : nullptr;
}

LogicalResult ReshapeOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                   SmallVectorImpl<Dims> &results) {
  const Dims &x = operands[0];
  FailureOr<Dims> dims =
      resolveShape(scope, op.getShape(), x, likeOf(operands), /*alignRight=*/false);
  if (failed(dims))
    return failure();
  Dims known;
  AffineExpr *inferred = nullptr;
  for (AffineExpr &dim : *dims) {
    if (dim)
      known.push_back(dim);
    else if (inferred)
      return scope.refuse("only one entry of a shape may be -1");
    else
      inferred = &dim;
  }
  // As unknown sizes that stand on both sides, sizes 0 on both sides cancel: an empty batch is no
  // obstacle to finding the row's size.
  Dims rest = x;
  for (AffineExpr &size : known)
    if (auto *same = llvm::find(rest, size);
        inferred && constantValue(size) == 0 && same != rest.end())
      size = *same = scope.constant(1);
  AffineExpr have = scope.product(rest), want = scope.product(known);
  auto haveCount = constantValue(have), wantCount = constantValue(want);
  if (inferred) {
    if (haveCount && wantCount && (*wantCount == 0 || *haveCount % *wantCount != 0))
      return scope.refuse(Twine(*haveCount) + " elements cannot be split into rows of " +
                          Twine(*wantCount));
    *inferred = scope.exactQuotient(have, want);
  } else if (haveCount && wantCount && *haveCount != *wantCount) {
    return scope.refuse("cannot reshape " + Twine(*haveCount) + " elements into " +
                        Twine(*wantCount));
  }
  // An unknown size of the operand that the shape names as a number stays a runtime check.
  results.push_back(*dims);
  return success();
}

LogicalResult BroadcastToOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                       SmallVectorImpl<Dims> &results) {
  FailureOr<Dims> dims =
      resolveShape(scope, op.getShape(), operands[0], likeOf(operands), /*alignRight=*/true);
  if (failed(dims))
    return failure();
  if (llvm::is_contained(*dims, AffineExpr()))
    return scope.refuse("broadcast_to cannot infer a size");
  FailureOr<Dims> joined = detail::broadcastDims(scope, operands[0], *dims);
  if (failed(joined))
    return failure();
  // The operand may not be the larger one anywhere.
  if (joined->size() != dims->size())
    return scope.refuse("broadcast_to cannot drop axes");
  for (auto [wanted, found] : llvm::zip_equal(*dims, *joined))
    if (auto a = constantValue(wanted), b = constantValue(found); a && b && *a != *b)
      return scope.refuse("broadcast_to cannot shrink size " + Twine(*b) + " to " + Twine(*a));
  results.push_back(*dims);
  return success();
}

LogicalResult TransposeOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                     SmallVectorImpl<Dims> &results) {
  if (op.getPermutation().size() != operands[0].size() ||
      failed(detail::checkAxes(scope, op.getPermutation(), operands[0].size())))
    return scope.refuse("the permutation must name each axis once");
  Dims dims;
  for (int64_t axis : op.getPermutation())
    dims.push_back(operands[0][axis]);
  results.push_back(dims);
  return success();
}

LogicalResult ConcatenateOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                       SmallVectorImpl<Dims> &results) {
  size_t axis = op.getAxis();
  if (operands.empty() || axis >= operands[0].size())
    return scope.refuse("concatenate needs operands that have axis " + Twine(axis));
  Dims dims = operands[0];
  for (const Dims &operand : operands.drop_front()) {
    if (operand.size() != dims.size())
      return scope.refuse("concatenate needs operands of equal rank");
    for (size_t i = 0; i < dims.size(); ++i) {
      auto a = constantValue(dims[i]), b = constantValue(operand[i]);
      if (i != axis && a && b && *a != *b)
        return scope.refuse("concatenate needs equal sizes on axis " + Twine(i) + ", not " +
                            Twine(*a) + " and " + Twine(*b));
      if (i != axis && !a && b)
        dims[i] = operand[i];
    }
    dims[axis] = dims[axis] + operand[axis];
  }
  results.push_back(dims);
  return success();
}

LogicalResult SliceOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                 SmallVectorImpl<Dims> &results) {
  size_t rank = operands[0].size();
  if (op.getStarts().size() != rank || op.getLimits().size() != rank ||
      op.getSteps().size() != rank)
    return scope.refuse("slice needs a start, a limit and a step for each axis");
  Dims dims;
  for (size_t i = 0; i < rank; ++i) {
    if (op.getSteps()[i] == 0)
      return scope.refuse("a slice's step must not be 0");
    dims.push_back(
        sliceRange(scope, operands[0][i], op.getStarts()[i], op.getLimits()[i], op.getSteps()[i])
            .count);
  }
  results.push_back(dims);
  return success();
}

LogicalResult PadOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                               SmallVectorImpl<Dims> &results) {
  size_t rank = operands[0].size();
  if (op.getLow().size() != rank || op.getHigh().size() != rank || op.getInterior().size() != rank)
    return scope.refuse("pad needs low, high and interior for each axis");
  Dims dims;
  for (size_t i = 0; i < rank; ++i) {
    int64_t low = op.getLow()[i], high = op.getHigh()[i], interior = op.getInterior()[i];
    if (low < 0 || high < 0 || interior < 0)
      return scope.refuse("padding must not be negative");
    AffineExpr size = operands[0][i];
    AffineExpr between =
        interior ? scope.max(size - 1, scope.constant(0)) * interior : scope.constant(0);
    dims.push_back(size + between + (low + high));
  }
  results.push_back(dims);
  return success();
}

LogicalResult ReverseOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                   SmallVectorImpl<Dims> &results) {
  results.push_back(operands[0]);
  return detail::checkAxes(scope, op.getAxes(), operands[0].size());
}

LogicalResult TakeOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                SmallVectorImpl<Dims> &results) {
  size_t axis = op.getAxis();
  const Dims &table = operands[0];
  if (axis >= table.size())
    return scope.refuse("take needs a table that has axis " + Twine(axis));
  Dims dims(table.begin(), table.begin() + axis);
  llvm::append_range(dims, operands[1]);
  llvm::append_range(dims, ArrayRef(table).drop_front(axis + 1));
  results.push_back(dims);
  return success();
}

LogicalResult TakeOp::verify() {
  if (getMode() != "clip" && getMode() != "fill" && getMode() != "wrap")
    return emitOpError("mode must be \"clip\", \"fill\" or \"wrap\", not \"") << getMode() << "\"";
  return success();
}

LogicalResult TakeAlongAxisOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                         SmallVectorImpl<Dims> &results) {
  size_t axis = op.getAxis();
  if (operands[0].size() != operands[1].size() || axis >= operands[0].size())
    return scope.refuse("take_along_axis needs operands of equal rank that have its axis");
  Dims x = operands[0], indices = operands[1];
  x[axis] = indices[axis] = scope.constant(1);
  FailureOr<Dims> dims = detail::broadcastDims(scope, x, indices);
  if (failed(dims))
    return failure();
  (*dims)[axis] = operands[1][axis];
  results.push_back(*dims);
  return success();
}

LogicalResult ScatterOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                   SmallVectorImpl<Dims> &results) {
  const Dims &x = operands[0], &updates = operands[2];
  if (x.empty() || operands[1].size() != 1 || updates.size() != x.size())
    return scope.refuse("scatter needs a vector of indices and updates of its operand's rank");
  for (size_t i = 0; i < x.size(); ++i) {
    auto own = constantValue(i ? x[i] : operands[1][0]), other = constantValue(updates[i]);
    if (own && other && *own != *other)
      return scope.refuse("scatter needs updates of size " + Twine(*own) + " on axis " + Twine(i) +
                          ", not " + Twine(*other));
  }
  results.push_back(x);
  return success();
}

LogicalResult ScatterOp::verify() {
  static constexpr StringLiteral known[] = {"set", "add", "multiply", "maximum", "minimum"};
  if (!llvm::is_contained(known, getCombine()))
    return emitOpError("does not know how to combine by \"") << getCombine() << "\"";
  if (getElementTypeOrSelf(getX().getType()) != getElementTypeOrSelf(getUpdates().getType()))
    return emitOpError("needs updates of its operand's element type");
  return success();
}

LogicalResult IotaOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                SmallVectorImpl<Dims> &results) {
  FailureOr<Dims> dims =
      resolveShape(scope, op.getShape(), {}, operands.empty() ? nullptr : &operands[0],
                   /*alignRight=*/false);
  if (failed(dims))
    return failure();
  if (llvm::is_contained(*dims, AffineExpr()) || op.getAxis() >= dims->size())
    return scope.refuse("iota needs a full shape that has its axis");
  results.push_back(*dims);
  return success();
}

#define GET_OP_CLASSES
#include "dialects/horn/HornShapeOps.cpp.inc"
