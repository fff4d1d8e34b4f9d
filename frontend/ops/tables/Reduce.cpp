// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that take axes away, sort or add up along them.
#include "frontend/ops/Reduce.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/LinearAlgebra.h"
#include "frontend/ops/Matrices.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>
#include <limits>

namespace horn::tables {

static constexpr double infinity = std::numeric_limits<double>::infinity();
using Reduction = Tensor (*)(const Tensor &, const Axes &, bool);

static bool keepdims(Call c) { return c.flag("keepdims", false); }
static Tensor reduced(Call c, Reduction function) {
  return function(x_of(c), c.axes("axis"), keepdims(c));
}

/// The same with a number in place of NaN.
static Tensor without_nan(Call c, Reduction function, double replacement) {
  Tensor x = x_of(c);
  if (is_floating(x.dtype()))
    x = ops::where(ops::isnan(x), replacement, x);
  return function(x, c.axes("axis"), keepdims(c));
}

/// Where all elements along the axes are NaN.
static Tensor only_nan(Call c) {
  return ops::all(ops::isnan(x_of(c)), c.axes("axis"), keepdims(c));
}

/// The extreme of what is not NaN; NaN where nothing else is.
static Tensor nan_extreme(Call c, Reduction function, double start) {
  Tensor y = without_nan(c, function, start);
  return is_floating(y.dtype()) ? ops::where(only_nan(c), std::nan(""), y) : y;
}

/// Its index; -1 where all are NaN.
static Tensor nan_arg_extreme(Call c, Reduction function, double start) {
  Tensor y = without_nan(c, function, start);
  return is_floating(x_of(c).dtype()) ? ops::where(only_nan(c), -1, y) : y;
}

/// max or min, of which `initial` may be one element.
static Tensor extreme(Call c, Reduction function,
                      Tensor (*join)(const Operand &, const Operand &)) {
  Tensor y = reduced(c, function);
  if (!c.find("initial"))
    return y;
  return join(y, ops::as_tensor(c.operand("initial", SIZE_MAX), y.dtype()));
}

static Tensor nan_mean_of(const Tensor &x, const Tensor &counts, const Axes &axes, bool keep) {
  Tensor kept = ops::where(ops::isnan(x), 0.0, x);
  Tensor total = ops::sum(kept, axes, keep);
  return total / counts;
}

static Tensor nan_mean(Call c) {
  Tensor x = ops::cast(x_of(c), ops::to_floating(x_of(c).dtype()));
  Tensor present = ops::cast(ops::logical_not(ops::isnan(x)), x.dtype());
  return nan_mean_of(x, ops::sum(present, c.axes("axis"), keepdims(c)), c.axes("axis"),
                     keepdims(c));
}

static Tensor nan_var(Call c) {
  Tensor x = ops::cast(x_of(c), ops::to_floating(x_of(c).dtype()));
  Axes axes = c.axes("axis");
  Tensor present = ops::cast(ops::logical_not(ops::isnan(x)), x.dtype());
  Tensor mean = nan_mean_of(x, ops::sum(present, axes, true), axes, true);
  return nan_mean_of(ops::square(x - mean), ops::sum(present, axes, keepdims(c)), axes,
                     keepdims(c));
}

static Outputs moments(Call c) {
  Axes axes = c.axes("axes");
  return {ops::mean(x_of(c), axes, keepdims(c)), ops::var(x_of(c), axes, keepdims(c))};
}

static Tensor average(Call c) {
  Tensor x = x_of(c);
  Axes axes = c.axes("axis");
  if (!c.find("weights", 1))
    return ops::mean(x, axes);
  Tensor weights = c.tensor("weights", 1);
  if (weights.rank() == 1 && x.rank() > 1 && !axes.all()) {
    Shape shape(std::vector<int64_t>(x.rank(), 1));
    shape[x.shape().axis(axes.list()->front())] = weights.dim(0);
    weights = ops::reshape(weights, shape);
  }
  Tensor full = weights * ops::full_like(x, 1, weights.dtype());
  return ops::sum(x * weights, axes) / ops::sum(full, axes);
}

static Tensor peak_to_peak(Call c) { return reduced(c, ops::max) - reduced(c, ops::min); }

static Tensor count_nonzero(Call c) {
  return ops::sum(ops::cast(ops::not_equal(x_of(c), 0), DType::int32), c.axes("axis"));
}

/// Norm of vectors along `axes`, of an order given as a number.
static Tensor vector_norm(const Tensor &x, const Axes &axes, double order, bool keep) {
  if (order == 2)
    return ops::sqrt(ops::sum(ops::square(x), axes, keep));
  Tensor size = ops::absolute(x);
  if (std::isinf(order))
    return order > 0 ? ops::max(size, axes, keep) : ops::min(size, axes, keep);
  if (order == 0)
    return ops::sum(ops::cast(ops::not_equal(x, 0), x.dtype()), axes, keep);
  if (order == 1)
    return ops::sum(size, axes, keep);
  return ops::power(ops::sum(ops::power(size, order), axes, keep), 1 / order);
}

/// Norm of matrices by their singular values: the sum ("nuc"), the largest (2) or the smallest.
static Tensor spectral_norm(const Tensor &x, size_t rows, size_t columns, double order, bool sum) {
  std::vector<int64_t> permutation;
  for (size_t i = 0; i < x.rank(); ++i)
    if (i != rows && i != columns)
      permutation.push_back(static_cast<int64_t>(i));
  permutation.push_back(static_cast<int64_t>(rows));
  permutation.push_back(static_cast<int64_t>(columns));
  ops::MatrixStack stack(ops::transpose(x, permutation));
  Tensor values = stack.restore(ops::singular_values(stack.flat(), false).values);
  return sum ? ops::sum(values, -1) : order > 0 ? ops::max(values, -1) : ops::min(values, -1);
}

static Tensor matrix_norm(const Tensor &x, const Axes &axes, const ConfigValue &given, bool keep) {
  std::vector<int64_t> both = axes.all() ? std::vector<int64_t>{0, 1} : *axes.list();
  size_t rows = x.shape().axis(both[0]), columns = x.shape().axis(both[1]);
  bool nuclear = given.is_string() && given.as_string() == "nuc";
  double order = given.is_string() ? (nuclear ? 2 : infinity) : given.as_number();
  Axes of_rows(static_cast<int64_t>(rows)), of_columns(static_cast<int64_t>(columns));
  std::vector<int64_t> added{static_cast<int64_t>(rows), static_cast<int64_t>(columns)};
  Tensor y;
  if (std::abs(order) == 2) {
    y = spectral_norm(x, rows, columns, order, nuclear);
    return keep ? ops::expand_dims(y, added) : y;
  }
  require(std::abs(order) == 1 || std::isinf(order),
          {.what = "unknown order of a norm of matrices",
           .expected = "fro, nuc, 1, -1, 2, -2, inf or -inf",
           .found = given.str()});
  Tensor sums = ops::sum(ops::absolute(x), std::abs(order) == 1 ? of_rows : of_columns, true);
  const Axes &rest = std::abs(order) == 1 ? of_columns : of_rows;
  y = order > 0 ? ops::max(sums, rest, true) : ops::min(sums, rest, true);
  return keep ? y : ops::squeeze(y, added);
}

/// The order given as a number, or as a name: "fro", "nuc", "inf".
static Tensor norm(Call c) {
  Tensor x = ops::cast(x_of(c), ops::to_floating(x_of(c).dtype()));
  Axes axes = c.axes("axis");
  const ConfigValue *given = c.find("ord");
  bool named = given && given->is_string();
  if (!given || (named && given->as_string() == "fro"))
    return vector_norm(x, axes, 2, keepdims(c));
  if (named && given->as_string() != "inf" && given->as_string() != "nuc")
    throw UnsupportedError({.what = "norm of order " + given->as_string()});
  bool matrix = axes.all() ? x.rank() == 2 : axes.list()->size() == 2;
  if (matrix)
    return matrix_norm(x, axes, *given, keepdims(c));
  return vector_norm(x, axes, named ? infinity : given->as_number(), keepdims(c));
}

static Tensor all_close(Call c) {
  Tensor a = c.tensor("x1", 0), b = c.tensor("x2", 1);
  Tensor limit = c.number("rtol", 1e-5) * ops::absolute(b) + c.number("atol", 1e-8);
  Tensor close = ops::logical_or(ops::equal(a, b), ops::less_equal(ops::absolute(a - b), limit));
  if (c.flag("equal_nan", false) && is_floating(a.dtype()) && is_floating(b.dtype()))
    close = ops::logical_or(close, ops::logical_and(ops::isnan(a), ops::isnan(b)));
  return ops::all(close);
}

static Tensor nan_cumulative(Call c, Tensor (*function)(const Tensor &, int64_t), double empty) {
  Tensor x = x_of(c);
  if (is_floating(x.dtype()))
    x = ops::where(ops::isnan(x), empty, x);
  return c.find("axis") ? function(x, c.integer("axis", 0)) : function(ops::reshape(x, {-1}), 0);
}

static Tensor cumulative(Call c, Tensor (*function)(const Tensor &, int64_t)) {
  Tensor x = x_of(c);
  Tensor y =
      c.find("axis") ? function(x, c.integer("axis", 0)) : function(ops::reshape(x, {-1}), 0);
  return ops::cast(y, c.dtype("dtype").value_or(y.dtype()));
}

std::span<const OperationEntry> reduce_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Sum, numpy, reduced(c, ops::sum)),
      HORN_OPERATION(Mean, numpy, reduced(c, ops::mean)),
      HORN_OPERATION(Max, numpy, extreme(c, ops::max, ops::maximum)),
      HORN_OPERATION(Min, numpy, extreme(c, ops::min, ops::minimum)),
      HORN_OPERATION(Amax, numpy, reduced(c, ops::max)),
      HORN_OPERATION(Amin, numpy, reduced(c, ops::min)),
      HORN_OPERATION(Prod, numpy, reduced(c, ops::prod)),
      HORN_OPERATION(Any, numpy, reduced(c, ops::any)),
      HORN_OPERATION(All, numpy, reduced(c, ops::all)),
      HORN_OPERATION(Var, numpy, reduced(c, ops::var)),
      HORN_OPERATION(Std, numpy, reduced(c, ops::std)),
      HORN_OPERATION(Logsumexp, math, reduced(c, ops::logsumexp)),
      HORN_OPERATION(Argmax, numpy, reduced(c, ops::argmax)),
      HORN_OPERATION(Argmin, numpy, reduced(c, ops::argmin)),
      HORN_OPERATION(Nansum, numpy, without_nan(c, ops::sum, 0)),
      HORN_OPERATION(Nanprod, numpy, without_nan(c, ops::prod, 1)),
      HORN_OPERATION(Nanmax, numpy, nan_extreme(c, ops::max, -infinity)),
      HORN_OPERATION(Nanmin, numpy, nan_extreme(c, ops::min, infinity)),
      HORN_OPERATION(Nanargmax, numpy, nan_arg_extreme(c, ops::argmax, -infinity)),
      HORN_OPERATION(Nanargmin, numpy, nan_arg_extreme(c, ops::argmin, infinity)),
      HORN_OPERATION(Nanmean, numpy, nan_mean(c)),
      HORN_OPERATION(Nanvar, numpy, nan_var(c)),
      HORN_OPERATION(Nanstd, numpy, ops::sqrt(nan_var(c))),
      HORN_OPERATION(Nancumsum, numpy, nan_cumulative(c, ops::cumsum, 0)),
      HORN_OPERATION(Nancumprod, numpy, nan_cumulative(c, ops::cumprod, 1)),
      HORN_OPERATION(Average, numpy, average(c)),
      HORN_OPERATION(Ptp, numpy, peak_to_peak(c)),
      HORN_OPERATION(CountNonzero, numpy, count_nonzero(c)),
      HORN_OPERATION(Norm, linalg, norm(c)),
      HORN_OPERATION(AllClose, numpy, all_close(c)),
      HORN_OPERATION(Cumsum, numpy, cumulative(c, ops::cumsum)),
      HORN_OPERATION(Cumprod, numpy, cumulative(c, ops::cumprod)),
      {"Moments", "nn", moments},
  };
  return entries;
}

} // namespace horn::tables
