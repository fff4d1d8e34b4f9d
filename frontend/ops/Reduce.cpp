// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Reduce.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"

#include <limits>

namespace horn::ops {

using detail::record;
using detail::recording;

static Tensor record_reduce(const char *class_name, const Tensor &x, const Axes &axis,
                            bool keepdims) {
  ConfigValue axes;
  if (!axis.all())
    axes = axis.list()->size() == 1 ? ConfigValue(axis.list()->front()) : ConfigValue(*axis.list());
  return record(class_name, x, {{"axis", axes}, {"keepdims", keepdims}});
}

static Tensor reduce(const char *op, const Tensor &x, const Axes &axis, bool keepdims) {
  return emit(op, {x}, {{"axes", axis.resolve(x.shape())}, {"keepdims", keepdims}});
}

/// The type that integers are added up in.
static DType sum_dtype(DType dtype) { return dtype == DType::boolean ? DType::int32 : dtype; }

#define HORN_REDUCE(function, Class, op, dtype)                                                    \
  Tensor function(const Tensor &x, const Axes &axis, bool keepdims) {                              \
    if (recording({x}))                                                                            \
      return record_reduce(#Class, x, axis, keepdims);                                             \
    return reduce(#op, cast(x, dtype), axis, keepdims);                                            \
  }
HORN_REDUCE(sum, Sum, reduce_sum, sum_dtype(x.dtype()))
HORN_REDUCE(mean, Mean, reduce_mean, to_floating(x.dtype()))
HORN_REDUCE(max, Max, reduce_max, x.dtype())
HORN_REDUCE(min, Min, reduce_min, x.dtype())
HORN_REDUCE(prod, Prod, reduce_prod, sum_dtype(x.dtype()))
HORN_REDUCE(any, Any, reduce_any, DType::boolean)
HORN_REDUCE(all, All, reduce_all, DType::boolean)
#undef HORN_REDUCE

Tensor var(const Tensor &x, const Axes &axis, bool keepdims) {
  if (recording({x}))
    return record_reduce("Var", x, axis, keepdims);
  return mean(square(x - mean(x, axis, /*keepdims=*/true)), axis, keepdims);
}

Tensor std(const Tensor &x, const Axes &axis, bool keepdims) {
  if (recording({x}))
    return record_reduce("Std", x, axis, keepdims);
  return sqrt(var(x, axis, keepdims));
}

Tensor logsumexp(const Tensor &x, const Axes &axis, bool keepdims) {
  if (recording({x}))
    return record_reduce("Logsumexp", x, axis, keepdims);
  Tensor value = cast(x, to_floating(x.dtype()));
  Tensor largest = max(value, axis, /*keepdims=*/true);
  largest = where(isfinite(largest), largest, 0.0);
  Tensor total = log(sum(exp(value - largest), axis, /*keepdims=*/true)) + largest;
  return keepdims ? total : squeeze(total, axis.resolve(x.shape()));
}

/// The smallest number above 0 that is not subnormal.
static double tiny(DType dtype) {
  return dtype == DType::float64   ? std::numeric_limits<double>::min()
         : dtype == DType::float16 ? 6.103515625e-05
                                   : std::numeric_limits<float>::min();
}

static Tensor arg(const char *op, const char *class_name, const Tensor &x, const Axes &axis,
                  bool keepdims) {
  if (recording({x}))
    return record_reduce(class_name, x, axis, keepdims);
  Tensor value = x;
  if (is_floating(x.dtype())) { // -0.0 counts as less than 0.0
    Tensor below = less(reciprocal(x), 0);
    value = where(logical_and(equal(x, 0), below), -tiny(x.dtype()), x);
  }
  if (!axis.all())
    return emit(op, {value}, {{"axis", axis.resolve(x.shape()).front()}, {"keepdims", keepdims}});
  Tensor index = emit(op, {reshape(value, {-1})}, {{"axis", int64_t{0}}, {"keepdims", false}});
  return keepdims ? reshape(index, Shape(std::vector<int64_t>(x.rank(), 1))) : index;
}

Tensor argmax(const Tensor &x, const Axes &axis, bool keepdims) {
  return arg("argmax", "Argmax", x, axis, keepdims);
}
Tensor argmin(const Tensor &x, const Axes &axis, bool keepdims) {
  return arg("argmin", "Argmin", x, axis, keepdims);
}

static Tensor cumulative(const char *op, const char *class_name, const Tensor &x, int64_t axis) {
  if (recording({x}))
    return record(class_name, x, {{"axis", axis}, {"dtype", nullptr}});
  return emit(op, {cast(x, sum_dtype(x.dtype()))},
              {{"axis", static_cast<int64_t>(x.shape().axis(axis))},
               {"reverse", false},
               {"exclusive", false}});
}
Tensor cumsum(const Tensor &x, int64_t axis) {
  return cumulative("cumulative_sum", "Cumsum", x, axis);
}
Tensor cumprod(const Tensor &x, int64_t axis) {
  return cumulative("cumulative_prod", "Cumprod", x, axis);
}

static Tensor sorted(const char *op, const char *class_name, const Tensor &x, int64_t axis) {
  if (recording({x}))
    return record(class_name, x, {{"axis", axis}});
  return emit(op, {x},
              {{"axis", static_cast<int64_t>(x.shape().axis(axis))}, {"descending", false}});
}
Tensor sort(const Tensor &x, int64_t axis) { return sorted("sort", "Sort", x, axis); }
Tensor argsort(const Tensor &x, int64_t axis) { return sorted("argsort", "Argsort", x, axis); }

} // namespace horn::ops
