// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that compare elements along an axis: the index of an extreme, sorting.
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"
#include "dialects/horn/HornReduceOps.h"

#include <algorithm>
#include <numeric>

using namespace mlir;

namespace horn::reference {

/// Calls `body(position of the first element, distance between elements, number of the lane)` for
/// each lane along an axis.
template <typename Body> static void forEachLane(const AxisSplit &split, Body body) {
  for (int64_t outer = 0; outer < split.outer; ++outer)
    for (int64_t inner = 0; inner < split.inner; ++inner)
      body(outer * split.size * split.inner + inner, split.inner, outer * split.inner + inner);
}

/// Whether a comes before b; NaN counts as the largest value.
static constexpr auto isLess = [](auto a, auto b) { return a < b || (a == a && b != b); };
static constexpr auto isGreater = [](auto a, auto b) { return isLess(b, a); };
/// As isLess, but NaN counts as the smallest, so that argmin finds it.
static constexpr auto isLessOrNaN = [](auto a, auto b) { return a < b || (a != a && b == b); };

/// The first index of the element that comes before all others by `before`.
template <auto before> static void argExtreme(const Tensor &x, int64_t axis, Tensor &result) {
  AxisSplit split(x.shape, axis);
  dispatchSigned(x.element, [&](auto zero) {
    const auto *in = x.data<decltype(zero)>();
    forEachLane(split, [&](int64_t first, int64_t step, int64_t lane) {
      int64_t best = 0;
      for (int64_t i = 1; i < split.size; ++i)
        if (before(in[first + i * step], in[first + best * step]))
          best = i;
      result.integers[lane] = best;
    });
  });
}

static void argmax(ir::ArgmaxOp op, Inputs inputs, Tensor &result) {
  argExtreme<isGreater>(*inputs[0], op.getAxis(), result);
}
static void argmin(ir::ArgminOp op, Inputs inputs, Tensor &result) {
  argExtreme<isLessOrNaN>(*inputs[0], op.getAxis(), result);
}

/// Calls `store(position, position in its lane of the element that belongs there)`; equal elements
/// keep their order.
template <typename T, typename Store>
static void sortLanes(const Tensor &x, int64_t axis, bool descending, Store store) {
  AxisSplit split(x.shape, axis);
  std::vector<int64_t> order(split.size);
  forEachLane(split, [&](int64_t first, int64_t step, int64_t) {
    const T *in = x.data<T>() + first;
    std::iota(order.begin(), order.end(), 0);
    auto comesBefore = [&](int64_t a, int64_t b) {
      T x = in[(descending ? b : a) * step], y = in[(descending ? a : b) * step];
      return isLess(x, y) || (!isLess(y, x) && a < b);
    };
    std::sort(order.begin(), order.end(), comesBefore);
    for (int64_t i = 0; i < split.size; ++i)
      store(first + i * step, first + order[i] * step, order[i]);
  });
}

static void sort(ir::SortOp op, Inputs inputs, Tensor &result) {
  dispatchSigned(result.element, [&](auto zero) {
    using T = decltype(zero);
    sortLanes<T>(*inputs[0], op.getAxis(), op.getDescending(),
                 [&](int64_t to, int64_t from, int64_t) {
                   result.data<T>()[to] = inputs[0]->data<T>()[from];
                 });
  });
}

static void argsort(ir::ArgsortOp op, Inputs inputs, Tensor &result) {
  dispatchSigned(inputs[0]->element, [&](auto zero) {
    sortLanes<decltype(zero)>(
        *inputs[0], op.getAxis(), op.getDescending(),
        [&](int64_t to, int64_t, int64_t index) { result.integers[to] = index; });
  });
}

void addOrderKernels(KernelTable &table) { addKernels<argmax, argmin, sort, argsort>(table); }

} // namespace horn::reference
