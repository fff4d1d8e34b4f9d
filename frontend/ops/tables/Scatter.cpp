// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that put elements into places given by index.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Places.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>
#include <limits>

namespace horn::tables {

static Tensor emit_scatter(const Tensor &x, const Tensor &indices, const Tensor &updates,
                           const std::string &combine) {
  return ops::emit("scatter", {x, indices, ops::cast(updates, x.dtype())}, {{"combine", combine}});
}

static Tensor as_index(const Tensor &x) {
  return is_integer(x.dtype()) && x.dtype() != DType::int64 ? ops::cast(x, DType::int32)
         : is_integer(x.dtype())                            ? x
                                                            : ops::cast(x, DType::int32);
}

/// Size of an axis, a number or a tensor.
static Operand size_of(const Tensor &x, size_t axis) {
  if (x.shape()[axis] != None)
    return x.shape()[axis];
  return ops::sum(ops::full_like(ops::places_on(x, axis), 1, DType::int32));
}

/// Elements put into `x` where the rows of `indices` ([n, k]) point: k indices name one slice of x.
static Tensor scatter_into(const Tensor &x, const Tensor &indices, const Tensor &updates,
                           const std::string &combine) {
  size_t depth = static_cast<size_t>(indices.dim(-1));
  require(indices.rank() == 2 && indices.dim(-1) != None && depth > 0 && depth <= x.rank(),
          {.what = "indices to scatter need the shape (updates, axes)",
           .found = indices.shape().str()});
  Tensor flat, inside;
  for (size_t i = 0; i < depth; ++i) {
    Tensor index = ops::get_item(
        as_index(indices), {ops::SliceAxis::all(), ops::SliceAxis::index(static_cast<int64_t>(i))});
    Operand size = size_of(x, i);
    index = ops::where(index < 0, index + size, index);
    Tensor here = ops::logical_and(index >= 0, index < size);
    flat = flat.defined() ? flat * size + index : index;
    inside = inside.defined() ? ops::logical_and(inside, here) : here;
  }
  std::vector<int64_t> rows{ops::inferred}, back;
  int64_t count = 1;
  bool known = true;
  for (size_t i = 0; i < x.rank(); ++i) {
    back.push_back(ops::size_or_like(x, i));
    if (i >= depth)
      rows.push_back(ops::size_or_like(x, i));
    else if (x.shape()[i] == None)
      known = false;
    else
      count *= x.shape()[i];
  }
  if (known)
    rows[0] = count;
  Tensor target = ops::reshape_codes(x, rows, x);
  // Updates may be broadcast over the slices.
  rows[0] = ops::size_or_like(flat, 0);
  bool apart = flat.shape()[0] != None; // an unknown number of updates brings its own shape
  Tensor full = apart && x.shape().slice(depth, x.rank()).num_elements()
                    ? ops::broadcast_to(updates, Shape(rows))
                    : updates;
  Tensor result = emit_scatter(target, ops::where(inside, flat, -1), full, combine);
  return ops::reshape_codes(result, back, x);
}

static Tensor scatter_update(Call c) {
  Tensor x = c.tensor("inputs", 0);
  std::string reduction = c.text("reduction", "set");
  std::string combine = reduction == "max"   ? "maximum"
                        : reduction == "min" ? "minimum"
                        : reduction == "mul" ? "multiply"
                                             : reduction;
  Tensor updates = ops::as_tensor(c.operand("updates", 2), x.dtype());
  return scatter_into(x, c.tensor("indices", 1), updates, combine);
}

static Tensor scatter(Call c) {
  Tensor indices = c.tensor("indices", 0), values = c.tensor("values", 1);
  Shape shape(c.integers("shape"));
  Tensor zeros = ops::broadcast_to(ops::scalar(0, values.dtype()), shape);
  int64_t depth = indices.dim(-1);
  std::vector<int64_t> codes{ops::inferred};
  for (size_t i = indices.rank() - 1; i < values.rank(); ++i)
    codes.push_back(values.shape()[i]);
  return scatter_into(zeros, ops::reshape_codes(indices, {ops::inferred, depth}),
                      ops::reshape_codes(values, codes), "add");
}

/// One axis of an update: where it starts, brought so far down that all of it fits.
static Tensor start_of(Call c, size_t axis, const Tensor &x, const Tensor &part) {
  const ConfigValue *given = c.find("start_indices", 1);
  Operand start = 0;
  if (given && given->is_list()) {
    start = given->as_list().at(axis).is_tensor() ? Operand(c.tensors("start_indices", 1).at(axis))
                                                  : Operand(given->as_list().at(axis).as_int());
  } else {
    start = ops::get_item(as_index(c.tensor("start_indices", 1)),
                          {ops::SliceAxis::index(static_cast<int64_t>(axis))});
  }
  if (x.shape()[axis] == None || part.shape()[axis] == None)
    return ops::as_tensor(start, DType::int32);
  int64_t last = x.shape()[axis] - part.shape()[axis];
  require(last >= 0, {.what = "an update does not fit", .found = part.shape().str()});
  return ops::clip(ops::as_tensor(start, DType::int32), 0, last);
}

static Tensor slice_update(Call c) {
  Tensor x = c.tensor("inputs", 0), updates = ops::cast(c.tensor("updates", 2), x.dtype());
  require(updates.rank() == x.rank(), {.what = "slice_update needs updates of the input's rank",
                                       .found = updates.shape().str()});
  Tensor inside;
  for (size_t i = 0; i < x.rank(); ++i) {
    if (updates.shape()[i] == 0)
      return x;
    Tensor place = ops::places_on(x, i) - start_of(c, i, x, updates);
    Tensor here = ops::logical_and(place >= 0, place < size_of(updates, i));
    here = ops::standing_on(here, i, x.rank());
    inside = inside.defined() ? ops::logical_and(inside, here) : here;
    updates = ops::take(updates, place, static_cast<int64_t>(i), "clip");
  }
  return ops::where(inside, updates, x);
}

/// The value that a reduction starts from.
static double start_value(const std::string &combine, DType dtype) {
  if (combine == "add" || combine == "multiply")
    return combine == "multiply";
  double infinity = std::numeric_limits<double>::infinity();
  bool low = combine == "maximum";
  if (is_floating(dtype))
    return low ? -infinity : infinity;
  int bits = static_cast<int>(dtype_bytes(dtype)) * 8;
  bool is_unsigned = ops::promote(dtype, DType::int8) != dtype && dtype != DType::int8;
  if (is_unsigned)
    return low ? 0 : std::ldexp(1.0, bits) - 1;
  return low ? -std::ldexp(1.0, bits - 1) : std::ldexp(1.0, bits - 1) - 1;
}

static Tensor segment(Call c, const std::string &combine) {
  Tensor data = c.tensor("data", 0), ids = as_index(c.tensor("segment_ids", 1));
  int64_t count = c.integer("num_segments", -1);
  require(count >= 0, {.what = "segments need num_segments",
                       .hint = "the shape of a result cannot depend on the data"});
  std::vector<int64_t> codes{count};
  for (size_t i = 1; i < data.rank(); ++i)
    codes.push_back(ops::size_or_like(data, i));
  std::vector<Tensor> operands{ops::scalar(start_value(combine, data.dtype()), data.dtype()), data};
  Tensor start = ops::emit("broadcast_to", operands, {{"shape", codes}});
  return emit_scatter(start, ids, data, combine);
}

static Outputs unravel_index(Call c) {
  Tensor indices = c.tensor(c.find("indices") ? "indices" : "x", 0);
  std::vector<int64_t> shape = c.integers("shape");
  int64_t total = 1;
  for (int64_t size : shape)
    total *= size;
  Tensor rest = ops::mod(ops::clip(indices, -total, total - 1), total);
  Outputs parts;
  for (int64_t size : shape) {
    total /= std::max<int64_t>(size, 1);
    parts.push_back(ops::floor_divide(rest, std::max<int64_t>(total, 1)));
    rest = ops::mod(rest, std::max<int64_t>(total, 1));
  }
  return parts;
}

/// Distinct elements in ascending order, as many as `size` says.
static Outputs unique(Call c) {
  Tensor x = x_of(c);
  if (!c.find("size"))
    throw UnsupportedError({.what = "unique without size: its shape depends on the data",
                            .hint = "give unique the argument size"});
  if (c.find("axis") && x.rank() > 1)
    throw UnsupportedError({.what = "unique along an axis", .hint = "leave axis out"});
  int64_t size = c.integer("size", 0);
  Tensor flat = ops::reshape(x, {-1});
  require(flat.dim(0) != None && flat.dim(0) > 0 && size >= 0,
          {.what = "unique needs a tensor of known size", .found = x.shape().str()});
  Tensor order = ops::argsort(flat, 0), sorted = ops::take(flat, order, 0, "clip");
  Tensor before = ops::take(sorted, ops::arange(flat.dim(0)) - 1, 0, "clip");
  Tensor fresh =
      ops::logical_or(ops::equal(ops::arange(flat.dim(0)), 0), ops::not_equal(sorted, before));
  Tensor number = ops::cumsum(ops::cast(fresh, DType::int32), 0) - 1;
  Tensor filling = ops::get_item(sorted, {ops::SliceAxis::range(0, 1)});
  if (c.find("fill_value"))
    filling = ops::as_tensor(c.operand("fill_value", SIZE_MAX), x.dtype());
  auto filled = [&](const Tensor &value) {
    return ops::broadcast_to(ops::reshape(value, {-1}), Shape{size});
  };
  Outputs results{emit_scatter(filled(filling), number, sorted, "set")};
  if (c.flag("return_index", false)) {
    Tensor places = ops::where(fresh, number, -1);
    Tensor first = ops::get_item(order, {ops::SliceAxis::range(0, 1)});
    results.push_back(emit_scatter(filled(first), places, order, "set"));
  }
  if (c.flag("return_inverse", false)) {
    Tensor inverse = emit_scatter(ops::zeros_like(order), order, number, "set");
    results.push_back(ops::reshape(inverse, x.shape()));
  }
  if (c.flag("return_counts", false))
    results.push_back(emit_scatter(filled(ops::scalar(0, DType::int32)), number,
                                   ops::full_like(number, 1, DType::int32), "add"));
  return results;
}

std::span<const OperationEntry> scatter_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Scatter, core, scatter(c)),
      HORN_OPERATION(ScatterUpdate, core, scatter_update(c)),
      HORN_OPERATION(SliceUpdate, core, slice_update(c)),
      HORN_OPERATION(SegmentSum, math, segment(c, "add")),
      HORN_OPERATION(SegmentMax, math, segment(c, "maximum")),
      HORN_OPERATION(SegmentMin, math, segment(c, "minimum")),
      HORN_OPERATION(SegmentProd, math, segment(c, "multiply")),
      {"UnravelIndex", "numpy", unravel_index},
      {"Unique", "numpy", unique},
  };
  return entries;
}

} // namespace horn::tables
