// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that take axes away, sort or add up along them.
#include "frontend/ops/Reduce.h"

#include "frontend/ops/Categories.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
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

/// The order given as a number, or as a name: "fro", "inf".
static Tensor norm(Call c) {
  Tensor x = ops::cast(x_of(c), ops::to_floating(x_of(c).dtype()));
  Axes axes = c.axes("axis");
  const ConfigValue *given = c.find("ord");
  if (given && given->is_string() && given->as_string() != "fro" && given->as_string() != "inf")
    throw UnsupportedError({.what = "norm of order " + given->as_string()});
  bool matrix = axes.all() ? x.rank() > 1 && given : axes.list()->size() == 2;
  double order = !given || (given->is_string() && given->as_string() == "fro") ? 2
                 : given->is_string()                                          ? infinity
                                                                               : given->as_number();
  if (matrix && given && given->is_number())
    throw UnsupportedError({.what = "norm of matrices other than fro", .found = given->str()});
  bool keep = keepdims(c);
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

/// Quantile q of the sorted values, by linear interpolation or what "method" says.
static Tensor quantile_of(Call c, double q) {
  Tensor x = ops::cast(x_of(c), ops::to_floating(x_of(c).dtype()));
  Axes axes = c.axes("axis");
  require(axes.all() || axes.list()->size() == 1,
          {.what = "quantiles over several axes are not supported"});
  Tensor lines = axes.all() ? ops::reshape(x, {-1}) : x;
  int64_t axis = axes.all() ? 0 : axes.list()->front(), size = lines.dim(axis);
  require(size != None && size > 0,
          {.what = "quantiles need an axis of known size", .found = x.shape().str()});
  Tensor sorted = ops::sort(lines, axis);
  double at = q * static_cast<double>(size - 1), low = std::floor(at), high = std::ceil(at);
  std::string method = c.text("method", "linear");
  double part = method == "linear"     ? at - low
                : method == "lower"    ? 0
                : method == "higher"   ? 1
                : method == "midpoint" ? (high > low ? 0.5 : 0)
                                       : (std::nearbyint(at) > low ? 1 : 0);
  auto row = [&](double index) {
    std::vector<ops::SliceAxis> slice(lines.rank());
    int64_t start = static_cast<int64_t>(index);
    slice[lines.shape().axis(axis)] = ops::SliceAxis::range(start, start + 1);
    return ops::get_item(sorted, slice);
  };
  Tensor y = part == 0 ? row(low) : row(low) * (1 - part) + row(high) * part;
  if (!axes.all())
    return keepdims(c) ? y : ops::squeeze(y, axis);
  return ops::reshape(y, keepdims(c) ? Shape(std::vector<int64_t>(x.rank(), 1)) : Shape{});
}

static Tensor quantiles(Call c, double scale) {
  const ConfigValue *q = c.find("q", 1);
  require(q && !q->is_tensor(), {.what = "quantiles need q as numbers"});
  const ConfigValue *value = q->is_dict() ? &q->at("config").at("value") : q;
  if (!value->is_list())
    return quantile_of(c, value->as_number() / scale);
  std::vector<Tensor> parts;
  for (double each : value->as_numbers())
    parts.push_back(quantile_of(c, each / scale));
  return ops::stack(parts, 0);
}

static Tensor digitize(Call c) {
  const ConfigValue *bins = c.find("bins", 1);
  require(bins && !bins->is_tensor(), {.what = "digitize needs bins as numbers"});
  return ops::digitize(x_of(c),
                       (bins->is_dict() ? bins->at("config").at("value") : *bins).as_numbers());
}

static Tensor search_sorted(Call c) {
  Tensor sorted = c.tensor("sorted_sequence", 0),
         values = ops::expand_dims(c.tensor("values", 1), -1);
  Tensor before = c.text("side", "left") == "left" ? ops::less(sorted, values)
                                                   : ops::less_equal(sorted, values);
  return ops::sum(ops::cast(before, DType::int32), -1);
}

static Tensor is_in(Call c) {
  Tensor x = c.tensor("x1", 0), list = ops::reshape(c.tensor("x2", 1), {-1});
  Tensor found = ops::any(ops::equal(ops::expand_dims(x, -1), list), -1);
  return c.flag("invert", false) ? ops::logical_not(found) : found;
}

static Outputs top_k(Call c) {
  Tensor x = x_of(c);
  int64_t k = c.integer("k", 1);
  std::vector<ops::SliceAxis> first{ops::SliceAxis::ellipsis(), ops::SliceAxis::range(0, k)};
  Tensor order =
      ops::get_item(ops::emit("argsort", {x},
                              {{"axis", static_cast<int64_t>(x.rank()) - 1}, {"descending", true}}),
                    first);
  return {ops::take_along_axis(x, order, -1), order};
}

static Tensor in_top_k(Call c) {
  Tensor targets = c.tensor("targets", 0), predictions = c.tensor("predictions", 1);
  Tensor ids = ops::expand_dims(targets, -1);
  Tensor own = ops::take_along_axis(predictions, ids, -1);
  Tensor larger = ops::sum(ops::cast(predictions > own, DType::int32), -1);
  return ops::logical_and(larger < c.integer("k", 1), ops::isfinite(ops::squeeze(own, -1)));
}

static Tensor all_close(Call c) {
  Tensor a = c.tensor("x1", 0), b = c.tensor("x2", 1);
  Tensor limit = c.number("rtol", 1e-5) * ops::absolute(b) + c.number("atol", 1e-8);
  return ops::all(ops::less_equal(ops::absolute(a - b), limit));
}

static Tensor nan_cumulative(Call c, Tensor (*function)(const Tensor &, int64_t), double empty) {
  Tensor x = x_of(c);
  if (is_floating(x.dtype()))
    x = ops::where(ops::isnan(x), empty, x);
  return c.find("axis") ? function(x, c.integer("axis", 0)) : function(ops::reshape(x, {-1}), 0);
}

static Tensor sort(Call c, Tensor (*function)(const Tensor &, int64_t)) {
  return function(x_of(c), c.integer("axis", -1));
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
      HORN_OPERATION(Max, numpy, reduced(c, ops::max)),
      HORN_OPERATION(Min, numpy, reduced(c, ops::min)),
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
      HORN_OPERATION(Nanmax, numpy, without_nan(c, ops::max, -infinity)),
      HORN_OPERATION(Nanmin, numpy, without_nan(c, ops::min, infinity)),
      HORN_OPERATION(Nanargmax, numpy, without_nan(c, ops::argmax, -infinity)),
      HORN_OPERATION(Nanargmin, numpy, without_nan(c, ops::argmin, infinity)),
      HORN_OPERATION(Nanmean, numpy, nan_mean(c)),
      HORN_OPERATION(Nanvar, numpy, nan_var(c)),
      HORN_OPERATION(Nanstd, numpy, ops::sqrt(nan_var(c))),
      HORN_OPERATION(Nancumsum, numpy, nan_cumulative(c, ops::cumsum, 0)),
      HORN_OPERATION(Nancumprod, numpy, nan_cumulative(c, ops::cumprod, 1)),
      HORN_OPERATION(Average, numpy, average(c)),
      HORN_OPERATION(Ptp, numpy, peak_to_peak(c)),
      HORN_OPERATION(CountNonzero, numpy, count_nonzero(c)),
      HORN_OPERATION(Norm, linalg, norm(c)),
      HORN_OPERATION(Median, numpy, quantile_of(c, 0.5)),
      HORN_OPERATION(Quantile, numpy, quantiles(c, 1)),
      HORN_OPERATION(Percentile, numpy, quantiles(c, 100)),
      HORN_OPERATION(Digitize, numpy, digitize(c)),
      HORN_OPERATION(SearchSorted, numpy, search_sorted(c)),
      HORN_OPERATION(IsIn, numpy, is_in(c)),
      HORN_OPERATION(AllClose, numpy, all_close(c)),
      HORN_OPERATION(InTopK, math, in_top_k(c)),
      HORN_OPERATION(Cumsum, numpy, cumulative(c, ops::cumsum)),
      HORN_OPERATION(Cumprod, numpy, cumulative(c, ops::cumprod)),
      HORN_OPERATION(Sort, numpy, sort(c, ops::sort)),
      HORN_OPERATION(Argsort, numpy, sort(c, ops::argsort)),
      {"Moments", "nn", moments},
      {"TopK", "math", top_k},
  };
  return entries;
}

} // namespace horn::tables
