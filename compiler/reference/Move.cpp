// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that move elements to places known from shapes alone.
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"

#include <algorithm>

using namespace mlir;

namespace horn::reference {

static void reshape(ir::ReshapeOp, Inputs inputs, Tensor &result) {
  result.reals = inputs[0]->reals;
  result.integers = inputs[0]->integers;
}

/// Fills the result from a strided view of the input.
static void gather(const Tensor &x, int64_t start, const Strides &strides, Tensor &result) {
  if (result.count() == 0)
    return;
  dispatchStorage(x.element, [&](auto zero) {
    using T = decltype(zero);
    copyStrided(result.shape, x.data<T>() + start, strides, result.data<T>(),
                rowMajorStrides(result.shape));
  });
}

/// Copies the input into a strided view of the result.
static void scatter(const Tensor &x, int64_t start, const Strides &strides, Tensor &result) {
  if (x.count() == 0)
    return;
  dispatchStorage(x.element, [&](auto zero) {
    using T = decltype(zero);
    copyStrided(x.shape, x.data<T>(), rowMajorStrides(x.shape), result.data<T>() + start, strides);
  });
}

static void broadcastTo(ir::BroadcastToOp, Inputs inputs, Tensor &result) {
  gather(*inputs[0], 0, broadcastStrides(inputs[0]->shape, result.shape), result);
}

static void transpose(ir::TransposeOp op, Inputs inputs, Tensor &result) {
  Strides own = rowMajorStrides(inputs[0]->shape), strides;
  for (int64_t axis : op.getPermutation())
    strides.push_back(own[axis]);
  gather(*inputs[0], 0, strides, result);
}

static void reverse(ir::ReverseOp op, Inputs inputs, Tensor &result) {
  Strides strides = rowMajorStrides(result.shape);
  int64_t start = 0;
  for (int64_t axis : op.getAxes()) {
    start += (result.shape[axis] - 1) * strides[axis];
    strides[axis] = -strides[axis];
  }
  gather(*inputs[0], start, strides, result);
}

static void slice(ir::SliceOp op, Inputs inputs, Tensor &result) {
  ir::ShapeScope scope(op.getContext());
  Strides strides = rowMajorStrides(inputs[0]->shape);
  int64_t start = 0;
  for (size_t axis = 0; axis < strides.size(); ++axis) {
    ir::SliceRange range =
        ir::sliceRange(scope, scope.constant(inputs[0]->shape[axis]), op.getStarts()[axis],
                       op.getLimits()[axis], op.getSteps()[axis]);
    start += *ir::constantValue(range.start) * strides[axis];
    strides[axis] *= op.getSteps()[axis];
  }
  gather(*inputs[0], start, strides, result);
}

static void concatenate(ir::ConcatenateOp op, Inputs inputs, Tensor &result) {
  Strides strides = rowMajorStrides(result.shape);
  int64_t start = 0;
  for (const Tensor *x : inputs) {
    scatter(*x, start, strides, result);
    start += x->shape[op.getAxis()] * strides[op.getAxis()];
  }
}

static void pad(ir::PadOp op, Inputs inputs, Tensor &result) {
  double value = op.getValue().convertToDouble();
  dispatchStorage(result.element, [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(result.data<T>(), result.count(), static_cast<T>(value));
  });
  Strides strides = rowMajorStrides(result.shape);
  int64_t start = 0;
  for (size_t axis = 0; axis < strides.size(); ++axis) {
    start += op.getLow()[axis] * strides[axis];
    strides[axis] *= op.getInterior()[axis] + 1;
  }
  scatter(*inputs[0], start, strides, result);
}

static void iota(ir::IotaOp op, Inputs, Tensor &result) {
  AxisSplit split(result.shape, op.getAxis());
  dispatchStorage(result.element, [&](auto zero) {
    auto *out = result.data<decltype(zero)>();
    for (int64_t i = 0, count = result.count(); i < count; ++i)
      out[i] = i / split.inner % split.size;
  });
}

static void pack(ir::PackOp op, Inputs inputs, Tensor &result) {
  const Tensor &w = *inputs[0];
  int64_t width = op.getWidth(), columns = w.shape.back(), rows = columns ? w.count() / columns : 0;
  dispatchStorage(w.element, [&](auto zero) {
    using T = decltype(zero);
    const T *in = w.data<T>();
    T *panels = result.data<T>();
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t column = 0; column < columns; ++column)
        panels[(column / width * rows + row) * width + column % width] = in[row * columns + column];
  });
}

void addMoveKernels(KernelTable &table) {
  addKernels<reshape, broadcastTo, transpose, reverse, slice, concatenate, pad, iota, pack>(table);
}

} // namespace horn::reference
