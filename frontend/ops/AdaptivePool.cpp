// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Adaptive pooling, one axis after the other: its windows are boxes.
#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::ops {

namespace {
/// Window number `i` of `count` over an axis of `size` elements.
struct Window {
  int64_t start, stop;
  Window(int64_t i, int64_t count, int64_t size)
      : start(i * size / count), stop(((i + 1) * size + count - 1) / count) {}
};
} // namespace

/// Row i: equal weights of the elements of window i.
static Array averaging_matrix(int64_t count, int64_t size) {
  Array matrix(Shape{count, size}, DType::float32);
  for (int64_t i = 0; i < count; ++i) {
    Window window(i, count, size);
    for (int64_t j = window.start; j < window.stop; ++j)
      matrix.set(static_cast<size_t>(i * size + j),
                 1.0 / static_cast<double>(window.stop - window.start));
  }
  return matrix;
}

static Tensor average_axis(const Tensor &x, int64_t axis, int64_t count) {
  Tensor matrix = cast(current_tracer().constant(averaging_matrix(count, x.dim(axis))), x.dtype());
  return moveaxis(matmul_transposed(moveaxis(x, axis, -1), matrix), -1, axis);
}

static Tensor max_axis(const Tensor &x, int64_t axis, int64_t count) {
  std::vector<Tensor> parts;
  std::vector<SliceAxis> slice(x.rank());
  for (int64_t i = 0; i < count; ++i) {
    Window window(i, count, x.dim(axis));
    slice[static_cast<size_t>(axis)] = SliceAxis::range(window.start, window.stop);
    parts.push_back(max(get_item(x, slice), axis, /*keepdims=*/true));
  }
  return concatenate(parts, axis);
}

static Tensor adaptive_pool(const Tensor &x, std::vector<int64_t> sizes,
                            const std::string &data_format, bool maximum) {
  if (detail::recording({x}))
    return detail::record(maximum ? "AdaptiveMaxPool" : "AdaptiveAveragePool", x,
                          {{"output_size", sizes}, {"data_format", data_format}});
  require(x.rank() >= 3 && (sizes.size() == 1 || sizes.size() == x.rank() - 2),
          {.what = "wrong output_size of adaptive pooling", .found = x.shape().str()});
  sizes.resize(x.rank() - 2, sizes.front());
  int64_t first = data_format == "channels_first" ? 2 : 1;
  Tensor y = maximum ? x : cast(x, to_floating(x.dtype()));
  for (size_t i = 0; i < sizes.size(); ++i) {
    int64_t axis = first + static_cast<int64_t>(i), size = y.dim(axis);
    require(sizes[i] > 0 && sizes[i] <= 65536, {.what = "wrong output_size of adaptive pooling",
                                                .expected = "positive integers",
                                                .found = std::to_string(sizes[i])});
    if (sizes[i] == 1) {
      y = maximum ? max(y, axis, /*keepdims=*/true) : mean(y, axis, /*keepdims=*/true);
      continue;
    }
    require(size != None && size > 0, {.what = "adaptive pooling needs inputs of known size",
                                       .found = x.shape().str()});
    if (size != sizes[i])
      y = maximum ? max_axis(y, axis, sizes[i]) : average_axis(y, axis, sizes[i]);
  }
  return y;
}

Tensor adaptive_average_pool(const Tensor &x, const std::vector<int64_t> &output_size,
                             const std::string &data_format) {
  return adaptive_pool(x, output_size, data_format, /*maximum=*/false);
}

Tensor adaptive_max_pool(const Tensor &x, const std::vector<int64_t> &output_size,
                         const std::string &data_format) {
  return adaptive_pool(x, output_size, data_format, /*maximum=*/true);
}

} // namespace horn::ops
