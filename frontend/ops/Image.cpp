// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Image.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Operation.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

#include <algorithm>
#include <cmath>

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
  throw UnsupportedError({.what = "interpolation " + interpolation,
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

static Tensor resize_axis(const Tensor &x, int64_t to, int64_t axis, const ResizeOptions &options) {
  int64_t from = x.dim(axis);
  require(from != None, {.what = "resizing needs images of known size", .found = x.shape().str()});
  if (from == to)
    return x;
  if (options.interpolation == "nearest")
    return pick_nearest(x, to, axis);
  Tensor weights = cast(current_tracer().constant(resize_matrix(to, from, options)), x.dtype());
  // Rows: [N, H, W, C] is [N, H, W * C] to the product. Columns need no reshape.
  if (axis == 2)
    return matmul(weights, x);
  int64_t width = x.dim(2), channels = x.dim(3);
  bool known = width != None && channels != None;
  Tensor rows = reshape_codes(x, {same, from, known ? width * channels : inferred});
  return reshape_codes(matmul(weights, rows), {same, to, size_or_like(x, 2), size_or_like(x, 3)},
                       x);
}

Tensor resize(const Tensor &images, int64_t height, int64_t width, const ResizeOptions &options) {
  if (detail::recording({images}))
    return detail::record("Resize", images,
                          {{"size", std::vector<int64_t>{height, width}},
                           {"interpolation", options.interpolation},
                           {"antialias", options.antialias},
                           {"data_format", options.data_format}});
  require(images.rank() == 4, {.what = "resize needs a batch of images",
                               .expected = "rank 4",
                               .found = images.shape().str()});
  require(height > 0 && width > 0 && height <= 65536 && width <= 65536,
          {.what = "wrong size to resize to",
           .expected = "from 1 to 65536",
           .found = std::to_string(height) + " x " + std::to_string(width)});
  Tensor x = to_channels_last(cast(images, to_floating(images.dtype())), options.data_format);
  x = resize_axis(resize_axis(x, height, 1, options), width, 2, options);
  return from_channels_last(x, options.data_format);
}

} // namespace horn::ops
