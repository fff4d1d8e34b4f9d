// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/ShapeRules.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;

namespace horn::ir::detail {

static std::string dimText(AffineExpr dim) {
  auto value = constantValue(dim);
  return value ? std::to_string(*value) : "?";
}

/// One axis of a broadcast; null when the sizes contradict.
static AffineExpr broadcastDim(ShapeScope &scope, AffineExpr a, AffineExpr b) {
  auto x = constantValue(a), y = constantValue(b);
  if (a == b || (y && *y == 1))
    return a;
  if (x && *x == 1)
    return b;
  if (x && y)
    return nullptr;
  return x ? a : y ? b : a;
}

FailureOr<Dims> broadcastDims(ShapeScope &scope, ArrayRef<AffineExpr> a, ArrayRef<AffineExpr> b) {
  size_t rank = std::max(a.size(), b.size());
  Dims result(rank);
  for (size_t i = 0; i < rank; ++i) {
    AffineExpr x = i < rank - a.size() ? scope.constant(1) : a[i - (rank - a.size())];
    AffineExpr y = i < rank - b.size() ? scope.constant(1) : b[i - (rank - b.size())];
    result[i] = broadcastDim(scope, x, y);
    if (!result[i])
      return scope.refuse("shapes cannot be broadcast together: sizes " + dimText(x) + " and " +
                          dimText(y) + " on axis " + Twine(i));
  }
  return result;
}

LogicalResult broadcastRule(ShapeScope &scope, ArrayRef<Dims> operands,
                            SmallVectorImpl<Dims> &results) {
  Dims dims = operands.front();
  for (const Dims &operand : operands.drop_front()) {
    FailureOr<Dims> joined = broadcastDims(scope, dims, operand);
    if (failed(joined))
      return failure();
    dims = *joined;
  }
  results.push_back(dims);
  return success();
}

LogicalResult checkAxes(ShapeScope &scope, ArrayRef<int64_t> axes, size_t rank) {
  llvm::SmallBitVector seen(rank);
  for (int64_t axis : axes) {
    if (axis < 0 || axis >= static_cast<int64_t>(rank))
      return scope.refuse("axis " + Twine(axis) + " is outside a tensor of rank " + Twine(rank));
    if (seen[axis])
      return scope.refuse("axis " + Twine(axis) + " is named twice");
    seen.set(axis);
  }
  return success();
}

LogicalResult checkNormal(ShapeScope &scope, ArrayRef<int64_t> axes, ArrayRef<Dims> operands) {
  if (failed(checkAxes(scope, axes, operands[0].size())))
    return failure();
  for (const Dims &operand : operands.drop_front()) {
    if (operand.size() != axes.size())
      return scope.refuse("scales and statistics must have rank " + Twine(axes.size()) +
                          ", as many as axes, not " + Twine(operand.size()));
    for (auto [axis, size] : llvm::zip_equal(axes, operand)) {
      auto have = constantValue(size), want = constantValue(operands[0][axis]);
      if (have && want && *have != *want)
        return scope.refuse("scales and statistics must have size " + Twine(*want) +
                            " along axis " + Twine(axis) + ", not " + Twine(*have));
    }
  }
  return success();
}

LogicalResult reduceRule(ShapeScope &scope, const Dims &x, ArrayRef<int64_t> axes, bool keepdims,
                         SmallVectorImpl<Dims> &results) {
  if (failed(checkAxes(scope, axes, x.size())))
    return failure();
  Dims dims;
  for (auto [axis, size] : llvm::enumerate(x)) {
    if (!llvm::is_contained(axes, static_cast<int64_t>(axis)))
      dims.push_back(size);
    else if (keepdims)
      dims.push_back(scope.constant(1));
  }
  results.push_back(dims);
  return success();
}

LogicalResult poolRule(ShapeScope &scope, const Dims &x, ArrayRef<int64_t> window,
                       ArrayRef<int64_t> strides, StringRef padding,
                       SmallVectorImpl<Dims> &results) {
  if (window.size() + 2 != x.size() || strides.size() != window.size())
    return scope.refuse("a window of rank " + Twine(window.size()) + " needs an input of rank " +
                        Twine(window.size() + 2) + " and as many strides");
  if (padding != "same" && padding != "valid")
    return scope.refuse("padding must be \"same\" or \"valid\", not \"" + padding + "\"");
  Dims dims = x;
  for (auto [i, size] : llvm::enumerate(window)) {
    if (size < 1 || strides[i] < 1)
      return scope.refuse("window sizes and strides must be at least 1");
    dims[i + 1] = windowCount(scope, x[i + 1], size, strides[i], 1, padding);
  }
  results.push_back(dims);
  return success();
}

} // namespace horn::ir::detail
