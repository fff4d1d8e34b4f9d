// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that make sequences and matrices from a few numbers.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>

namespace horn::tables {

/// Equal steps from `start` to `stop` (of one shape and floating type) along a new last axis.
static Tensor steps(const Tensor &start, const Tensor &stop, int64_t count, bool endpoint) {
  Tensor first = ops::expand_dims(start, -1), last = ops::expand_dims(stop, -1);
  int64_t intervals = endpoint ? count - 1 : count;
  if (intervals < 1)
    return ops::get_item(first, {ops::SliceAxis::ellipsis(), ops::SliceAxis::range(0, count)});
  Tensor part = ops::arange(count, start.dtype()) / static_cast<double>(intervals);
  Tensor y = first * (1 - part) + last * part;
  if (!endpoint)
    return y;
  return ops::where(ops::equal(ops::arange(count), intervals), last, y);
}

namespace {
/// Arguments that linspace, logspace and geomspace share.
struct Range {
  explicit Range(Call c) : count(c.integer("num", 50)), endpoint(c.flag("endpoint", true)) {
    require(count >= 0 && count <= (int64_t{1} << 24),
            {.what = "wrong number of steps", .found = std::to_string(count)});
    Operand a = c.operand("start", 0), b = c.operand("stop", 1);
    DType computed = ops::to_floating(ops::promote(a, b));
    result = c.dtype("dtype").value_or(computed);
    start = ops::as_tensor(a, computed);
    stop = ops::as_tensor(b, computed);
    Tensor zero = ops::zeros_like(start) + ops::zeros_like(stop);
    start = start + zero;
    stop = stop + zero;
  }
  /// The last axis moved to where the argument says, in the type asked for.
  Tensor finish(Call c, Tensor y) const {
    if (is_integer(result) && is_floating(y.dtype()))
      y = ops::floor(y);
    int64_t axis = c.integer("axis", 0);
    return ops::cast(axis == -1 ? y : ops::moveaxis(y, -1, axis), result);
  }
  int64_t count;
  bool endpoint;
  DType result = DType::float32;
  Tensor start, stop;
};
} // namespace

static Outputs linspace(Call c) {
  Range range(c);
  Outputs results{range.finish(c, steps(range.start, range.stop, range.count, range.endpoint))};
  if (c.flag("retstep", false)) {
    int64_t intervals = range.endpoint ? range.count - 1 : range.count;
    results.push_back((range.stop - range.start) / static_cast<double>(intervals));
  }
  return results;
}

static Tensor logspace(Call c) {
  Range range(c);
  double base = c.find("base") ? c.operand("base", SIZE_MAX).number() : 10;
  return range.finish(
      c, ops::power(base, steps(range.start, range.stop, range.count, range.endpoint)));
}

static Tensor geomspace(Call c) {
  Range range(c);
  Tensor sign = ops::where(ops::logical_and(range.start < 0, range.stop < 0), -1.0, 1.0);
  sign = ops::cast(sign, range.start.dtype());
  Tensor y = steps(ops::log10(sign * range.start), ops::log10(sign * range.stop), range.count,
                   range.endpoint);
  return range.finish(c, ops::expand_dims(sign, -1) * ops::power(10.0, y));
}

static Tensor vander(Call c) {
  Tensor x = x_of(c);
  require(x.rank() == 1, {.what = "vander needs a vector", .found = x.shape().str()});
  int64_t count = c.integer("N", x.dim(0));
  require(count != None && count >= 0 && count <= 65536, {.what = "vander needs N"});
  Tensor powers = ops::arange(count, is_integer(x.dtype()) ? x.dtype() : DType::int32);
  if (!c.flag("increasing", false))
    powers = ops::flip(powers);
  return ops::power(ops::expand_dims(x, -1), ops::cast(powers, x.dtype()));
}

static Tensor kron(Call c) {
  Tensor a = c.tensor("x1", 0), b = c.tensor("x2", 1);
  while (a.rank() < b.rank())
    a = ops::expand_dims(a, 0);
  while (b.rank() < a.rank())
    b = ops::expand_dims(b, 0);
  std::vector<int64_t> after, before, joined;
  for (size_t i = 0; i < a.rank(); ++i) {
    require(a.shape()[i] != None && b.shape()[i] != None,
            {.what = "kron needs tensors of known size", .found = a.shape().str()});
    after.push_back(static_cast<int64_t>(2 * i + 1));
    before.push_back(static_cast<int64_t>(2 * i));
    joined.push_back(a.shape()[i] * b.shape()[i]);
  }
  if (a.rank() == 0)
    return a * b;
  return ops::reshape(ops::expand_dims(a, after) * ops::expand_dims(b, before), Shape(joined));
}

static Tensor size(Call c) {
  Tensor x = x_of(c);
  int64_t count = 1;
  for (int64_t axis : x.shape().dims())
    count = axis == None || count == None ? None : count * axis;
  if (count != None)
    return ops::scalar(static_cast<double>(count), DType::int32);
  return ops::sum(ops::full_like(x, 1, DType::int32));
}

std::span<const OperationEntry> create_operations() {
  static const OperationEntry entries[] = {
      {"Linspace", "numpy", linspace},
      HORN_OPERATION(Logspace, numpy, logspace(c)),
      HORN_OPERATION(Geomspace, numpy, geomspace(c)),
      HORN_OPERATION(Vander, numpy, vander(c)),
      HORN_OPERATION(Kron, numpy, kron(c)),
      HORN_OPERATION(Size, numpy, size(c)),
      HORN_OPERATION(Ndim, numpy, ops::scalar(static_cast<double>(x_of(c).rank()), DType::int32)),
  };
  return entries;
}

} // namespace horn::tables
