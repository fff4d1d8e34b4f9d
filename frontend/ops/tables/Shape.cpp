// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Views, slices, look-ups and padding.
#include "frontend/ops/ShapeOps.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/Signal.h"
#include "frontend/ops/Tracer.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>

namespace horn::tables {

static std::vector<ops::SliceAxis> slice_axes(const ConfigValue &key) {
  using ops::SliceAxis;
  ConfigValue::List entries = key.is_list() ? key.as_list() : ConfigValue::List{key};
  // A tuple of slices may stand in an envelope of its own.
  if (key.string_or("class_name", "") == "__tuple__")
    entries = key.at("config").at("value").as_list();
  std::vector<SliceAxis> axes;
  for (const ConfigValue &entry : entries) {
    std::string_view kind = entry.string_or("class_name", "");
    if (entry.is_null()) {
      axes.push_back(SliceAxis::new_axis());
    } else if (kind == "__ellipsis__") {
      axes.push_back(SliceAxis::ellipsis());
    } else if (kind == "__slice__") {
      auto part = [&](const char *name, int64_t otherwise) {
        const ConfigValue *value = entry.at("config").find(name);
        return value && !value->is_null() ? value->as_int() : otherwise;
      };
      axes.push_back(SliceAxis::range(part("start", SliceAxis::open), part("stop", SliceAxis::open),
                                      part("step", 1)));
      require(axes.back().step != 0, {.what = "slice with step 0"});
    } else {
      axes.push_back(SliceAxis::index(entry.as_int()));
    }
  }
  return axes;
}

static Tensor get_item(Call c) {
  const ConfigValue *key = c.find("key", 1);
  return ops::get_item(x_of(c), slice_axes(key ? *key : ConfigValue()));
}

/// Where the element `i` (negative, or beyond the last) of a padded axis comes from.
static int64_t padding_source(int64_t i, int64_t size, const std::string &mode) {
  auto modulo = [](int64_t a, int64_t n) { return ((a % n) + n) % n; };
  if (mode == "edge" || size == 1)
    return std::clamp<int64_t>(i, 0, size - 1);
  if (mode == "wrap")
    return modulo(i, size);
  int64_t period = mode == "reflect" ? 2 * (size - 1) : 2 * size, place = modulo(i, period);
  return place < size ? place : mode == "reflect" ? period - place : period - 1 - place;
}

/// One axis padded with its own elements.
static Tensor pad_by_elements(const Tensor &x, int64_t axis, int64_t before, int64_t after,
                              const std::string &mode) {
  int64_t size = x.dim(axis);
  if (size == None && mode == "reflect")
    return ops::reflect(x, axis, before, after);
  if (size == None) {
    std::vector<Tensor> parts{x};
    auto part = [&](int64_t start, int64_t stop) {
      std::vector<ops::SliceAxis> slice(x.rank());
      slice[static_cast<size_t>(axis)] = ops::SliceAxis::range(start, stop);
      return ops::get_item(x, slice);
    };
    constexpr int64_t open = ops::SliceAxis::open;
    bool edge = mode == "edge", wrap = mode == "wrap";
    if (before > 0)
      parts.insert(parts.begin(), edge   ? ops::repeat(part(0, 1), before, axis)
                                  : wrap ? part(-before, open)
                                         : ops::flip(part(0, before), axis));
    if (after > 0)
      parts.push_back(edge   ? ops::repeat(part(-1, open), after, axis)
                      : wrap ? part(0, after)
                             : ops::flip(part(-after, open), axis));
    return ops::concatenate(parts, axis);
  }
  require(size > 0 && before >= 0 && after >= 0 && before + size + after <= (int64_t{1} << 24),
          {.what = "wrong padding", .found = x.shape().str()});
  Array places(Shape{before + size + after}, DType::int32);
  for (int64_t i = 0; i < before + size + after; ++i)
    places.set(static_cast<size_t>(i), static_cast<double>(padding_source(i - before, size, mode)));
  return ops::take(x, current_tracer().constant(places), axis, "clip");
}

/// One axis padded with a number computed from it, or on the way to 0.
static Tensor pad_by_value(const Tensor &x, int64_t axis, int64_t before, int64_t after,
                           const std::string &mode) {
  auto edge = [&](int64_t start) {
    std::vector<ops::SliceAxis> slice(x.rank());
    slice[static_cast<size_t>(axis)] =
        ops::SliceAxis::range(start, start == -1 ? ops::SliceAxis::open : start + 1);
    return ops::get_item(x, slice);
  };
  auto ramp = [&](const Tensor &from, int64_t count, bool rising) {
    Tensor wide = ops::repeat(from, count, axis);
    Tensor step = ops::index_like(wide, axis);
    step = rising ? step : count - 1 - step;
    Tensor y = ops::cast(step, ops::to_floating(x.dtype())) / static_cast<double>(count) * wide;
    return ops::cast(is_floating(x.dtype()) ? y : ops::floor(y), x.dtype());
  };
  std::vector<Tensor> parts{x};
  if (mode == "linear_ramp") {
    if (before > 0)
      parts.insert(parts.begin(), ramp(edge(0), before, true));
    if (after > 0)
      parts.push_back(ramp(edge(-1), after, false));
    return ops::concatenate(parts, axis);
  }
  Tensor value;
  if (mode == "median") {
    int64_t size = x.dim(axis);
    require(size != None && size > 0, {.what = "padding with the median needs a known size"});
    Tensor sorted = ops::sort(x, axis);
    auto at = [&](int64_t i) {
      std::vector<ops::SliceAxis> slice(x.rank());
      slice[static_cast<size_t>(axis)] = ops::SliceAxis::range(i, i + 1);
      return ops::get_item(sorted, slice);
    };
    value = size % 2 ? at(size / 2) : (at(size / 2 - 1) + at(size / 2)) / 2;
  } else {
    value = mode == "maximum"   ? ops::max(x, axis, true)
            : mode == "minimum" ? ops::min(x, axis, true)
                                : ops::mean(x, axis, true);
  }
  if (!is_floating(x.dtype()) && is_floating(value.dtype()))
    value = ops::round(value);
  value = ops::cast(value, x.dtype());
  if (before > 0)
    parts.insert(parts.begin(), ops::repeat(value, before, axis));
  if (after > 0)
    parts.push_back(ops::repeat(value, after, axis));
  return ops::concatenate(parts, axis);
}

static Tensor pad_by_mode(Tensor x, const std::vector<int64_t> &before,
                          const std::vector<int64_t> &after, const std::string &mode) {
  static constexpr std::string_view elements[] = {"reflect", "symmetric", "edge", "wrap"},
                                    values[] = {"linear_ramp", "maximum", "minimum", "mean",
                                                "median"};
  bool copies = std::find(std::begin(elements), std::end(elements), mode) != std::end(elements);
  require(copies || std::find(std::begin(values), std::end(values), mode) != std::end(values),
          {.what = "unknown padding mode " + mode,
           .expected = "constant, reflect, symmetric, edge, wrap, linear_ramp, maximum, mean, "
                       "median, minimum or empty"});
  for (size_t i = 0; i < before.size(); ++i)
    if (before[i] != 0 || after[i] != 0)
      x = (copies ? pad_by_elements : pad_by_value)(x, static_cast<int64_t>(i), before[i], after[i],
                                                    mode);
  return x;
}

static Tensor pad(Call c) {
  const ConfigValue *widths = c.find("pad_width");
  require(widths != nullptr, {.what = "missing argument pad_width"});
  Tensor x = x_of(c);
  std::vector<int64_t> before(x.rank()), after(x.rank());
  for (size_t i = 0; i < x.rank(); ++i) {
    const ConfigValue *pair = widths;
    if (widths->is_list() && !widths->as_list().empty() && widths->as_list()[0].is_list())
      pair = &widths->as_list().at(widths->as_list().size() == 1 ? 0 : i);
    std::vector<int64_t> both = pair->as_ints();
    require(both.size() == 1 || both.size() == 2, {.what = "wrong pad_width"});
    before[i] = both.front();
    after[i] = both.back();
  }
  std::string mode = c.text("mode", "constant");
  if (mode == "empty") // what is there is not said; zeros are
    return ops::pad(x, before, after);
  if (mode != "constant")
    return pad_by_mode(x, before, after, mode);
  const ConfigValue *value = c.find("constant_values", 1);
  return ops::pad(x, before, after, value ? value->as_number() : 0);
}

static Tensor like(Call c, double value) {
  Tensor x = x_of(c);
  return ops::full_like(x, value, c.dtype("dtype").value_or(x.dtype()));
}

static Tensor full_like(Call c) {
  Tensor x = x_of(c);
  Tensor value = ops::as_tensor(c.operand("fill_value", 1), c.dtype("dtype").value_or(x.dtype()));
  return ops::broadcast_to(value, x.shape(), x);
}

static Shape shape_of(Call c, const char *name) {
  Shape shape(c.integers(name));
  return shape;
}

/// Reshape's target names the batch by -1 when it is unknown, like any other size.
static Tensor reshape(Call c) {
  return ops::reshape(x_of(c), shape_of(c, c.find("newshape") ? "newshape" : "shape"));
}

static Tensor transpose(Call c) {
  return ops::transpose(x_of(c), c.find("axes") ? c.integers("axes") : std::vector<int64_t>());
}

/// Codes of a reshape to the shape of x.
static std::vector<int64_t> codes_of(const Tensor &x) {
  std::vector<int64_t> codes;
  for (size_t i = 0; i < x.rank(); ++i)
    codes.push_back(ops::size_or_like(x, i));
  return codes;
}

static Tensor roll(Call c) {
  Tensor x = x_of(c);
  std::vector<int64_t> shifts = c.integers("shift");
  if (!c.find("axis"))
    return ops::reshape_codes(ops::roll(ops::reshape(x, {-1}), shifts.at(0), 0), codes_of(x), x);
  std::vector<int64_t> axes = c.integers("axis");
  for (size_t i = 0; i < axes.size(); ++i)
    x = ops::roll(x, shifts.at(shifts.size() == 1 ? 0 : i), axes[i]);
  return x;
}

static Tensor repeat(Call c) {
  Tensor x = x_of(c);
  if (!c.find("axis"))
    return ops::repeat(ops::reshape(x, {-1}), c.integer("repeats", 1), 0);
  return ops::repeat(x, c.integers("repeats").at(0), c.integer("axis", 0));
}

static Tensor moveaxis(Call c) {
  Tensor x = x_of(c);
  std::vector<int64_t> sources = c.integers("source"), targets = c.integers("destination");
  require(sources.size() == targets.size(), {.what = "moveaxis needs as many targets as sources"});
  if (sources.size() == 1)
    return ops::moveaxis(x, sources[0], targets[0]);
  std::vector<int64_t> axes(x.rank(), -1), rest;
  for (size_t i = 0; i < sources.size(); ++i)
    axes[x.shape().axis(targets[i])] = static_cast<int64_t>(x.shape().axis(sources[i]));
  for (size_t i = 0, next = 0; i < x.rank(); ++i)
    if (std::find(axes.begin(), axes.end(), static_cast<int64_t>(i)) == axes.end()) {
      while (axes[next] >= 0)
        ++next;
      axes[next] = static_cast<int64_t>(i);
    }
  return ops::transpose(x, axes);
}

static Tensor take(Call c) {
  Tensor x = x_of(c);
  if (!c.find("axis"))
    return ops::take(ops::reshape(x, {-1}), c.tensor("indices", 1), 0);
  return ops::take(x, c.tensor("indices", 1), c.integer("axis", 0));
}

static Tensor take_along_axis(Call c) {
  Tensor x = x_of(c);
  if (!c.find("axis"))
    return ops::take_along_axis(ops::reshape(x, {-1}), c.tensor("indices", 1), 0);
  return ops::take_along_axis(x, c.tensor("indices", 1), c.integer("axis", -1));
}

static Tensor rot90(Call c) {
  Tensor x = c.tensor("array", 0);
  std::vector<int64_t> axes = c.find("axes") ? c.integers("axes") : std::vector<int64_t>{0, 1};
  switch (((c.integer("k", 1) % 4) + 4) % 4) {
  case 1:
    return ops::swapaxes(ops::flip(x, axes[1]), axes[0], axes[1]);
  case 2:
    return ops::flip(x, axes);
  case 3:
    return ops::flip(ops::swapaxes(x, axes[0], axes[1]), axes[1]);
  default:
    return x;
  }
}

static Tensor diff(Call c) {
  Tensor x = c.tensor("a", 0);
  size_t axis = x.shape().axis(c.integer("axis", -1));
  for (int64_t i = 0; i < c.integer("n", 1); ++i) {
    std::vector<ops::SliceAxis> later(x.rank()), earlier(x.rank());
    later[axis] = ops::SliceAxis::range(1);
    earlier[axis] = ops::SliceAxis::range(0, -1);
    x = ops::get_item(x, later) - ops::get_item(x, earlier);
  }
  return x;
}

/// The elements [i, i + offset] of two axes, last.
static Tensor diagonal_of(const Tensor &x, int64_t offset, int64_t axis1, int64_t axis2) {
  size_t first = x.shape().axis(axis1), second = x.shape().axis(axis2);
  require(first != second, {.what = "diagonal needs two different axes"});
  std::vector<int64_t> order;
  for (size_t i = 0; i < x.rank(); ++i)
    if (i != first && i != second)
      order.push_back(static_cast<int64_t>(i));
  order.push_back(static_cast<int64_t>(first));
  order.push_back(static_cast<int64_t>(second));
  Tensor y = ops::transpose(x, order);
  int64_t rows = y.dim(-2), columns = y.dim(-1);
  require(rows != None && columns != None,
          {.what = "diagonal needs axes of known size", .found = x.shape().str()});
  int64_t top = std::max<int64_t>(0, -offset), left = std::max<int64_t>(0, offset);
  int64_t count = std::max<int64_t>(0, std::min(rows - top, columns - left));
  Array places(Shape{count}, DType::int32);
  for (int64_t i = 0; i < count; ++i)
    places.set(static_cast<size_t>(i), static_cast<double>((top + i) * columns + left + i));
  std::vector<int64_t> codes;
  for (size_t i = 0; i + 2 < y.rank(); ++i)
    codes.push_back(ops::size_or_like(y, i));
  codes.push_back(rows * columns);
  return ops::take(ops::reshape_codes(y, codes, y), current_tracer().constant(places), -1, "clip");
}

static Tensor diagonal(Call c) {
  return diagonal_of(x_of(c), c.integer("offset", 0), c.integer("axis1", 0), c.integer("axis2", 1));
}

/// A vector as the diagonal of a matrix.
static Tensor diag_of(Call c, const Tensor &x) {
  int64_t k = c.integer("k", 0);
  int64_t size = x.dim(0) + std::abs(k);
  require(x.dim(0) != None, {.what = "diag needs a vector of known size"});
  Tensor wide = ops::pad(x, {std::max<int64_t>(0, k)}, {std::max<int64_t>(0, -k)});
  Tensor square = ops::broadcast_to(wide, Shape{size, size});
  Tensor hit = ops::equal(ops::index_like(square, 1), ops::index_like(square, 0) + k);
  return ops::where(hit, square, 0);
}

static Tensor diag(Call c) {
  Tensor x = x_of(c);
  return x.rank() == 1 ? diag_of(c, x) : diagonal_of(x, c.integer("k", 0), 0, 1);
}

/// The part of a known size that starts at an index, brought so far down that all of it fits.
static Tensor slice(Call c) {
  Tensor x = c.tensor("inputs", 0);
  const ConfigValue *starts = c.find("start_indices", 1);
  require(starts != nullptr, {.what = "missing argument start_indices"});
  std::vector<int64_t> shape = c.integers("shape");
  require(shape.size() == x.rank(), {.what = "slice needs a size for each axis"});
  for (size_t i = 0; i < x.rank(); ++i) {
    int64_t axis = static_cast<int64_t>(i), size = x.shape()[i];
    bool known = starts->is_list() && !starts->as_list().at(i).is_tensor();
    if (known) {
      int64_t start = starts->as_list()[i].as_int();
      if (shape[i] >= 0 && size != None)
        start = std::clamp<int64_t>(start, 0, std::max<int64_t>(0, size - shape[i]));
      std::vector<ops::SliceAxis> axes(x.rank());
      axes[i] =
          ops::SliceAxis::range(start, shape[i] < 0 ? ops::SliceAxis::open : start + shape[i]);
      x = ops::get_item(x, axes);
      continue;
    }
    require(shape[i] >= 0, {.what = "slice from an index in a tensor needs a known size"});
    Tensor start = starts->is_list()
                       ? c.tensors("start_indices", 1).at(i)
                       : ops::get_item(c.tensor("start_indices", 1), {ops::SliceAxis::index(axis)});
    start = ops::cast(start, DType::int32);
    if (size != None)
      start = ops::clip(start, 0, std::max<int64_t>(0, size - shape[i]));
    x = ops::take(x, ops::arange(shape[i]) + start, axis, "clip");
  }
  return x;
}

static Tensor triangle_or_full(Call c) {
  Operand value = c.operand("fill_value", 0);
  DType dtype = c.dtype("dtype").value_or(DType::float32);
  return ops::broadcast_to(ops::as_tensor(value, dtype), shape_of(c, "shape"));
}

static Tensor arange(Call c) {
  double start = c.operand("start", 0).number(), stop = start, step = 1;
  if (c.find("stop", 1))
    stop = c.operand("stop", 1).number();
  else
    start = 0;
  if (c.find("step", 2))
    step = c.operand("step", 2).number();
  require(step != 0, {.what = "arange with step 0"});
  int64_t count = std::max<int64_t>(0, static_cast<int64_t>(std::ceil((stop - start) / step)));
  Array values(Shape{count}, c.dtype("dtype").value_or(DType::int32));
  for (int64_t i = 0; i < count; ++i)
    values.set(static_cast<size_t>(i), start + step * static_cast<double>(i));
  return current_tracer().constant(values);
}

std::span<const OperationEntry> shape_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(GetItem, numpy, get_item(c)),
      HORN_OPERATION(Reshape, numpy, reshape(c)),
      HORN_OPERATION(Ravel, numpy, ops::reshape(x_of(c), {-1})),
      HORN_OPERATION(Transpose, numpy, transpose(c)),
      HORN_OPERATION(Swapaxes, numpy,
                     ops::swapaxes(x_of(c), c.integer("axis1", 0), c.integer("axis2", 1))),
      HORN_OPERATION(Moveaxis, numpy, moveaxis(c)),
      HORN_OPERATION(ExpandDims, numpy, ops::expand_dims(x_of(c), c.axes("axis"))),
      HORN_OPERATION(Squeeze, numpy, ops::squeeze(x_of(c), c.axes("axis"))),
      HORN_OPERATION(BroadcastTo, numpy, ops::broadcast_to(x_of(c), shape_of(c, "shape"))),
      HORN_OPERATION(Flip, numpy, ops::flip(x_of(c), c.axes("axis"))),
      HORN_OPERATION(Fliplr, numpy, ops::flip(x_of(c), 1)),
      HORN_OPERATION(Flipud, numpy, ops::flip(x_of(c), 0)),
      HORN_OPERATION(Rot90, numpy, rot90(c)),
      HORN_OPERATION(Roll, numpy, roll(c)),
      HORN_OPERATION(Repeat, numpy, repeat(c)),
      HORN_OPERATION(Tile, numpy, ops::tile(x_of(c), c.integers("repeats"))),
      HORN_OPERATION(Pad, numpy, pad(c)),
      HORN_OPERATION(Take, numpy, take(c)),
      HORN_OPERATION(TakeAlongAxis, numpy, take_along_axis(c)),
      HORN_OPERATION(ZerosLike, numpy, like(c, 0)),
      HORN_OPERATION(EmptyLike, numpy, like(c, 0)),
      HORN_OPERATION(OnesLike, numpy, like(c, 1)),
      HORN_OPERATION(FullLike, numpy, full_like(c)),
      HORN_OPERATION(Full, numpy, triangle_or_full(c)),
      HORN_OPERATION(Arange, numpy, arange(c)),
      HORN_OPERATION(Triu, numpy, ops::triu(x_of(c), c.integer("k", 0))),
      HORN_OPERATION(Tril, numpy, ops::tril(x_of(c), c.integer("k", 0))),
      HORN_OPERATION(Diff, numpy, diff(c)),
      HORN_OPERATION(Diag, numpy, diag(c)),
      HORN_OPERATION(Diagflat, numpy, diag_of(c, ops::reshape(x_of(c), {-1}))),
      HORN_OPERATION(Diagonal, numpy, diagonal(c)),
      HORN_OPERATION(Trace, numpy, ops::sum(diagonal(c), -1)),
      HORN_OPERATION(Slice, core, slice(c)),
  };
  return entries;
}

} // namespace horn::tables
