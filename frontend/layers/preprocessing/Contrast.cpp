// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Contrast.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

#include <cmath>

namespace horn::layers {

HORN_DEFINE_LAYER(AutoContrast)
HORN_DEFINE_LAYER(ContrastLimitedAdaptiveHistogramEqualization)

namespace {
struct Range {
  double low = 0, high = 255;
  bool operator==(const Range &) const = default;
};
} // namespace

static constexpr Range bytes;

static Range range_of(const ConfigValue &value) {
  std::vector<double> ends = value.as_numbers();
  require(ends.size() == 2 && ends[0] != ends[1],
          {.what = "wrong value_range", .expected = "two numbers", .found = value.str()});
  return {std::min(ends[0], ends[1]), std::max(ends[0], ends[1])};
}

/// Values of one range brought to another; as they are, integers too, when the two are equal.
static Tensor to_range(const Tensor &x, Range from, Range to, DType dtype) {
  if (from == to)
    return x;
  Tensor unit = (ops::cast(x, dtype) - from.low) / (from.high - from.low);
  return unit * (to.high - to.low) + to.low;
}

Tensor AutoContrastLayer::call(const Tensor &images) {
  require(images.rank() == 4,
          {.what = "images must come in batches", .found = images.shape().str()});
  Range range = range_of(config.value_range);
  DType dtype = ops::to_floating(compute_dtype());
  Tensor x = ops::cast(to_range(images, range, bytes, dtype), dtype);
  Tensor low = ops::min(x, Axes{1, 2}, true), high = ops::max(x, Axes{1, 2}, true);
  Tensor scale = ops::divide(ops::full_like(low, 255, dtype), high - low);
  Tensor stretched = ops::clip(x * scale + (0 - low) * scale, 0, 255);
  Tensor result = to_range(stretched, bytes, range, dtype);
  return ops::where(ops::isnan(result), ops::cast(images, dtype), result);
}

void ContrastLimitedAdaptiveHistogramEqualizationLayer::check_config() {
  range_of(config.value_range);
  config.tile_grid_size = config.tile_grid_size.expanded(2, "tile_grid_size");
}

static constexpr int64_t levels = 256;

static Tensor constant_of(const std::vector<int64_t> &values) {
  Array array(Shape{static_cast<int64_t>(values.size())}, DType::int32);
  for (size_t i = 0; i < values.size(); ++i)
    array.set(i, static_cast<double>(values[i]));
  return current_tracer().constant(array);
}

/// An axis made longer at its end by its own reflection.
static Tensor mirror_to(const Tensor &x, int64_t axis, int64_t size) {
  int64_t from = x.dim(axis);
  if (from == size)
    return x;
  std::vector<int64_t> places;
  for (int64_t i = 0; i < size; ++i) {
    int64_t place = i % (2 * from);
    places.push_back(place < from ? place : 2 * from - 1 - place);
  }
  return ops::take(x, constant_of(places), axis, "clip");
}

/// Histograms with what is above the limit spread over all levels, summed up and brought to
/// [0, 255]. The last axis are the levels.
static Tensor equalizing_curve(const Tensor &histograms, double clip_limit, int64_t pixels) {
  Tensor counts = histograms;
  if (clip_limit > 0) {
    Tensor clipped = ops::clip(counts, 0, clip_limit * static_cast<double>(pixels) / levels);
    counts = clipped + ops::sum(counts - clipped, -1, true) / static_cast<double>(levels);
  }
  Tensor sums = ops::cumsum(counts, -1);
  Tensor least = ops::min(sums, -1, true);
  Tensor rest = static_cast<double>(pixels) - least;
  rest = ops::where(ops::equal(rest, 0), 1, rest);
  return ops::clip((sums - least) * 255 / rest, 0, 255);
}

namespace {
/// For each pixel along an axis: the two tiles around it, counted with one more tile at both ends,
/// and how near the second one is.
struct Neighbours {
  std::vector<int64_t> first, second;
  std::vector<double> weight;
};
} // namespace

static Neighbours neighbours(int64_t tiles, int64_t tile) {
  Neighbours result;
  for (int64_t i = 0; i < tiles * tile; ++i) {
    float size = static_cast<float>(tile);
    float place = (static_cast<float>(i) - size / 2) / size + 1;
    float floor = std::floor(place);
    result.first.push_back(static_cast<int64_t>(floor));
    result.second.push_back(std::min(static_cast<int64_t>(floor) + 1, tiles + 1));
    result.weight.push_back(place - floor);
  }
  return result;
}

/// Numbers along axis 1 or 2 of images, in a shape that broadcasts.
static Tensor along(const std::vector<int64_t> &values, int64_t axis) {
  int64_t size = static_cast<int64_t>(values.size());
  return ops::reshape(constant_of(values), axis == 1 ? Shape{1, size, 1, 1} : Shape{1, 1, size, 1});
}

static Tensor weights_along(const std::vector<double> &values, int64_t axis) {
  int64_t size = static_cast<int64_t>(values.size());
  Array array(axis == 1 ? Shape{1, size, 1, 1} : Shape{1, 1, size, 1}, DType::float32);
  for (size_t i = 0; i < values.size(); ++i)
    array.set(i, values[i]);
  return current_tracer().constant(array);
}

/// The first and last entry of an axis twice.
static Tensor with_ends_twice(const Tensor &x, int64_t axis) {
  std::vector<int64_t> places{0};
  for (int64_t i = 0; i < x.dim(axis); ++i)
    places.push_back(i);
  places.push_back(x.dim(axis) - 1);
  return ops::take(x, constant_of(places), axis, "clip");
}

namespace {
struct Tiles {
  int64_t rows, columns; ///< how many
  int64_t height, width; ///< of one, in pixels
  int64_t channels;
};
} // namespace

/// [N, tile rows, tile columns, channels, levels] of whole tiles.
static Tensor curves_of(const Tensor &pixels, const Tiles &t, double clip_limit) {
  Tensor tiles = ops::reshape(pixels, {None, t.rows, t.height, t.columns, t.width, t.channels});
  tiles = ops::transpose(tiles, {0, 1, 3, 5, 2, 4});
  tiles = ops::reshape(tiles, {None, t.rows, t.columns, t.channels, t.height * t.width});
  Tensor histograms = ops::sum(ops::one_hot(tiles, levels), -2);
  return equalizing_curve(histograms, clip_limit, t.height * t.width);
}

/// Each pixel's value on the curves of the four tiles around it, weighed by distance.
static Tensor interpolate(const Tensor &pixels, const Tensor &curves, const Tiles &t) {
  Tensor table = ops::reshape(with_ends_twice(with_ends_twice(curves, 1), 2), {None});
  int64_t column_stride = levels * t.channels, row_stride = column_stride * (t.columns + 2);
  Tensor base = ops::index_like(pixels, 0) * (row_stride * (t.rows + 2)) +
                ops::index_like(pixels, 3) * levels + pixels;
  Neighbours y = neighbours(t.rows, t.height), x = neighbours(t.columns, t.width);
  auto value = [&](const std::vector<int64_t> &row, const std::vector<int64_t> &column) {
    Tensor place = base + along(row, 1) * row_stride + along(column, 2) * column_stride;
    return ops::take(table, place, 0, "clip");
  };
  Tensor down = weights_along(y.weight, 1), right = weights_along(x.weight, 2);
  Tensor top = value(y.first, x.first) * (1 - right) + value(y.first, x.second) * right;
  Tensor bottom = value(y.second, x.first) * (1 - right) + value(y.second, x.second) * right;
  return top * (1 - down) + bottom * down;
}

Tensor ContrastLimitedAdaptiveHistogramEqualizationLayer::call(const Tensor &given) {
  Tensor images = ops::to_channels_last(given, config.data_format);
  require(
      images.rank() == 4 && images.dim(1) != None && images.dim(2) != None,
      {.what = "images must come in batches and have a known size", .found = given.shape().str()});
  Range range = range_of(config.value_range);
  int64_t height = images.dim(1), width = images.dim(2);
  int64_t rows = config.tile_grid_size[0], columns = config.tile_grid_size[1];
  Tiles tiles{rows, columns, (height + rows - 1) / rows, (width + columns - 1) / columns,
              images.dim(3)};
  Tensor x = to_range(images, range, bytes, DType::float32);
  x = mirror_to(mirror_to(x, 1, rows * tiles.height), 2, columns * tiles.width);
  Tensor pixels = ops::clip(ops::cast(x, DType::int32), 0, levels - 1);
  Tensor result = interpolate(pixels, curves_of(pixels, tiles, config.clip_limit), tiles);
  result = ops::get_item(result, {ops::SliceAxis::all(), ops::SliceAxis::range(0, height),
                                  ops::SliceAxis::range(0, width)});
  result = ops::cast(to_range(result, bytes, range, DType::float32), images.dtype());
  return ops::from_channels_last(result, config.data_format);
}

} // namespace horn::layers
