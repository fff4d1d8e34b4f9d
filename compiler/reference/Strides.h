// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Walks over several strided views of one shape, the loop under most ops that move or broadcast.
#pragma once

#include "compiler/reference/Tensor.h"

#include <array>

namespace horn::reference {

/// Distances between neighbours on each axis, in elements.
using Strides = Shape;

/// Strides of a row-major tensor.
Strides rowMajorStrides(llvm::ArrayRef<int64_t> shape);
/// Strides that make a row-major tensor of shape `from` look like one of shape `to`: 0 on axes that
/// are repeated or missing in front.
Strides broadcastStrides(llvm::ArrayRef<int64_t> from, llvm::ArrayRef<int64_t> to);

/// Sizes before, of and after an axis.
struct AxisSplit {
  AxisSplit(llvm::ArrayRef<int64_t> shape, int64_t axis)
      : outer(countOf(shape.take_front(axis))), size(shape[axis]),
        inner(countOf(shape.drop_front(axis + 1))) {}
  int64_t outer, size, inner;
};

/// The positions of `numViews` strided views at the start of a row (the last axis of the walk).
template <size_t numViews> struct Row {
  std::array<int64_t, numViews> offsets;
  std::array<int64_t, numViews> steps; ///< strides along the row
  int64_t size;
};

/// Calls `body(const Row &)` for each row of `shape` in row-major order.
template <size_t numViews, typename Body>
void forEachRow(llvm::ArrayRef<int64_t> shape, const std::array<Strides, numViews> &strides,
                Body body) {
  if (countOf(shape) == 0)
    return;
  Row<numViews> row = {};
  row.size = shape.empty() ? 1 : shape.back();
  for (size_t view = 0; view < numViews; ++view)
    row.steps[view] = shape.empty() ? 0 : strides[view].back();
  Shape index(shape.size(), 0);
  int64_t numRows = countOf(shape) / row.size;
  for (int64_t i = 0; i < numRows; ++i) {
    body(static_cast<const Row<numViews> &>(row));
    for (int64_t axis = static_cast<int64_t>(shape.size()) - 2; axis >= 0; --axis) {
      bool wraps = ++index[axis] == shape[axis];
      for (size_t view = 0; view < numViews; ++view)
        row.offsets[view] += wraps ? -strides[view][axis] * (shape[axis] - 1) : strides[view][axis];
      if (!wraps)
        break;
      index[axis] = 0;
    }
  }
}

/// Copies `shape` elements between strided views.
template <typename T>
void copyStrided(llvm::ArrayRef<int64_t> shape, const T *from, const Strides &fromStrides, T *to,
                 const Strides &toStrides) {
  forEachRow<2>(shape, {fromStrides, toStrides}, [&](const Row<2> &row) {
    const T *source = from + row.offsets[0];
    T *target = to + row.offsets[1];
    for (int64_t i = 0; i < row.size; ++i)
      target[i * row.steps[1]] = source[i * row.steps[0]];
  });
}

} // namespace horn::reference
