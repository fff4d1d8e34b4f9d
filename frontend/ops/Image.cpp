// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Image.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Operation.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ResizeWeights.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace horn::ops {

static double lanczos(double x, double radius) {
  if (x == 0)
    return 1;
  if (std::abs(x) >= radius)
    return 0;
  return radius * std::sin(M_PI * x) * std::sin(M_PI * x / radius) / (M_PI * M_PI * x * x);
}

/// Weight of a source pixel at distance x. Cubic: Keys (1981) with a = -0.5.
static double kernel(const std::string &interpolation, double x) {
  x = std::abs(x);
  if (interpolation == "bilinear")
    return std::max(0.0, 1 - x);
  if (interpolation == "bicubic")
    return x <= 1 ? ((1.5 * x - 2.5) * x) * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  if (interpolation == "lanczos3" || interpolation == "lanczos5")
    return lanczos(x, interpolation == "lanczos3" ? 3 : 5);
  throw UnsupportedError({.what = "unknown interpolation " + interpolation,
                          .expected = "nearest, bilinear, bicubic, lanczos3 or lanczos5"});
}

/// Row i: weights of the source pixels for pixel i of the result. Weights outside the image are
/// dropped and the rest brought back to sum 1, as JAX does.
static Array resize_matrix(int64_t to, int64_t from, const ResizeOptions &options) {
  require(from <= 65536 && to * from <= (int64_t{1} << 26), {.what = "image too large to resize"});
  Array matrix(Shape{to, from}, DType::float32);
  double scale = static_cast<double>(from) / static_cast<double>(to);
  double stretch = options.antialias ? std::max(1.0, scale) : 1;
  for (int64_t i = 0; i < to; ++i) {
    double centre = (static_cast<double>(i) + 0.5) * scale - 0.5, total = 0;
    std::vector<double> weights(static_cast<size_t>(from));
    for (int64_t j = 0; j < from; ++j)
      total += weights[static_cast<size_t>(j)] =
          kernel(options.interpolation, (static_cast<double>(j) - centre) / stretch);
    for (int64_t j = 0; j < from; ++j)
      matrix.set(static_cast<size_t>(i * from + j),
                 std::abs(total) > 1e-6 ? weights[static_cast<size_t>(j)] / total : 0);
  }
  return matrix;
}

static Tensor pick_nearest(const Tensor &x, int64_t to, int64_t axis) {
  int64_t from = x.dim(axis);
  Array indices(Shape{to}, DType::int32);
  for (int64_t i = 0; i < to; ++i)
    indices.set(static_cast<size_t>(i),
                std::floor((static_cast<double>(i) + 0.5) * static_cast<double>(from) /
                           static_cast<double>(to)));
  return take(x, current_tracer().constant(indices), axis, "clip");
}

/// Rows or columns of [N, H, W, C] multiplied by weights [to, from].
static Tensor weigh_axis(const Tensor &x, const Tensor &weights, int64_t axis) {
  // Rows: [N, H, W, C] is [N, H, W * C] to the product. Columns need no reshape.
  if (axis == 2)
    return matmul(cast(weights, x.dtype()), x);
  int64_t width = x.dim(2), channels = x.dim(3);
  bool known = width != None && channels != None;
  Tensor rows = reshape_codes(x, {same, same, known ? width * channels : inferred});
  return reshape_codes(matmul(cast(weights, x.dtype()), rows),
                       {same, same, size_or_like(x, 2), size_or_like(x, 3)}, x);
}

static Tensor resize_axis(const Tensor &x, int64_t to, int64_t axis, const ResizeOptions &options) {
  int64_t from = x.dim(axis);
  if (from == to)
    return x;
  if (from == None)
    return options.interpolation == "nearest"
               ? take(x, nearest_places(x, axis, to), axis, "clip")
               : weigh_axis(x, resize_weights(x, axis, to, options), axis);
  if (options.interpolation == "nearest")
    return pick_nearest(x, to, axis);
  return weigh_axis(x, current_tracer().constant(resize_matrix(to, from, options)), axis);
}

/// An axis cut, or padded, around its middle to `to` elements.
static Tensor fit_axis(const Tensor &x, int64_t axis, int64_t to, double value) {
  int64_t from = x.dim(axis);
  if (to == from)
    return x;
  if (to < from) {
    std::vector<SliceAxis> slice(x.rank());
    int64_t start = (from - to) / 2;
    slice[static_cast<size_t>(axis)] = SliceAxis::range(start, start + to);
    return get_item(x, slice);
  }
  // Keras puts the same amount on both sides, even where the size asked for is one more.
  std::vector<int64_t> around(x.rank());
  around[static_cast<size_t>(axis)] = (to - from) / 2;
  return pad(x, around, around, value);
}

/// The image brought to the target's aspect ratio. Source: keras.ops.image.resize.
static Tensor fit_aspect_ratio(const Tensor &x, int64_t height, int64_t width,
                               const ResizeOptions &options) {
  if (!options.crop_to_aspect_ratio && !options.pad_to_aspect_ratio)
    return x;
  int64_t rows = x.dim(1), columns = x.dim(2);
  require(rows != None && columns != None,
          {.what = "resizing needs images of known size", .found = x.shape().str()});
  int64_t fitting_rows = columns * height / width, fitting_columns = rows * width / height;
  if (options.crop_to_aspect_ratio)
    return fit_axis(fit_axis(x, 1, std::max<int64_t>(std::min(rows, fitting_rows), 1), 0), 2,
                    std::max<int64_t>(std::min(columns, fitting_columns), 1), 0);
  // One of the two axes is padded; Keras looks at the rows first.
  int64_t padded_rows = std::max(rows, fitting_rows);
  if ((padded_rows - rows) / 2 > 0)
    return fit_axis(x, 1, padded_rows, options.fill_value);
  return fit_axis(x, 2, std::max(columns, fitting_columns), options.fill_value);
}

Tensor resize(const Tensor &images, int64_t height, int64_t width, const ResizeOptions &options) {
  if (detail::recording({images}))
    return detail::record("Resize", images,
                          {{"size", std::vector<int64_t>{height, width}},
                           {"interpolation", options.interpolation},
                           {"antialias", options.antialias},
                           {"crop_to_aspect_ratio", options.crop_to_aspect_ratio},
                           {"pad_to_aspect_ratio", options.pad_to_aspect_ratio},
                           {"fill_mode", "constant"},
                           {"fill_value", options.fill_value},
                           {"data_format", options.data_format}});
  if (images.rank() == 3)
    return squeeze(resize(expand_dims(images, 0), height, width, options), 0);
  require(images.rank() == 4, {.what = "resize needs a batch of images",
                               .expected = "rank 4",
                               .found = images.shape().str()});
  require(height > 0 && width > 0 && height <= 65536 && width <= 65536,
          {.what = "wrong size to resize to",
           .expected = "from 1 to 65536",
           .found = std::to_string(height) + " x " + std::to_string(width)});
  require(!options.crop_to_aspect_ratio || !options.pad_to_aspect_ratio,
          {.what = "only one of crop_to_aspect_ratio and pad_to_aspect_ratio can be set"});
  bool nearest = options.interpolation == "nearest";
  Tensor x = nearest ? images : cast(images, to_floating(images.dtype()));
  x = fit_aspect_ratio(to_channels_last(x, options.data_format), height, width, options);
  x = resize_axis(resize_axis(x, height, 1, options), width, 2, options);
  return from_channels_last(x, options.data_format);
}

Tensor upsample(const Tensor &images, int64_t rows, int64_t columns, const ResizeOptions &options) {
  Tensor x = to_channels_last(cast(images, to_floating(images.dtype())), options.data_format);
  for (auto [axis, factor] : {std::pair(int64_t{1}, rows), std::pair(int64_t{2}, columns)}) {
    int64_t from = x.dim(axis);
    require(factor <= 65536 && from <= 65536,
            {.what = "image too large to resize", .found = x.shape().str()});
    x = from != None  ? resize_axis(x, from * factor, axis, options)
        : factor == 1 ? x
                      : weigh_axis(x, upsample_weights(x, axis, factor, options), axis);
  }
  return from_channels_last(x, options.data_format);
}

/// The smallest and the largest finite number of a type.
static std::pair<double, double> limits_of(DType dtype) {
  if (dtype == DType::boolean)
    return {0, 1};
  if (is_floating(dtype)) {
    double high = dtype == DType::float16    ? 65504.0
                  : dtype == DType::bfloat16 ? std::ldexp(255.0, 120)
                  : dtype == DType::float64  ? std::numeric_limits<double>::max()
                                             : std::numeric_limits<float>::max();
    return {-high, high};
  }
  int bits = static_cast<int>(dtype_bytes(dtype)) * 8;
  bool is_signed = dtype == DType::int8 || dtype == DType::int16 || dtype == DType::int32 ||
                   dtype == DType::int64;
  return {is_signed ? -std::ldexp(1.0, bits - 1) : 0.0, std::ldexp(1.0, bits - is_signed) - 1};
}

/// The limit in a floating type, brought towards 0 where rounding took it beyond.
static double representable(double limit, DType dtype) {
  if (dtype != DType::float32)
    return limit;
  float rounded = static_cast<float>(limit);
  bool beyond = std::abs(static_cast<double>(rounded)) > std::abs(limit);
  return beyond ? std::nextafterf(rounded, 0.0F) : rounded;
}

Tensor saturate_cast(const Tensor &x, DType dtype) {
  if (x.dtype() == DType::boolean || x.dtype() == dtype)
    return cast(x, dtype);
  auto [low, high] = limits_of(dtype);
  auto [own_low, own_high] = limits_of(x.dtype());
  low = representable(std::max(low, own_low), x.dtype());
  high = representable(std::min(high, own_high), x.dtype());
  return cast(clip(x, scalar(low, x.dtype()), scalar(high, x.dtype())), dtype);
}

} // namespace horn::ops
