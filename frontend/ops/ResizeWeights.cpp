// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/ResizeWeights.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <cmath>

namespace horn::ops {

/// 0, 1, ... along an axis, float32.
static Tensor places_along(const Tensor &x, int64_t axis) {
  std::vector<int64_t> shape{size_or_like(x, static_cast<size_t>(axis))};
  return emit("iota", {x}, {{"shape", shape}, {"axis", int64_t{0}}, {"dtype", DType::float32}});
}

static Tensor lanczos(const Tensor &x, double radius) {
  Tensor wave = radius * sin(x * M_PI) * sin(x * (M_PI / radius));
  Tensor square = where(equal(x, 0), 1, x * x * (M_PI * M_PI));
  return where(x >= radius, 0, where(equal(x, 0), 1, wave / square));
}

/// Weights at distances, none negative. Cubic: Keys (1981) with a = -0.5.
static Tensor kernel(const std::string &interpolation, const Tensor &x) {
  if (interpolation == "bilinear")
    return maximum(1 - x, 0);
  if (interpolation == "bicubic") {
    Tensor near = ((x * 1.5 - 2.5) * x) * x + 1, far = ((x * -0.5 + 2.5) * x - 4) * x + 2;
    return where(x <= 1, near, where(x < 2, far, 0));
  }
  if (interpolation == "lanczos3" || interpolation == "lanczos5")
    return lanczos(x, interpolation == "lanczos3" ? 3 : 5);
  throw UnsupportedError({.what = "interpolation " + interpolation,
                          .expected = "nearest, bilinear, bicubic, lanczos3 or lanczos5"});
}

/// `rows` are the places of the result, `scale` how many elements make one of it.
static Tensor weights_of(const Tensor &rows, const Tensor &columns, const Tensor &scale,
                         const ResizeOptions &options) {
  Tensor centre = expand_dims((rows + 0.5) * scale - 0.5, -1);
  Tensor distance = absolute(expand_dims(columns, 0) - centre);
  if (options.antialias)
    distance = distance / maximum(scale, 1);
  Tensor weights = kernel(options.interpolation, distance);
  Tensor total = sum(weights, -1, true);
  return where(absolute(total) > 1e-6, weights / total, 0);
}

Tensor resize_weights(const Tensor &x, int64_t axis, int64_t to, const ResizeOptions &options) {
  Tensor columns = places_along(x, axis);
  Tensor scale = (max(columns) + 1) / static_cast<double>(to);
  return weights_of(arange(to, DType::float32), columns, scale, options);
}

Tensor upsample_weights(const Tensor &x, int64_t axis, int64_t factor,
                        const ResizeOptions &options) {
  Tensor columns = places_along(x, axis);
  Tensor rows = places_along(repeat(columns, factor, 0), 0);
  return weights_of(rows, columns, scalar(1 / static_cast<double>(factor), DType::float32),
                    options);
}

Tensor nearest_places(const Tensor &x, int64_t axis, int64_t to) {
  Tensor size = max(places_along(x, axis)) + 1;
  Tensor places = floor((arange(to, DType::float32) + 0.5) * size / static_cast<double>(to));
  return cast(places, DType::int32);
}

} // namespace horn::ops
