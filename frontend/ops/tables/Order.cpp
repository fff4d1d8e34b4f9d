// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that sort, and find ranks and quantiles.
#include "frontend/ops/Categories.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

namespace {
/// Quantiles over some axes: those are moved to the end and joined to one line, which is sorted.
class Quantiles {
public:
  Quantiles(Call c, bool ignore_nan) : method_(c.text("method", "linear")) {
    Tensor x = x_of(c);
    x = ops::cast(x, x.dtype() == DType::int64 ? DType::float32 : ops::to_floating(x.dtype()));
    reduced_ = c.axes("axis").resolve(x.shape());
    Tensor lines = joined(x);
    Tensor nan = ops::cast(ops::isnan(lines), DType::int32);
    sorted_ = ops::sort(lines, -1);
    Tensor present = ops::sum(1 - nan, -1, true);
    if (!ignore_nan) { // one NaN makes all of them NaN
      sorted_ = ops::where(ops::any(ops::isnan(lines), -1, true),
                           std::numeric_limits<double>::quiet_NaN(), sorted_);
      present = ops::sum(ops::ones_like(nan), -1, true);
    }
    last_ = ops::cast(present, x.dtype()) - 1;
    if (c.flag("keepdims", false)) {
      kept_.resize(x.rank(), 1);
      for (size_t i = 0; i < x.rank(); ++i)
        if (!std::binary_search(reduced_.begin(), reduced_.end(), static_cast<int64_t>(i)))
          kept_[i] = ops::size_or_like(x, i);
      like_ = x;
    }
  }

  /// The quantile q in [0, 1], a number or a tensor of rank 0.
  Tensor at(const Operand &q) const {
    Tensor place = ops::cast(last_ * q, last_.dtype());
    Tensor low = ops::floor(place), high = ops::ceil(place), part = place - low;
    auto value = [&](const Tensor &index) {
      Tensor inside = ops::clip(ops::cast(index, DType::int32), 0,
                                ops::cast(ops::maximum(last_, 0), DType::int32));
      return ops::take_along_axis(sorted_, inside, -1);
    };
    Tensor below = value(low), above = value(high), y;
    if (method_ == "linear")
      y = below * (1 - part) + above * part;
    else if (method_ == "lower")
      y = below;
    else if (method_ == "higher")
      y = above;
    else if (method_ == "midpoint")
      y = (below + above) * 0.5;
    else if (method_ == "nearest")
      y = ops::where(part <= 0.5, below, above);
    else
      throw UnsupportedError({.what = "unknown method of quantiles " + method_,
                              .expected = "linear, lower, higher, midpoint or nearest"});
    y = ops::squeeze(y, -1);
    return like_.defined() ? ops::reshape_codes(y, kept_, like_) : y;
  }

private:
  /// The reduced axes as one last axis.
  Tensor joined(const Tensor &x) const {
    std::vector<int64_t> order, codes;
    for (size_t i = 0; i < x.rank(); ++i)
      if (!std::binary_search(reduced_.begin(), reduced_.end(), static_cast<int64_t>(i))) {
        order.push_back(static_cast<int64_t>(i));
        codes.push_back(ops::size_or_like(x, i));
      }
    int64_t size = 1;
    for (int64_t axis : reduced_) {
      int64_t own = x.shape()[static_cast<size_t>(axis)];
      size = own == None || size == None ? None : size * own;
      order.push_back(axis);
    }
    codes.push_back(size == None ? ops::inferred : size);
    return ops::reshape_codes(ops::transpose(x, order), codes, x);
  }

  std::string method_;
  std::vector<int64_t> reduced_, kept_;
  Tensor sorted_, last_, like_;
};
} // namespace

/// q as a number, a list of numbers or a tensor of rank 0 or 1; `scale` is what stands for all.
static Tensor quantiles(Call c, double scale, bool ignore_nan) {
  Quantiles lines(c, ignore_nan);
  const ConfigValue *q = c.find("q", 1);
  require(q != nullptr, {.what = "missing argument q"});
  if (q->is_tensor()) {
    Tensor values = c.tensor("q", 1) / scale;
    if (values.rank() == 0)
      return lines.at(values);
    require(values.rank() == 1 && values.dim(0) != None && values.dim(0) <= 1024,
            {.what = "quantiles need q of rank 0 or 1", .found = values.shape().str()});
    std::vector<Tensor> parts;
    for (int64_t i = 0; i < values.dim(0); ++i)
      parts.push_back(lines.at(ops::get_item(values, {ops::SliceAxis::index(i)})));
    return ops::stack(parts, 0);
  }
  const ConfigValue *value = q->is_dict() ? &q->at("config").at("value") : q;
  if (!value->is_list())
    return lines.at(value->as_number() / scale);
  std::vector<Tensor> parts;
  for (double each : value->as_numbers())
    parts.push_back(lines.at(each / scale));
  return ops::stack(parts, 0);
}

static Tensor digitize(Call c) {
  const ConfigValue *bins = c.find("bins", 1);
  require(bins != nullptr, {.what = "missing argument bins"});
  if (!bins->is_tensor())
    return ops::digitize(x_of(c),
                         (bins->is_dict() ? bins->at("config").at("value") : *bins).as_numbers());
  Tensor x = ops::expand_dims(x_of(c), -1);
  Tensor beyond = ops::logical_not(x < c.tensor("bins", 1));
  return ops::sum(ops::cast(beyond, DType::int32), -1);
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

/// The tensor and the axis to work along: all elements on one line if the axis is null.
static std::pair<Tensor, int64_t> line_of(Call c) {
  if (c.has("axis") && !c.find("axis"))
    return {ops::reshape(x_of(c), {-1}), 0};
  return {x_of(c), c.integer("axis", -1)};
}

static Tensor sort(Call c, Tensor (*function)(const Tensor &, int64_t)) {
  auto [x, axis] = line_of(c);
  return function(x, axis);
}

/// The indices of the kth smallest and all before it in ascending order, then the others in place.
static Tensor arg_partition(Call c) {
  auto [x, axis] = line_of(c);
  int64_t size = x.dim(axis), kth = c.integer("kth", 0);
  kth = kth < 0 && size != None ? kth + size : kth;
  require(kth >= 0 && (size == None || kth < size),
          {.what = "wrong kth of argpartition", .found = std::to_string(kth)});
  Tensor order = ops::argsort(x, axis);
  std::vector<ops::SliceAxis> first(x.rank()), rest(x.rank());
  first[x.shape().axis(axis)] = ops::SliceAxis::range(0, kth + 1);
  rest[x.shape().axis(axis)] = ops::SliceAxis::range(kth + 1);
  return ops::concatenate(
      {ops::get_item(order, first), ops::sort(ops::get_item(order, rest), axis)}, axis);
}

std::span<const OperationEntry> order_operations() {
  static const OperationEntry entries[] = {
      {"Median", "numpy", [](Call c) -> Outputs { return {Quantiles(c, false).at(0.5)}; }},
      {"Nanmedian", "numpy", [](Call c) -> Outputs { return {Quantiles(c, true).at(0.5)}; }},
      HORN_OPERATION(Quantile, numpy, quantiles(c, 1, false)),
      HORN_OPERATION(Percentile, numpy, quantiles(c, 100, false)),
      HORN_OPERATION(Nanquantile, numpy, quantiles(c, 1, true)),
      HORN_OPERATION(Nanpercentile, numpy, quantiles(c, 100, true)),
      HORN_OPERATION(Digitize, numpy, digitize(c)),
      HORN_OPERATION(SearchSorted, numpy, search_sorted(c)),
      HORN_OPERATION(IsIn, numpy, is_in(c)),
      HORN_OPERATION(InTopK, math, in_top_k(c)),
      HORN_OPERATION(Sort, numpy, sort(c, ops::sort)),
      HORN_OPERATION(Argsort, numpy, sort(c, ops::argsort)),
      HORN_OPERATION(Argpartition, numpy, arg_partition(c)),
      {"TopK", "math", top_k},
  };
  return entries;
}

} // namespace horn::tables
