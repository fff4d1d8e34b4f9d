// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/ShapeOps.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Places.h"
#include "frontend/ops/Promotion.h"

#include <numeric>

namespace horn::ops {

using detail::record;
using detail::recording;

Tensor reshape_codes(const Tensor &x, const std::vector<int64_t> &codes, const Tensor &like) {
  std::vector<Tensor> operands{x};
  if (like.defined())
    operands.push_back(like);
  return emit("reshape", operands, {{"shape", codes}});
}

int64_t size_or_like(const Tensor &like, size_t axis) {
  return like.shape()[axis] == None ? from_like(axis) : like.shape()[axis];
}

Tensor reshape(const Tensor &x, const Shape &shape) {
  if (recording({x}))
    return record("Reshape", x, {{"newshape", shape.dims()}});
  return reshape_codes(x, shape.dims());
}

Tensor transpose(const Tensor &x, const std::vector<int64_t> &permutation) {
  if (recording({x}))
    return record("Transpose", x,
                  {{"axes", permutation.empty() ? ConfigValue() : ConfigValue(permutation)}});
  std::vector<int64_t> axes;
  for (size_t i = 0; i < x.rank(); ++i)
    axes.push_back(permutation.empty()      ? static_cast<int64_t>(x.rank() - 1 - i)
                   : i < permutation.size() ? static_cast<int64_t>(x.shape().axis(permutation[i]))
                                            : 0);
  require(permutation.empty() || permutation.size() == x.rank(),
          {.what = "wrong number of axes to transpose",
           .expected = std::to_string(x.rank()),
           .found = std::to_string(permutation.size())});
  std::vector<int64_t> sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  require(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(),
          {.what = "an axis is named twice in a permutation",
           .expected = "each of 0 to " + std::to_string(x.rank() - 1) + " once",
           .found = ConfigValue(permutation).str()});
  if (axes == sorted)
    return x.with_mask({});
  return emit("transpose", {x}, {{"permutation", axes}});
}

Tensor swapaxes(const Tensor &x, int64_t axis1, int64_t axis2) {
  if (recording({x}))
    return record("Swapaxes", x, {{"axis1", axis1}, {"axis2", axis2}});
  std::vector<int64_t> axes(x.rank());
  std::iota(axes.begin(), axes.end(), 0);
  std::swap(axes[x.shape().axis(axis1)], axes[x.shape().axis(axis2)]);
  return transpose(x, axes);
}

Tensor moveaxis(const Tensor &x, int64_t source, int64_t destination) {
  if (recording({x}))
    return record("Moveaxis", x, {{"source", source}, {"destination", destination}});
  std::vector<int64_t> axes(x.rank());
  std::iota(axes.begin(), axes.end(), 0);
  int64_t from = static_cast<int64_t>(x.shape().axis(source));
  axes.erase(axes.begin() + from);
  axes.insert(axes.begin() + static_cast<int64_t>(x.shape().axis(destination)), from);
  return transpose(x, axes);
}

static ConfigValue axes_config(const Axes &axes) {
  if (axes.all())
    return nullptr;
  return axes.list()->size() == 1 ? ConfigValue(axes.list()->front()) : ConfigValue(*axes.list());
}

Tensor expand_dims(const Tensor &x, const Axes &axis) {
  if (recording({x}))
    return record("ExpandDims", x, {{"axis", axes_config(axis)}});
  require(!axis.all(), {.what = "expand_dims needs an axis"});
  std::vector<int64_t> dims(x.rank() + axis.list()->size());
  std::vector<int64_t> added = axis.resolve(Shape(dims));
  std::vector<int64_t> codes;
  for (size_t i = 0, from = 0; i < dims.size(); ++i)
    codes.push_back(std::binary_search(added.begin(), added.end(), static_cast<int64_t>(i))
                        ? 1
                        : size_or_like(x, from++));
  return reshape_codes(x, codes, x);
}

Tensor squeeze(const Tensor &x, const Axes &axis) {
  if (recording({x}))
    return record("Squeeze", x, {{"axis", axes_config(axis)}});
  std::vector<int64_t> removed = axis.resolve(x.shape());
  std::vector<int64_t> codes;
  for (size_t i = 0; i < x.rank(); ++i) {
    bool listed = std::binary_search(removed.begin(), removed.end(), static_cast<int64_t>(i));
    require(!listed || axis.all() || x.shape()[i] == 1,
            {.what = "only axes of size 1 can be squeezed", .found = x.shape().str()});
    if (!listed || x.shape()[i] != 1)
      codes.push_back(size_or_like(x, i));
  }
  return reshape_codes(x, codes, x);
}

Tensor broadcast_to(const Tensor &x, const Shape &shape, const Tensor &like) {
  if (recording({x}) && !like.defined())
    return record("BroadcastTo", x, {{"shape", shape.dims()}});
  if (recording({x}) || (like.defined() && recording({like}))) { // Keras knows no "like"
    for (size_t i = 0; i < shape.rank(); ++i)
      require(shape.rank() == like.rank() && (shape[i] == None || shape[i] == like.shape()[i]),
              {.what = "broadcast_to another shape than that of its pattern, outside of a layer",
               .expected = like.shape().str(),
               .found = shape.str()});
    return where(full_like(like, 1, DType::boolean), x, x);
  }
  std::vector<int64_t> codes;
  for (size_t i = 0; i < shape.rank(); ++i)
    codes.push_back(shape[i] != None ? shape[i] : like.defined() ? from_like(i) : same);
  std::vector<Tensor> operands{x};
  if (like.defined())
    operands.push_back(like);
  return emit("broadcast_to", operands, {{"shape", codes}});
}

Tensor concatenate(const std::vector<Tensor> &tensors, int64_t axis) {
  if (recording(tensors))
    return record("Concatenate", tensors, {{"axis", axis}});
  require(!tensors.empty(),
          {.what = "nothing to concatenate", .expected = "one tensor or more", .found = "none"});
  DType dtype = tensors.front().dtype();
  for (const Tensor &tensor : tensors)
    dtype = promote(dtype, tensor.dtype());
  std::vector<Tensor> operands;
  for (const Tensor &tensor : tensors)
    operands.push_back(cast(tensor, dtype));
  if (operands.size() == 1)
    return operands.front().with_mask({});
  return emit("concatenate", operands,
              {{"axis", static_cast<int64_t>(tensors.front().shape().axis(axis))}});
}

Tensor stack(const std::vector<Tensor> &tensors, int64_t axis) {
  if (recording(tensors))
    return record("Stack", tensors, {{"axis", axis}});
  require(!tensors.empty(), {.what = "nothing to stack"});
  int64_t rank = static_cast<int64_t>(tensors.front().rank()) + 1;
  int64_t place = axis < 0 ? axis + rank : axis;
  std::vector<Tensor> expanded;
  for (const Tensor &tensor : tensors)
    expanded.push_back(expand_dims(tensor, place));
  return concatenate(expanded, place);
}

static std::vector<int64_t> replicate(const Tensor &x, int64_t value) {
  return std::vector<int64_t>(x.rank(), value);
}

/// The part of an axis from `start` up to `stop`.
static Tensor slice_axis(const Tensor &x, size_t axis, int64_t start, int64_t stop) {
  std::vector<int64_t> starts = replicate(x, 0), limits = replicate(x, SliceAxis::open);
  starts[axis] = start;
  limits[axis] = stop;
  return emit("slice", {x}, {{"starts", starts}, {"limits", limits}, {"steps", replicate(x, 1)}});
}

/// How many tensors one axis may be taken apart into.
static constexpr int64_t max_parts = 65536;

static int64_t known_size(const Tensor &x, size_t axis) {
  int64_t size = x.shape()[axis];
  require(size != None, {.what = "the size of axis " + std::to_string(axis) + " must be known",
                         .found = x.shape().str()});
  return size;
}

std::vector<Tensor> unstack(const Tensor &x, int64_t axis) {
  if (recording({x}))
    return detail::record_all("Unstack", x, {{"num", nullptr}, {"axis", axis}});
  size_t place = x.shape().axis(axis);
  require(known_size(x, place) <= max_parts, {.what = "too many parts", .found = x.shape().str()});
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < known_size(x, place); ++i)
    parts.push_back(squeeze(slice_axis(x, place, i, i + 1), static_cast<int64_t>(place)));
  return parts;
}

std::vector<Tensor> split(const Tensor &x, int64_t sections, int64_t axis) {
  if (recording({x}))
    return detail::record_all("Split", x, {{"indices_or_sections", sections}, {"axis", axis}});
  int64_t size = known_size(x, x.shape().axis(axis));
  require(sections > 0 && sections <= max_parts && size % sections == 0,
          {.what = "an axis cannot be split into equal parts",
           .expected = "a divisor of " + std::to_string(size),
           .found = std::to_string(sections)});
  std::vector<int64_t> indices;
  for (int64_t i = 1; i < sections; ++i)
    indices.push_back(i * (size / sections));
  return split(x, indices, axis);
}

std::vector<Tensor> split(const Tensor &x, const std::vector<int64_t> &indices, int64_t axis) {
  if (recording({x}))
    return detail::record_all("Split", x, {{"indices_or_sections", indices}, {"axis", axis}});
  size_t place = x.shape().axis(axis);
  std::vector<Tensor> parts;
  int64_t start = 0;
  for (int64_t stop : indices) {
    parts.push_back(slice_axis(x, place, start, stop));
    start = stop;
  }
  parts.push_back(slice_axis(x, place, start, SliceAxis::open));
  return parts;
}

Tensor flip(const Tensor &x, const Axes &axis) {
  if (recording({x}))
    return record("Flip", x, {{"axis", axes_config(axis)}});
  return emit("reverse", {x}, {{"axes", axis.resolve(x.shape())}});
}

Tensor roll(const Tensor &x, int64_t shift, int64_t axis) {
  if (recording({x}))
    return record("Roll", x, {{"shift", shift}, {"axis", axis}});
  size_t place = x.shape().axis(axis);
  int64_t size = x.shape()[place];
  if (size == None) {
    Tensor from = places_on(x, place, DType::int64) - shift;
    return take(x, from, static_cast<int64_t>(place), "wrap");
  }
  int64_t amount = size ? ((shift % size) + size) % size : 0;
  if (amount == 0)
    return x.with_mask({});
  return concatenate({slice_axis(x, place, size - amount, SliceAxis::open),
                      slice_axis(x, place, 0, size - amount)},
                     static_cast<int64_t>(place));
}

static int64_t checked_product(int64_t size, int64_t times) {
  int64_t product = 0;
  require(times >= 0 && !__builtin_mul_overflow(size, times, &product),
          {.what = "wrong number of copies", .found = std::to_string(times)});
  return product;
}

/// Copies along an axis: each element after itself, or the whole axis after itself.
static Tensor copies(const Tensor &x, size_t place, int64_t times, bool each) {
  Tensor expanded = expand_dims(x, static_cast<int64_t>(place) + each);
  std::vector<int64_t> wide, flat;
  for (size_t i = 0; i < x.rank(); ++i) {
    bool here = i == place;
    if (here && !each)
      wide.push_back(times);
    wide.push_back(size_or_like(x, i));
    if (here && each)
      wide.push_back(times);
    flat.push_back(!here                  ? size_or_like(x, i)
                   : x.shape()[i] == None ? inferred
                                          : checked_product(x.shape()[i], times));
  }
  return reshape_codes(emit("broadcast_to", {expanded, x}, {{"shape", wide}}), flat, x);
}

Tensor repeat(const Tensor &x, int64_t repeats, int64_t axis) {
  if (recording({x}))
    return record("Repeat", x, {{"repeats", repeats}, {"axis", axis}});
  return copies(x, x.shape().axis(axis), repeats, /*each=*/true);
}

Tensor tile(const Tensor &x, std::vector<int64_t> repeats) {
  if (recording({x}))
    return record("Tile", x, {{"repeats", repeats}});
  Tensor result = x;
  if (repeats.size() < x.rank())
    repeats.insert(repeats.begin(), x.rank() - repeats.size(), 1);
  require(repeats.size() <= 64, {.what = "too many axes to tile"});
  while (result.rank() < repeats.size())
    result = expand_dims(result, 0);
  for (size_t i = 0; i < repeats.size(); ++i)
    if (repeats[i] != 1)
      result = copies(result, i, repeats[i], /*each=*/false);
  return result;
}

Tensor pad(const Tensor &x, const std::vector<int64_t> &before, const std::vector<int64_t> &after,
           double value) {
  if (recording({x})) {
    ConfigValue::List widths;
    for (size_t i = 0; i < before.size(); ++i)
      widths.push_back(std::vector<int64_t>{before[i], after[i]});
    Arguments arguments(x);
    arguments.with("constant_values", ConfigValue(value));
    return record("Pad", std::move(arguments),
                  {{"pad_width", std::move(widths)}, {"mode", "constant"}});
  }
  return emit("pad", {x},
              {{"low", before}, {"high", after}, {"interior", replicate(x, 0)}, {"value", value}});
}

} // namespace horn::ops
