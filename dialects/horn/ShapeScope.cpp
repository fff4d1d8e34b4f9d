// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/ShapeScope.h"

#include <limits>

using namespace mlir;

namespace horn::ir {

std::optional<int64_t> constantValue(AffineExpr expr) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  return std::nullopt;
}

RankedTensorType typeOf(ArrayRef<AffineExpr> dims, Type element) {
  SmallVector<int64_t> shape;
  for (AffineExpr dim : dims)
    shape.push_back(constantValue(dim).value_or(ShapedType::kDynamic));
  return RankedTensorType::get(shape, element);
}

AffineExpr ShapeScope::symbol() { return getAffineSymbolExpr(numSymbols_++, context_); }

const DerivedSymbol *ShapeScope::derived(unsigned symbol) const {
  for (const auto &[index, meaning] : derived_)
    if (index == symbol)
      return &meaning;
  return nullptr;
}

AffineExpr ShapeScope::derive(DerivedSymbol::Kind kind, AffineExpr a, AffineExpr b) {
  if (a == b)
    return a;
  auto x = constantValue(a), y = constantValue(b);
  if (x && y)
    return constant(kind == DerivedSymbol::Kind::Max ? std::max(*x, *y) : std::min(*x, *y));
  for (const auto &[index, known] : derived_)
    if (known.kind == kind && known.a == a && known.b == b)
      return getAffineSymbolExpr(index, context_);
  AffineExpr result = symbol();
  derived_.push_back({numSymbols_ - 1, {kind, a, b}});
  return result;
}

AffineExpr ShapeScope::max(AffineExpr a, AffineExpr b) {
  return derive(DerivedSymbol::Kind::Max, a, b);
}

AffineExpr ShapeScope::min(AffineExpr a, AffineExpr b) {
  return derive(DerivedSymbol::Kind::Min, a, b);
}

AffineExpr ShapeScope::product(ArrayRef<AffineExpr> dims) const {
  AffineExpr result = constant(1);
  for (AffineExpr dim : dims)
    result = result * dim;
  return result;
}

/// Splits a product into a constant and its other factors.
static int64_t collectFactors(AffineExpr expr, SmallVectorImpl<AffineExpr> &factors) {
  if (auto constant = constantValue(expr))
    return *constant;
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
      binary && expr.getKind() == AffineExprKind::Mul)
    return collectFactors(binary.getLHS(), factors) * collectFactors(binary.getRHS(), factors);
  factors.push_back(expr);
  return 1;
}

AffineExpr ShapeScope::exactQuotient(AffineExpr a, AffineExpr b) const {
  SmallVector<AffineExpr> numerator, denominator;
  int64_t top = collectFactors(a, numerator), bottom = collectFactors(b, denominator);
  for (AffineExpr factor : llvm::make_early_inc_range(llvm::to_vector(denominator)))
    if (auto *found = llvm::find(numerator, factor); found != numerator.end()) {
      numerator.erase(found);
      denominator.erase(llvm::find(denominator, factor));
    }
  AffineExpr rest = product(numerator);
  if (denominator.empty() && bottom != 0 && top % bottom == 0)
    return rest * (top / bottom);
  if (bottom == 0)
    return constant(0);
  return (rest * top).floorDiv(product(denominator) * bottom);
}

Dims ShapeScope::dimsOf(RankedTensorType type) {
  Dims dims;
  for (int64_t size : type.getShape())
    dims.push_back(ShapedType::isDynamic(size) ? symbol() : constant(size));
  return dims;
}

LogicalResult ShapeScope::refuse(const Twine &message) {
  error = message.str();
  return failure();
}

AffineExpr windowCount(ShapeScope &scope, AffineExpr size, int64_t window, int64_t stride,
                       int64_t dilation, StringRef padding) {
  if (padding == "same")
    return size.ceilDiv(stride);
  int64_t extent = (window - 1) * dilation + 1;
  AffineExpr positions = (size - extent).floorDiv(stride) + 1;
  return scope.max(positions, scope.constant(0));
}

Padding windowPadding(ShapeScope &scope, AffineExpr size, int64_t window, int64_t stride,
                      int64_t dilation, StringRef padding) {
  AffineExpr zero = scope.constant(0);
  if (padding != "same")
    return {zero, zero};
  int64_t extent = (window - 1) * dilation + 1;
  // total = max((ceil(size / stride) - 1) * stride + extent - size, 0); with stride 1 it is
  // extent - 1 for any size.
  AffineExpr total = stride == 1
                         ? scope.constant(extent - 1)
                         : scope.max((size.ceilDiv(stride) - 1) * stride + extent - size, zero);
  AffineExpr low = total.floorDiv(2);
  return {low, total - low};
}

/// Python's clamping of a bound: negative ones count from the end.
static AffineExpr clampBound(ShapeScope &scope, AffineExpr size, int64_t bound, AffineExpr lowest,
                             AffineExpr highest) {
  if (bound == std::numeric_limits<int64_t>::min() || (bound == 0 && lowest == scope.constant(0)))
    return lowest;
  if (bound == std::numeric_limits<int64_t>::max())
    return highest;
  AffineExpr position = bound < 0 ? size + bound : scope.constant(bound);
  return scope.max(scope.min(position, highest), lowest);
}

SliceRange sliceRange(ShapeScope &scope, AffineExpr size, int64_t start, int64_t limit,
                      int64_t step) {
  AffineExpr zero = scope.constant(0);
  if (step > 0) {
    AffineExpr first = clampBound(scope, size, start, zero, size);
    AffineExpr last = clampBound(scope, size, limit, zero, size);
    AffineExpr count = (last - first).ceilDiv(step);
    // From the start on nothing is left out at the front, so the count cannot be negative.
    return {first, first == zero ? count : scope.max(count, zero)};
  }
  // Backwards, open ends mean "from the last element" and "through the first".
  AffineExpr before = scope.constant(-1), end = size - 1;
  AffineExpr first = start == std::numeric_limits<int64_t>::max()
                         ? end
                         : clampBound(scope, size, start, before, end);
  AffineExpr last = limit == std::numeric_limits<int64_t>::min()
                        ? before
                        : clampBound(scope, size, limit, before, end);
  return {first, scope.max((first - last).ceilDiv(-step), zero)};
}

} // namespace horn::ir
