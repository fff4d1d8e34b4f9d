// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that pick elements by indices that are themselves data.
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"
#include "dialects/horn/HornShapeOps.h"

#include "llvm/ADT/StringSwitch.h"

#include <algorithm>
#include <limits>

using namespace mlir;

namespace horn::reference {

/// What an index outside the table gives: NaN or the smallest integer.
template <typename T> static T fillOf(ElementType element) {
  if constexpr (std::is_same_v<T, double>)
    return std::numeric_limits<double>::quiet_NaN();
  else
    return lowestOf<T>(element);
}

/// The number of an index as a row of a table of `size` rows; -1 for none.
static int64_t rowOf(int64_t index, int64_t size, StringRef mode) {
  if (size == 0)
    return -1;
  if (mode == "clip")
    return std::clamp<int64_t>(index, 0, size - 1);
  if (mode == "wrap")
    return (index % size + size) % size;
  int64_t row = index < 0 ? index + size : index;
  return row < 0 || row >= size ? -1 : row;
}

/// The index at a place; ui64 beyond the largest int64 stays beyond every table.
static int64_t indexAt(const Tensor &indices, int64_t position) {
  int64_t index = indices.integers[position];
  bool isHuge = indices.element == ElementType::UI64 && index < 0;
  return isHuge ? std::numeric_limits<int64_t>::max() : index;
}

static void take(ir::TakeOp op, Inputs inputs, Tensor &result) {
  const Tensor &table = *inputs[0], &indices = *inputs[1];
  AxisSplit split(table.shape, op.getAxis());
  int64_t numIndices = indices.count();
  dispatchStorage(table.element, [&](auto zero) {
    using T = decltype(zero);
    const T *in = table.data<T>();
    T *out = result.data<T>();
    for (int64_t outer = 0; outer < split.outer; ++outer)
      for (int64_t i = 0; i < numIndices; ++i, out += split.inner) {
        int64_t row = rowOf(indexAt(indices, i), split.size, op.getMode());
        if (row < 0)
          std::fill_n(out, split.inner, fillOf<T>(table.element));
        else
          std::copy_n(in + (outer * split.size + row) * split.inner, split.inner, out);
      }
  });
}

static void takeAlongAxis(ir::TakeAlongAxisOp op, Inputs inputs, Tensor &result) {
  const Tensor &x = *inputs[0], &indices = *inputs[1];
  size_t axis = op.getAxis();
  Shape lookup = result.shape;
  lookup[axis] = x.shape[axis];
  Strides strides = broadcastStrides(x.shape, lookup);
  int64_t axisStride = rowMajorStrides(x.shape)[axis];
  strides[axis] = 0;
  dispatchStorage(x.element, [&](auto zero) {
    using T = decltype(zero);
    T *out = result.data<T>();
    forEachRow<2>(result.shape, {strides, broadcastStrides(indices.shape, result.shape)},
                  [&](const Row<2> &row) {
                    for (int64_t i = 0; i < row.size; ++i) {
                      int64_t index = rowOf(indexAt(indices, row.offsets[1] + i * row.steps[1]),
                                            x.shape[axis], "fill");
                      *out++ =
                          index < 0
                              ? fillOf<T>(x.element)
                              : x.data<T>()[row.offsets[0] + i * row.steps[0] + index * axisStride];
                    }
                  });
  });
}

/// How a row of updates joins what is there.
template <typename T> static T (*combinerOf(StringRef combine))(T, T) {
  return llvm::StringSwitch<T (*)(T, T)>(combine)
      .Case("add", [](T a, T b) { return add(a, b); })
      .Case("multiply", [](T a, T b) { return multiply(a, b); })
      .Case("maximum", [](T a, T b) { return maximum(a, b); })
      .Case("minimum", [](T a, T b) { return minimum(a, b); })
      .Default([](T, T b) { return b; });
}

static void scatter(ir::ScatterOp op, Inputs inputs, Tensor &result) {
  const Tensor &x = *inputs[0], &indices = *inputs[1], &updates = *inputs[2];
  AxisSplit split(x.shape, 0);
  dispatchSigned(x.element, [&](auto zero) {
    using T = decltype(zero);
    auto combine = combinerOf<T>(op.getCombine());
    T *out = result.data<T>();
    std::copy_n(x.data<T>(), x.count(), out);
    for (int64_t i = 0; i < indices.count(); ++i) {
      int64_t row = indexAt(indices, i);
      if (row < 0 || row >= split.size)
        continue;
      const T *from = updates.data<T>() + i * split.inner;
      for (int64_t j = 0; j < split.inner; ++j)
        out[row * split.inner + j] = combine(out[row * split.inner + j], from[j]);
    }
  });
}

void addLookupKernels(KernelTable &table) { addKernels<take, takeAlongAxis, scatter>(table); }

} // namespace horn::reference
