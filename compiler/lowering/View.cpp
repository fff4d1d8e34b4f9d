// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/View.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;
using horn::ir::ShapeScope;

namespace horn::lowering {

Dims rowMajorStrides(ShapeScope &scope, ArrayRef<AffineExpr> shape) {
  Dims strides(shape.size());
  AffineExpr stride = scope.constant(1);
  for (size_t i = shape.size(); i-- > 0;) {
    strides[i] = stride;
    stride = stride * shape[i];
  }
  return strides;
}

static bool isOne(AffineExpr expr) { return constantValue(expr) == 1; }

bool isContiguous(ShapeScope &scope, const View &view) {
  Dims dense = rowMajorStrides(scope, view.shape);
  for (unsigned i = 0; i < view.rank(); ++i)
    if (!isOne(view.shape[i]) && view.strides[i] != dense[i])
      return false;
  return true;
}

bool hasUnitStride(const View &view) {
  return view.rank() == 0 || isOne(view.shape.back()) || isOne(view.strides.back());
}

View transposed(const View &view, ArrayRef<int64_t> permutation) {
  View result = view;
  for (auto [i, axis] : llvm::enumerate(permutation)) {
    result.shape[i] = view.shape[axis];
    result.strides[i] = view.strides[axis];
  }
  return result;
}

View reversed(ShapeScope &scope, const View &view, ArrayRef<int64_t> axes) {
  View result = view;
  for (int64_t axis : axes) {
    result.offset = result.offset + (view.shape[axis] - 1) * view.strides[axis];
    result.strides[axis] = view.strides[axis] * -1;
  }
  return result;
}

View sliced(ShapeScope &scope, const View &view, ArrayRef<int64_t> starts, ArrayRef<int64_t> limits,
            ArrayRef<int64_t> steps) {
  View result = view;
  for (unsigned axis = 0; axis < view.rank(); ++axis) {
    ir::SliceRange range =
        sliceRange(scope, view.shape[axis], starts[axis], limits[axis], steps[axis]);
    result.offset = result.offset + range.start * view.strides[axis];
    result.shape[axis] = range.count;
    result.strides[axis] = view.strides[axis] * steps[axis];
  }
  return result;
}

View narrowed(const View &view, unsigned axis, AffineExpr start, AffineExpr count) {
  View result = view;
  result.offset = result.offset + start * view.strides[axis];
  result.shape[axis] = count;
  return result;
}

View broadcast(ShapeScope &scope, const View &view, ArrayRef<AffineExpr> shape) {
  View result = view;
  result.shape = Dims(shape);
  result.strides.assign(shape.size(), scope.constant(0));
  unsigned leading = shape.size() - view.rank();
  for (unsigned i = 0; i < view.rank(); ++i)
    if (!isOne(view.shape[i]))
      result.strides[leading + i] = view.strides[i];
  return result;
}

/// Whether axes [first, last) of a view are one axis in memory.
static bool areMergeable(const View &view, unsigned first, unsigned last) {
  for (unsigned i = first; i + 1 < last; ++i)
    if (view.strides[i] != view.strides[i + 1] * view.shape[i + 1])
      return false;
  return true;
}

std::optional<View> reshaped(ShapeScope &scope, const View &view, ArrayRef<AffineExpr> shape) {
  View result = view;
  result.shape = Dims(shape);
  if (isContiguous(scope, view)) {
    result.strides = rowMajorStrides(scope, shape);
    return result;
  }
  // Without axes of size 1, groups of axes with equal products must each be one axis in memory.
  View old = view;
  for (unsigned i = old.rank(); i-- > 0;)
    if (isOne(old.shape[i])) {
      old.shape.erase(old.shape.begin() + i);
      old.strides.erase(old.strides.begin() + i);
    }
  result.strides.assign(shape.size(), scope.constant(0));
  unsigned from = 0, to = 0;
  while (from < old.rank() || to < shape.size()) {
    if (to < shape.size() && isOne(shape[to])) {
      ++to;
      continue;
    }
    if (from == old.rank() || to == shape.size())
      return std::nullopt;
    unsigned fromEnd = from + 1, toEnd = to + 1;
    AffineExpr have = old.shape[from], want = shape[to];
    while (have != want) {
      auto x = constantValue(have), y = constantValue(want);
      bool growHave = x && y ? *x < *y : fromEnd < old.rank() && (toEnd == shape.size() || !x);
      if (growHave && fromEnd < old.rank())
        have = have * old.shape[fromEnd++];
      else if (toEnd < shape.size())
        want = want * shape[toEnd++];
      else
        return std::nullopt;
    }
    if (!areMergeable(old, from, fromEnd))
      return std::nullopt;
    AffineExpr stride = old.strides[fromEnd - 1];
    for (unsigned i = toEnd; i-- > to;) {
      result.strides[i] = stride;
      stride = stride * shape[i];
    }
    from = fromEnd;
    to = toEnd;
  }
  return result;
}

void collapseAxes(ShapeScope &scope, Dims &shape, MutableArrayRef<Dims *> strides,
                  unsigned keepLast) {
  auto erase = [&](unsigned axis) {
    shape.erase(shape.begin() + axis);
    for (Dims *list : strides)
      list->erase(list->begin() + axis);
  };
  for (unsigned i = shape.size() - keepLast; i-- > 0;)
    if (isOne(shape[i]))
      erase(i);
  for (unsigned i = shape.size() - keepLast; i-- > 1;) {
    bool merge =
        llvm::all_of(strides, [&](Dims *list) { return (*list)[i - 1] == (*list)[i] * shape[i]; });
    if (!merge)
      continue;
    // The merged axis has the inner one's strides.
    shape[i] = shape[i - 1] * shape[i];
    erase(i - 1);
  }
}

} // namespace horn::lowering
