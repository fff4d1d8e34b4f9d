// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reductions and running sums. Floats accumulate in double, in row-major order, and round once.
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"
#include "dialects/horn/HornReduceOps.h"

using namespace mlir;

namespace horn::reference {

/// Strides of the result as the input's axes see it: 0 along those that are combined.
static Strides reducedStrides(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  Shape kept(shape);
  for (int64_t axis : axes)
    kept[axis] = 1;
  Strides strides = rowMajorStrides(kept);
  for (int64_t axis : axes)
    strides[axis] = 0;
  return strides;
}

/// result = combine(result, x) for all x, from `start` on.
template <auto combine, typename T>
static void reduce(const Tensor &x, ArrayRef<int64_t> axes, T start, Tensor &result) {
  T *out = result.data<T>();
  std::fill_n(out, result.count(), start);
  forEachRow<2>(x.shape, {rowMajorStrides(x.shape), reducedStrides(x.shape, axes)},
                [&](const Row<2> &row) {
                  const T *in = x.data<T>() + row.offsets[0];
                  T *target = out + row.offsets[1];
                  for (int64_t i = 0; i < row.size; ++i, target += row.steps[1])
                    *target = combine(*target, in[i]);
                });
}

static constexpr auto sum = [](auto a, auto b) { return add(a, b); };
static constexpr auto product = [](auto a, auto b) { return multiply(a, b); };
static constexpr auto larger = [](auto a, auto b) { return maximum(a, b); };
static constexpr auto smaller = [](auto a, auto b) { return minimum(a, b); };

static void reduceSum(ir::ReduceSumOp op, Inputs inputs, Tensor &result) {
  dispatchStorage(result.element,
                  [&](auto zero) { reduce<sum>(*inputs[0], op.getAxes(), zero, result); });
}

static void reduceMean(ir::ReduceMeanOp op, Inputs inputs, Tensor &result) {
  reduce<sum>(*inputs[0], op.getAxes(), 0.0, result);
  double count = 1;
  for (int64_t axis : op.getAxes())
    count *= inputs[0]->shape[axis];
  for (double &mean : result.reals)
    mean /= count;
}

static void reduceProd(ir::ReduceProdOp op, Inputs inputs, Tensor &result) {
  dispatchStorage(result.element,
                  [&](auto zero) { reduce<product>(*inputs[0], op.getAxes(), zero + 1, result); });
}

static void reduceMax(ir::ReduceMaxOp op, Inputs inputs, Tensor &result) {
  dispatchSigned(result.element, [&](auto zero) {
    reduce<larger>(*inputs[0], op.getAxes(), lowestOf<decltype(zero)>(result.element), result);
  });
}

static void reduceMin(ir::ReduceMinOp op, Inputs inputs, Tensor &result) {
  dispatchSigned(result.element, [&](auto zero) {
    reduce<smaller>(*inputs[0], op.getAxes(), highestOf<decltype(zero)>(result.element), result);
  });
}

static void reduceAny(ir::ReduceAnyOp op, Inputs inputs, Tensor &result) {
  reduce<larger>(*inputs[0], op.getAxes(), int64_t(0), result);
}

static void reduceAll(ir::ReduceAllOp op, Inputs inputs, Tensor &result) {
  reduce<smaller>(*inputs[0], op.getAxes(), int64_t(1), result);
}

/// Runs along an axis; the sum before or after the element is taken as the op says.
template <auto combine, typename OpT>
static void accumulate(OpT op, Inputs inputs, Tensor &result, int64_t start) {
  AxisSplit split(result.shape, op.getAxis());
  dispatchStorage(result.element, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t lane = 0; lane < split.outer * split.inner; ++lane) {
      int64_t first = lane / split.inner * split.size * split.inner + lane % split.inner;
      T total = start;
      for (int64_t i = 0; i < split.size; ++i) {
        int64_t position = first + (op.getReverse() ? split.size - 1 - i : i) * split.inner;
        T next = combine(total, inputs[0]->data<T>()[position]);
        result.data<T>()[position] = op.getExclusive() ? total : next;
        total = next;
      }
    }
  });
}

static void cumulativeSum(ir::CumulativeSumOp op, Inputs inputs, Tensor &result) {
  accumulate<sum>(op, inputs, result, 0);
}
static void cumulativeProd(ir::CumulativeProdOp op, Inputs inputs, Tensor &result) {
  accumulate<product>(op, inputs, result, 1);
}

void addReduceKernels(KernelTable &table) {
  addKernels<reduceSum, reduceMean, reduceProd, reduceMax, reduceMin, reduceAny, reduceAll,
             cumulativeSum, cumulativeProd>(table);
}

} // namespace horn::reference
