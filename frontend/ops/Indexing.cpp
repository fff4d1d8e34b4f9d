// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The functions of ShapeOps.h that pick elements by index or make tensors from indices.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>

namespace horn::ops {

using detail::record;
using detail::recording;

static ConfigValue optional_int(int64_t value) {
  return value == SliceAxis::open ? ConfigValue() : ConfigValue(value);
}

static ConfigValue config_of(const SliceAxis &axis) {
  switch (axis.kind) {
  case SliceAxis::Kind::index:
    return axis.start;
  case SliceAxis::Kind::new_axis:
    return nullptr;
  case SliceAxis::Kind::ellipsis:
    return ConfigValue::Dict{{"class_name", "__ellipsis__"}, {"config", ConfigValue::dict()}};
  case SliceAxis::Kind::range:
    break;
  }
  return ConfigValue::Dict{{"class_name", "__slice__"},
                           {"config", ConfigValue::Dict{{"start", optional_int(axis.start)},
                                                        {"stop", optional_int(axis.stop)},
                                                        {"step", optional_int(axis.step)}}}};
}

static Tensor record_get_item(const Tensor &x, const std::vector<SliceAxis> &axes) {
  Arguments arguments(x);
  ConfigValue::List key;
  for (const SliceAxis &axis : axes)
    key.push_back(config_of(axis));
  arguments.positional.mutable_list().push_back(std::move(key));
  return record("GetItem", std::move(arguments));
}

/// The entries with the ellipsis replaced by full ranges, one entry for each axis of `x`.
static std::vector<SliceAxis> expand_ellipsis(const Tensor &x, std::vector<SliceAxis> axes) {
  size_t used = 0;
  auto ellipsis = axes.end();
  for (auto it = axes.begin(); it != axes.end(); ++it)
    if (it->kind == SliceAxis::Kind::ellipsis)
      ellipsis = it;
    else
      used += it->kind != SliceAxis::Kind::new_axis;
  require(used <= x.rank(), {.what = "too many indices",
                             .expected = "at most " + std::to_string(x.rank()),
                             .found = std::to_string(used)});
  if (ellipsis != axes.end())
    ellipsis = axes.erase(ellipsis);
  axes.insert(ellipsis, x.rank() - used, SliceAxis::all());
  return axes;
}

/// Takes axes away that have size 1, if only when the model runs.
static Tensor drop_axes(const Tensor &x, const std::vector<int64_t> &axes) {
  auto is_dropped = [&](size_t i) {
    return std::find(axes.begin(), axes.end(), static_cast<int64_t>(i)) != axes.end();
  };
  bool known = true;
  std::vector<int64_t> codes;
  for (size_t i = 0; i < x.rank(); ++i)
    if (!is_dropped(i))
      codes.push_back(size_or_like(x, i));
    else
      known &= x.shape()[i] != None;
  return known ? squeeze(x, axes) : reshape_codes(x, codes, x);
}

Tensor get_item(const Tensor &x, const std::vector<SliceAxis> &given) {
  if (recording({x}))
    return record_get_item(x, given);
  constexpr int64_t open = SliceAxis::open, low = std::numeric_limits<int64_t>::min();
  std::vector<int64_t> starts, limits, steps, dropped, added;
  int64_t place = 0; // of the next axis in the result
  for (const SliceAxis &axis : expand_ellipsis(x, given)) {
    if (axis.kind == SliceAxis::Kind::new_axis) {
      added.push_back(place++);
      continue;
    }
    bool index = axis.kind == SliceAxis::Kind::index;
    size_t from = starts.size();
    int64_t size = x.shape()[from];
    require(
        !index || size == None || (axis.start >= -size && axis.start < size),
        {.what = "index " + std::to_string(axis.start) + " is outside axis " + std::to_string(from),
         .found = x.shape().str()});
    bool back = axis.step < 0;
    starts.push_back(axis.start != open ? axis.start : back ? open : 0);
    limits.push_back(index               ? (axis.start == -1 ? open : axis.start + 1)
                     : axis.stop != open ? axis.stop
                     : back              ? low
                                         : open);
    steps.push_back(index ? 1 : axis.step);
    if (index)
      dropped.push_back(static_cast<int64_t>(from));
    else
      ++place;
  }
  Tensor result = emit("slice", {x}, {{"starts", starts}, {"limits", limits}, {"steps", steps}});
  if (!dropped.empty())
    result = drop_axes(result, dropped);
  return added.empty() ? result : expand_dims(result, added);
}

Tensor take(const Tensor &x, const Tensor &indices, int64_t axis, const char *mode) {
  if (recording({x, indices}))
    return record("Take", Arguments::positionals({x, indices}), {{"axis", axis}});
  Tensor ids = is_integer(indices.dtype()) ? indices : cast(indices, DType::int32);
  return emit("take", {x, ids},
              {{"axis", static_cast<int64_t>(x.shape().axis(axis))}, {"mode", std::string(mode)}});
}

Tensor take_along_axis(const Tensor &x, const Tensor &indices, int64_t axis) {
  if (recording({x, indices}))
    return record("TakeAlongAxis", Arguments::positionals({x, indices}), {{"axis", axis}});
  return emit("take_along_axis", {x, indices},
              {{"axis", static_cast<int64_t>(x.shape().axis(axis))}});
}

Tensor full_like(const Tensor &like, double value, DType dtype) {
  if (recording({like})) {
    Operand fill = dtype == DType::boolean ? Operand(value != 0)
                   : is_floating(dtype)    ? Operand(value)
                                           : Operand(static_cast<int64_t>(value));
    return record("FullLike", Arguments::positionals({like, fill}), {{"dtype", dtype_name(dtype)}});
  }
  return broadcast_to(scalar(value, dtype), like.shape(), like);
}

Tensor zeros_like(const Tensor &x) {
  if (recording({x}))
    return record("ZerosLike", x, {{"dtype", dtype_name(x.dtype())}});
  return full_like(x, 0, x.dtype());
}

Tensor ones_like(const Tensor &x) {
  if (recording({x}))
    return record("OnesLike", x, {{"dtype", dtype_name(x.dtype())}});
  return full_like(x, 1, x.dtype());
}

Tensor index_like(const Tensor &like, int64_t axis, DType dtype) {
  if (recording({like})) // Keras has no such function
    return cast(subtract(cumsum(full_like(like, 1, DType::int32), axis), 1), dtype);
  std::vector<int64_t> codes;
  for (size_t i = 0; i < like.rank(); ++i)
    codes.push_back(size_or_like(like, i));
  return emit("iota", {like},
              {{"shape", codes},
               {"axis", static_cast<int64_t>(like.shape().axis(axis))},
               {"dtype", dtype}});
}

static Tensor triangle(const Tensor &x, int64_t k, bool upper) {
  Tensor row = index_like(x, -2), column = index_like(x, -1);
  Tensor keep = upper ? greater_equal(column, add(row, k)) : less_equal(column, add(row, k));
  return where(keep, x, full_like(x, 0, x.dtype()));
}

Tensor triu(const Tensor &x, int64_t k) {
  return recording({x}) ? record("Triu", x, {{"k", k}}) : triangle(x, k, /*upper=*/true);
}
Tensor tril(const Tensor &x, int64_t k) {
  return recording({x}) ? record("Tril", x, {{"k", k}}) : triangle(x, k, /*upper=*/false);
}

Tensor arange(int64_t count, DType dtype) {
  return emit("iota", {},
              {{"shape", std::vector<int64_t>{count}}, {"axis", int64_t{0}}, {"dtype", dtype}});
}

Tensor one_hot(const Tensor &x, int64_t num_classes, int64_t axis, DType dtype) {
  if (recording({x}))
    return record("OneHot", x,
                  {{"num_classes", num_classes},
                   {"axis", axis},
                   {"dtype", dtype_name(dtype)},
                   {"sparse", false}});
  Tensor ids = is_integer(x.dtype()) ? x : cast(x, DType::int32);
  Tensor hot = cast(equal(expand_dims(ids, -1), arange(num_classes, ids.dtype())), dtype);
  return axis == -1 ? hot : moveaxis(hot, -1, axis);
}

} // namespace horn::ops
