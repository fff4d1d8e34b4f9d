// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Images looked up at moved places: keras.ops.image.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/LinearAlgebra.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>

namespace horn::tables {

namespace {
/// Places on one axis of `size` elements.
struct Places {
  Tensor at;
  int64_t size;
};

/// How elements between and beyond the pixels are found. Source: scipy.ndimage.map_coordinates.
struct Lookup {
  bool linear = true;
  std::string mode = "constant"; ///< or nearest, wrap, mirror, reflect
  double fill_value = 0;

  /// An index brought into [0, size).
  Tensor fixed(const Tensor &index, int64_t size) const {
    auto mirrored = [](const Tensor &i, int64_t n) {
      int64_t s = std::max<int64_t>(n - 1, 1);
      return ops::absolute(ops::mod(i + s, 2 * s) - s);
    };
    if (mode == "wrap")
      return ops::mod(index, size);
    if (mode == "mirror")
      return size == 1 ? index * 0 : mirrored(index, size);
    if (mode == "reflect")
      return ops::floor_divide(mirrored(index * 2 + 1, 2 * size + 1) - 1, 2);
    return ops::clip(index, 0, size - 1);
  }
  /// The elements at the places, where `gather` picks them by row-major index.
  template <typename Gather>
  Tensor operator()(const std::vector<Places> &axes, DType dtype, Gather gather) const;
};
} // namespace

template <typename Gather>
Tensor Lookup::operator()(const std::vector<Places> &axes, DType dtype, Gather gather) const {
  require(mode == "constant" || mode == "nearest" || mode == "wrap" || mode == "mirror" ||
              mode == "reflect",
          {.what = "unknown fill_mode " + mode,
           .expected = "constant, nearest, wrap, mirror or reflect"});
  require(axes.size() <= 6, {.what = "too many axes to look up along"});
  Tensor total;
  size_t corners = linear ? size_t{1} << axes.size() : 1;
  for (size_t corner = 0; corner < corners; ++corner) {
    Tensor index, inside, weight;
    for (size_t i = 0; i < axes.size(); ++i) {
      const auto &[at, size] = axes[i];
      // Halves are rounded away from zero.
      Tensor low = linear ? ops::floor(at) : ops::sign(at) * ops::floor(ops::absolute(at) + 0.5);
      bool upper = corner >> (axes.size() - 1 - i) & 1;
      Tensor part = upper ? at - low : 1 - (at - low);
      Tensor place = ops::cast(low, DType::int32) + (upper ? 1 : 0);
      Tensor here = ops::logical_and(place >= 0, place < size);
      Tensor own = fixed(place, size);
      index = index.defined() ? index * size + own : own;
      inside = inside.defined() ? ops::logical_and(inside, here) : here;
      weight = weight.defined() ? weight * part : part;
    }
    Tensor value = gather(index);
    if (mode == "constant")
      value = ops::where(inside, value, ops::scalar(fill_value, value.dtype()));
    value = linear ? weight * value : value;
    total = total.defined() ? total + value : value;
  }
  if (is_integer(dtype) && is_floating(total.dtype()))
    total = ops::sign(total) * ops::floor(ops::absolute(total) + 0.5);
  return ops::cast(total, dtype);
}

static Lookup lookup_of(Call c) {
  std::string interpolation = c.text("interpolation", "bilinear");
  require(interpolation == "nearest" || interpolation == "bilinear",
          {.what = "unknown interpolation " + interpolation, .expected = "nearest or bilinear"});
  return {interpolation == "bilinear", c.text("fill_mode", "constant"),
          c.find("fill_value") ? c.operand("fill_value", SIZE_MAX).number() : 0};
}

namespace {
/// Images as [N, H, W, C], and the way back to the form they were given in.
struct Images {
  explicit Images(Call c)
      : single(c.tensor("images", 0).rank() == 3), format(c.text("data_format", "channels_last")) {
    Tensor x = c.tensor("images", 0);
    require(x.rank() == 3 || x.rank() == 4,
            {.what = "this needs images of rank 3 or 4", .found = x.shape().str()});
    pixels = ops::to_channels_last(single ? ops::expand_dims(x, 0) : x, format);
    height = pixels.dim(1);
    width = pixels.dim(2);
    channels = pixels.dim(3);
    require(height != None && width != None && channels != None,
            {.what = "this needs images of known size", .found = x.shape().str()});
  }
  Tensor restore(const Tensor &y) const {
    Tensor images = ops::from_channels_last(y, format);
    return single ? ops::squeeze(images, 0) : images;
  }
  /// The index along axis 0, 1 or 2 of height, width and channels: [1, count].
  Tensor index(int64_t axis) const {
    Tensor box = ops::emit("iota", {},
                           {{"shape", std::vector<int64_t>{height, width, channels}},
                            {"axis", axis},
                            {"dtype", DType::float32}});
    return ops::reshape(box, {1, height * width * channels});
  }
  /// The pixels at rows and columns [N, count], channel by channel, in the form given.
  Tensor moved(const Tensor &rows, const Tensor &columns, const Lookup &look) const {
    int64_t plane = height * width;
    Tensor planes =
        ops::reshape_codes(ops::transpose(pixels, {0, 3, 1, 2}), {ops::same, channels * plane});
    Tensor offset = ops::cast(index(2), DType::int32) * plane;
    Tensor y = look({{rows, height}, {columns, width}}, pixels.dtype(),
                    [&](const Tensor &at) { return ops::take_along_axis(planes, at + offset, 1); });
    return restore(ops::reshape_codes(y, {ops::same, height, width, channels}));
  }
  Tensor pixels;
  bool single;
  std::string format;
  int64_t height, width, channels;
};
} // namespace

/// Element `i` of each row: [N, 1].
static Tensor entry(const Tensor &rows, int64_t i) {
  return ops::get_item(rows, {ops::SliceAxis::all(), ops::SliceAxis::range(i, i + 1)});
}

static Tensor affine_transform(Call c) {
  Images images(c);
  Tensor t = c.tensor("transform", 1);
  if (t.rank() == 1)
    t = ops::expand_dims(t, 0);
  require(t.rank() == 2 && t.dim(1) == 8,
          {.what = "affine_transform needs 8 numbers an image", .found = t.shape().str()});
  t = ops::cast(t, ops::to_floating(t.dtype()));
  // Keras lets the last two numbers move places with the channel.
  Tensor y = images.index(0), x = images.index(1), channel = images.index(2);
  Tensor rows = y * entry(t, 4) + x * entry(t, 3) + channel * entry(t, 6) + entry(t, 5);
  Tensor columns = y * entry(t, 1) + x * entry(t, 0) + channel * entry(t, 7) + entry(t, 2);
  return images.moved(rows, columns, lookup_of(c));
}

/// The 8 numbers of the projection that brings end points to start points: [N, 8].
static Tensor homography(const Tensor &start, const Tensor &end) {
  auto part = [](const Tensor &points, int64_t i) {
    return ops::get_item(
        points, {ops::SliceAxis::all(), ops::SliceAxis::all(), ops::SliceAxis::range(i, i + 1)});
  };
  Tensor sx = part(start, 0), sy = part(start, 1), ex = part(end, 0), ey = part(end, 1);
  Tensor zero = ops::zeros_like(ex), one = ops::ones_like(ex);
  Tensor rows = ops::concatenate({ex, ey, one, zero, zero, zero, -sx * ex, -sx * ey}, 2);
  Tensor more = ops::concatenate({zero, zero, zero, ex, ey, one, -sy * ex, -sy * ey}, 2);
  Tensor solved =
      ops::solve_equations(ops::concatenate({rows, more}, 1), ops::concatenate({sx, sy}, 1));
  return ops::squeeze(solved, 2);
}

static Tensor perspective_transform(Call c) {
  Images images(c);
  auto points = [&](const char *name, size_t position) {
    Tensor x = ops::cast(c.tensor(name, position), DType::float32);
    x = x.rank() == 2 ? ops::expand_dims(x, 0) : x;
    require(x.rank() == 3 && x.dim(1) == 4 && x.dim(2) == 2,
            {.what = "perspective_transform needs 4 points an image", .found = x.shape().str()});
    return x;
  };
  Tensor t = homography(points("start_points", 1), points("end_points", 2));
  Tensor y = images.index(0), x = images.index(1);
  Tensor below = entry(t, 6) * x + entry(t, 7) * y + 1;
  Tensor columns = (entry(t, 0) * x + entry(t, 1) * y + entry(t, 2)) / below;
  Tensor rows = (entry(t, 3) * x + entry(t, 4) * y + entry(t, 5)) / below;
  return images.moved(rows, columns, lookup_of(c));
}

static Tensor map_coordinates(Call c) {
  Tensor x = c.tensor("inputs", 0);
  std::vector<Tensor> given = c.tensors("coordinates", 1);
  bool apart = given.size() == x.rank() && given.size() > 1;
  require(apart || (given.size() == 1 && given[0].dim(0) == static_cast<int64_t>(x.rank())),
          {.what = "map_coordinates needs a row of coordinates for each axis",
           .found = given[0].shape().str()});
  std::vector<Places> places;
  for (size_t i = 0; i < x.rank(); ++i) {
    require(x.shape()[i] != None,
            {.what = "map_coordinates needs a tensor of known size", .found = x.shape().str()});
    Tensor at = apart ? given[i]
                      : ops::get_item(given[0], {ops::SliceAxis::index(static_cast<int64_t>(i))});
    places.push_back({ops::cast(at, ops::to_floating(at.dtype())), x.shape()[i]});
  }
  int64_t order = c.integer("order", 1);
  require(order == 0 || order == 1, {.what = "wrong order of map_coordinates",
                                     .expected = "0 or 1",
                                     .found = std::to_string(order)});
  Lookup look{order == 1, c.text("fill_mode", "constant"),
              c.find("fill_value") ? c.operand("fill_value", SIZE_MAX).number() : 0};
  Tensor flat = ops::reshape(x, {-1});
  return look(places, x.dtype(),
              [&](const Tensor &index) { return ops::take(flat, index, 0, "clip"); });
}

/// Weight of a source element at a distance >= 0, by the name of a method.
static Tensor kernel_of(const std::string &method, const Tensor &x) {
  if (method == "linear" || method == "bilinear" || method == "trilinear" || method == "triangle")
    return ops::maximum(0, 1 - x);
  if (method == "cubic" || method == "bicubic" || method == "tricubic") {
    Tensor near = ((x * 1.5 - 2.5) * x) * x + 1, far = ((x * -0.5 + 2.5) * x - 4) * x + 2;
    return ops::where(x >= 2, 0.0, ops::where(x >= 1, far, near));
  }
  require(method == "lanczos3" || method == "lanczos5",
          {.what = "unknown method " + method,
           .expected = "linear, bilinear, triangle, cubic, bicubic, lanczos3 or lanczos5"});
  double radius = method == "lanczos3" ? 3 : 5;
  Tensor y = ops::sin(x * M_PI) * ops::sin(x * (M_PI / radius)) * radius;
  Tensor below = ops::where(ops::equal(x, 0), 1.0, ops::square(x) * (M_PI * M_PI));
  return ops::where(x > radius, 0.0, ops::where(x > 1e-3, y / below, 1.0));
}

/// Weights [from, to] of an axis that is scaled and moved. Source: jax.image.scale_and_translate.
static Tensor scaling_matrix(int64_t from, int64_t to, const Tensor &scale, const Tensor &move,
                             const std::string &method, bool antialias) {
  Tensor inverse = 1 / scale;
  Tensor stretch = antialias ? ops::maximum(inverse, 1.0) : ops::ones_like(inverse);
  Tensor sample = (ops::arange(to, DType::float32) + 0.5) * inverse - move * inverse - 0.5;
  Tensor source = ops::expand_dims(ops::arange(from, DType::float32), 1);
  Tensor weights = kernel_of(method, ops::absolute(sample - source) / stretch);
  Tensor total = ops::sum(weights, 0, true);
  Tensor usable = ops::absolute(total) > 1000 * 1.1920928955078125e-07;
  weights = ops::where(usable, weights / ops::where(ops::equal(total, 0), 1.0, total), 0.0);
  Tensor inside = ops::logical_and(sample >= -0.5, sample <= static_cast<double>(from) - 0.5);
  return ops::where(inside, weights, 0.0);
}

static Tensor scale_and_translate(Call c) {
  Tensor x = c.tensor("images", 0);
  const ConfigValue *shape = c.find("output_shape", 1);
  require(shape && !shape->is_tensor(),
          {.what = "scale_and_translate needs output_shape as numbers"});
  std::vector<int64_t> sizes = shape->as_ints(), axes = c.integers("spatial_dims");
  Tensor scale = ops::cast(c.tensor("scale", 2), DType::float32);
  Tensor move = ops::cast(c.tensor("translation", 3), DType::float32);
  DType dtype = x.dtype();
  x = ops::cast(x, ops::to_floating(dtype));
  for (size_t i = 0; i < axes.size(); ++i) {
    int64_t axis = static_cast<int64_t>(x.shape().axis(axes[i])), from = x.dim(axis);
    int64_t to = sizes.at(static_cast<size_t>(axis));
    require(from != None && to > 0 && from * to <= (int64_t{1} << 26),
            {.what = "wrong size to scale", .found = x.shape().str()});
    auto own = [&](const Tensor &values) {
      int64_t place = static_cast<int64_t>(i);
      return ops::get_item(values, {ops::SliceAxis::range(place, place + 1)});
    };
    Tensor weights = scaling_matrix(from, to, own(scale), own(move), c.text("method", "linear"),
                                    c.flag("antialias", true));
    Tensor last = ops::moveaxis(x, axis, -1);
    x = ops::moveaxis(ops::matmul(last, ops::cast(weights, x.dtype())), -1, axis);
  }
  return x;
}

std::span<const OperationEntry> transform_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(AffineTransform, image, affine_transform(c)),
      HORN_OPERATION(PerspectiveTransform, image, perspective_transform(c)),
      HORN_OPERATION(MapCoordinates, image, map_coordinates(c)),
      HORN_OPERATION(ScaleAndTranslate, image, scale_and_translate(c)),
  };
  return entries;
}

} // namespace horn::tables
