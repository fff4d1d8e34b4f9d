// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Colours, filters and patches of images: keras.ops.image and keras.ops.nn.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <array>
#include <cmath>

namespace horn::tables {

static std::string format_of(Call c) { return c.text("data_format", "channels_last"); }

/// The three colours, each with a channel axis of size 1.
static std::array<Tensor, 3> colours(const Tensor &x, int64_t axis) {
  require(
      is_floating(x.dtype()) && x.dim(axis) == 3,
      {.what = "colours need three channels of floating-point numbers", .found = x.shape().str()});
  std::vector<Tensor> parts = ops::split(x, 3, axis);
  return {parts[0], parts[1], parts[2]};
}

static int64_t channel_axis(Call c) { return format_of(c) == "channels_first" ? -3 : -1; }

static double epsilon_of(DType dtype) {
  return dtype == DType::float16    ? std::ldexp(1.0, -10)
         : dtype == DType::bfloat16 ? std::ldexp(1.0, -7)
         : dtype == DType::float64  ? std::ldexp(1.0, -52)
                                    : std::ldexp(1.0, -23);
}

static Tensor rgb_to_hsv(Call c) {
  Tensor x = c.tensor("images", 0);
  x = ops::where(ops::absolute(x) < epsilon_of(x.dtype()), 0.0, x);
  auto [r, g, b] = colours(x, channel_axis(c));
  Tensor value = ops::maximum(ops::maximum(r, g), b);
  Tensor range = value - ops::minimum(ops::minimum(r, g), b);
  Tensor bright = value > 0, colourful = range > 0;
  Tensor saturation = ops::where(bright, range / ops::where(bright, value, 1.0), 0.0);
  Tensor norm = 1 / (ops::where(colourful, range, 1.0) * 6);
  Tensor hue = ops::where(ops::equal(value, g), norm * (b - r) + 2.0 / 6, norm * (r - g) + 4.0 / 6);
  hue = ops::where(ops::equal(value, r), norm * (g - b), hue);
  hue = ops::where(colourful, hue, 0.0) + ops::cast(hue < 0, x.dtype());
  return ops::concatenate({hue, saturation, value}, channel_axis(c));
}

static Tensor hsv_to_rgb(Call c) {
  auto [hue, saturation, value] = colours(c.tensor("images", 0), channel_axis(c));
  Tensor turn = ops::mod(hue, 1.0) * 6;
  std::array<Tensor, 3> shares{ops::absolute(turn - 3) - 1, 2 - ops::absolute(turn - 2),
                               2 - ops::absolute(turn - 4)};
  std::vector<Tensor> parts;
  for (const Tensor &share : shares)
    parts.push_back(value * (1 - saturation + saturation * ops::clip(share, 0.0, 1.0)));
  return ops::concatenate(parts, channel_axis(c));
}

/// The same kernel [rows, columns] on every channel, with "same" padding.
static Tensor filtered(const Tensor &images, const std::vector<double> &kernel, int64_t rows,
                       int64_t columns, const std::string &format) {
  bool single = images.rank() == 3;
  Tensor x = ops::to_channels_last(single ? ops::expand_dims(images, 0) : images, format);
  int64_t channels = x.dim(3);
  require(channels != None && channels <= 4096,
          {.what = "filters need a known number of channels", .found = images.shape().str()});
  Array all(Shape{rows, columns, channels, 1}, x.dtype());
  for (size_t i = 0; i < all.size(); ++i)
    all.set(i, kernel[i / static_cast<size_t>(channels)]);
  Tensor y = ops::depthwise_conv(x, current_tracer().constant(all),
                                 {.strides = {1, 1}, .dilation_rate = {1, 1}, .padding = "same"});
  y = ops::from_channels_last(y, format);
  return single ? ops::squeeze(y, 0) : y;
}

/// A normalised bell of `size` samples.
static std::vector<double> bell(int64_t size, double sigma) {
  require(size > 0 && size <= 4096, {.what = "wrong size of a filter"});
  std::vector<double> values;
  double total = 0;
  for (int64_t i = 0; i < size; ++i) {
    double x = (static_cast<double>(i) - static_cast<double>(size - 1) / 2) / sigma;
    total += values.emplace_back(std::exp(-0.5 * x * x));
  }
  for (double &value : values)
    value /= total;
  return values;
}

static std::vector<double> outer(const std::vector<double> &a, const std::vector<double> &b) {
  std::vector<double> values;
  for (double x : a)
    for (double y : b)
      values.push_back(x * y);
  return values;
}

static Tensor gaussian_blur(Call c) {
  std::vector<int64_t> size =
      c.find("kernel_size") ? c.integers("kernel_size") : std::vector<int64_t>{3, 3};
  std::vector<double> sigma{1, 1};
  if (const ConfigValue *given = c.find("sigma"))
    sigma = given->is_number() ? std::vector<double>(2, given->as_number()) : given->as_numbers();
  size.resize(2, size.at(0));
  sigma.resize(2, sigma.at(0));
  // Keras's first entries belong to the columns.
  std::vector<double> kernel = outer(bell(size[1], sigma[1]), bell(size[0], sigma[0]));
  return filtered(c.tensor("images", 0), kernel, size[1], size[0], format_of(c));
}

static Tensor sobel_edges(Call c) {
  Tensor x = c.tensor("images", 0);
  Tensor dy = filtered(x, {-1, -2, -1, 0, 0, 0, 1, 2, 1}, 3, 3, format_of(c));
  Tensor dx = filtered(x, {-1, 0, 1, -2, 0, 2, -1, 0, 1}, 3, 3, format_of(c));
  return ops::stack({dy, dx}, -1);
}

static Tensor similarity(Call c) {
  Tensor first = c.tensor("image1", 0), second = c.tensor("image2", 1);
  DType dtype = ops::to_floating(first.dtype());
  bool single = first.rank() == 3;
  int64_t size = c.integer("filter_size", 11);
  std::vector<double> line = bell(size, c.number("filter_sigma", 1.5)), values = outer(line, line);
  auto planes = [&](const Tensor &x) { // channels as images of their own
    Tensor y = ops::cast(single ? ops::expand_dims(x, 0) : x, dtype);
    return ops::to_channels_last(y, format_of(c));
  };
  Tensor a = planes(first), b = planes(second);
  int64_t channels = a.dim(3);
  require(channels != None, {.what = "ssim needs a known number of channels"});
  Array all(Shape{size, size, channels, 1}, dtype);
  for (size_t i = 0; i < all.size(); ++i)
    all.set(i, values[i / static_cast<size_t>(channels)]);
  Tensor kernel = current_tracer().constant(all);
  auto smooth = [&](const Tensor &x) {
    return ops::depthwise_conv(x, kernel, {.strides = {1, 1}, .dilation_rate = {1, 1}});
  };
  double peak = c.number("max_val", 1);
  double c1 = std::pow(c.number("k1", 0.01) * peak, 2),
         c2 = std::pow(c.number("k2", 0.03) * peak, 2);
  Tensor mean1 = smooth(a), mean2 = smooth(b), product = mean1 * mean2;
  Tensor square1 = mean1 * mean1, square2 = mean2 * mean2;
  Tensor variance1 = smooth(a * a) - square1, variance2 = smooth(b * b) - square2;
  Tensor shared = smooth(a * b) - product;
  Tensor above = (product * 2 + c1) * (shared * 2 + c2);
  Tensor below = (square1 + square2 + c1) * (variance1 + variance2 + c2);
  Tensor y = ops::mean(above / below, {1, 2, 3});
  y = ops::cast(y, first.dtype());
  return single ? ops::squeeze(y, 0) : y;
}

namespace {
/// The windows that unfold and fold move over images [N, C, H, W].
struct Windows {
  explicit Windows(Call c)
      : kernel(pair(c, "kernel_size", 1)), dilation(pair(c, "dilation", 1)),
        padding(pair(c, "padding", 0)), stride(pair(c, "stride", 1)) {}
  static std::array<int64_t, 2> pair(Call c, const char *name, int64_t otherwise) {
    std::vector<int64_t> values = c.find(name) ? c.integers(name) : std::vector<int64_t>{otherwise};
    require((values.size() == 1 || values.size() == 2) && values[0] >= 0 && values.back() >= 0,
            {.what = std::string("wrong ") + name});
    return {values[0], values.back()};
  }
  int64_t count(size_t axis, int64_t size) const {
    int64_t extent = dilation[axis] * (kernel[axis] - 1) + 1;
    require(size != None && stride[axis] > 0 && kernel[axis] > 0 &&
                size + 2 * padding[axis] >= extent,
            {.what = "windows do not fit the images", .found = std::to_string(size)});
    return (size + 2 * padding[axis] - extent) / stride[axis] + 1;
  }
  std::array<int64_t, 2> kernel, dilation, padding, stride;
};
} // namespace

static Tensor unfold(Call c) {
  Tensor x = x_of(c);
  Windows w(c);
  require(x.rank() == 4 && x.dim(1) != None,
          {.what = "unfold needs images [N, C, H, W]", .found = x.shape().str()});
  std::array<int64_t, 2> count{w.count(0, x.dim(2)), w.count(1, x.dim(3))};
  Tensor padded =
      ops::pad(x, {0, 0, w.padding[0], w.padding[1]}, {0, 0, w.padding[0], w.padding[1]});
  auto part = [&](size_t axis, int64_t i) {
    int64_t start = i * w.dilation[axis];
    return ops::SliceAxis::range(start, start + (count[axis] - 1) * w.stride[axis] + 1,
                                 w.stride[axis]);
  };
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < w.kernel[0]; ++i)
    for (int64_t j = 0; j < w.kernel[1]; ++j)
      parts.push_back(ops::get_item(
          padded, {ops::SliceAxis::all(), ops::SliceAxis::all(), part(0, i), part(1, j)}));
  return ops::reshape_codes(ops::stack(parts, 2),
                            {ops::same, x.dim(1) * w.kernel[0] * w.kernel[1], count[0] * count[1]});
}

static Tensor fold(Call c) {
  Tensor x = x_of(c);
  Windows w(c);
  std::array<int64_t, 2> size = Windows::pair(c, "output_size", 1);
  std::array<int64_t, 2> count{w.count(0, size[0]), w.count(1, size[1])};
  int64_t cells = w.kernel[0] * w.kernel[1];
  require(x.rank() == 3 && x.dim(1) != None && x.dim(1) % cells == 0,
          {.what = "fold needs windows [N, C * rows * columns, count]", .found = x.shape().str()});
  int64_t channels = x.dim(1) / cells;
  Tensor y =
      ops::reshape_codes(x, {ops::same, channels, w.kernel[0], w.kernel[1], count[0], count[1]});
  Tensor sum;
  for (int64_t i = 0; i < w.kernel[0]; ++i)
    for (int64_t j = 0; j < w.kernel[1]; ++j) {
      std::array<int64_t, 2> low{i * w.dilation[0], j * w.dilation[1]}, high;
      for (size_t axis : {0, 1})
        high[axis] = w.dilation[axis] * (w.kernel[axis] - 1) - low[axis];
      Tensor part = ops::get_item(y, {ops::SliceAxis::all(), ops::SliceAxis::all(),
                                      ops::SliceAxis::index(i), ops::SliceAxis::index(j)});
      part = ops::emit("pad", {part},
                       {{"low", std::vector<int64_t>{0, 0, low[0], low[1]}},
                        {"high", std::vector<int64_t>{0, 0, high[0], high[1]}},
                        {"interior", std::vector<int64_t>{0, 0, w.stride[0] - 1, w.stride[1] - 1}},
                        {"value", 0.0}});
      sum = sum.defined() ? sum + part : part;
    }
  // Pixels that no window covers are left out at the end, as Keras on JAX leaves them out.
  return ops::get_item(sum, {ops::SliceAxis::all(), ops::SliceAxis::all(),
                             ops::SliceAxis::range(w.padding[0], w.padding[0] + size[0]),
                             ops::SliceAxis::range(w.padding[1], w.padding[1] + size[1])});
}

std::span<const OperationEntry> filter_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(RGBToHSV, image, rgb_to_hsv(c)),
      HORN_OPERATION(HSVToRGB, image, hsv_to_rgb(c)),
      HORN_OPERATION(GaussianBlur, image, gaussian_blur(c)),
      HORN_OPERATION(SobelEdges, image, sobel_edges(c)),
      HORN_OPERATION(SSIM, image, similarity(c)),
      HORN_OPERATION(Unfold, nn, unfold(c)),
      HORN_OPERATION(Fold, nn, fold(c)),
  };
  return entries;
}

} // namespace horn::tables
