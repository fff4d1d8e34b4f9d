// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/reshaping/Reshape.h"

#include "frontend/ops/NN.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>

namespace horn::layers {

HORN_DEFINE_LAYER(Flatten)
HORN_DEFINE_LAYER(Reshape)
HORN_DEFINE_LAYER(Permute)
HORN_DEFINE_LAYER(RepeatVector)

Tensor FlattenLayer::call(const Tensor &x) {
  InputSpec{.min_ndim = 1}.check(x.shape(), 0);
  if (x.rank() == 1)
    return ops::expand_dims(x, -1);
  // Keras flattens channels_first data in the order of channels_last.
  Tensor input = x.rank() > 2 ? ops::to_channels_last(x, config.data_format) : x;
  int64_t size = input.shape().slice(1, input.rank()).num_elements().value_or(ops::inferred);
  return ops::reshape_codes(input, {ops::same, size});
}

void ReshapeLayer::check_config() {
  for (int64_t size : config.target_shape)
    require(size >= -1, {.what = "wrong target_shape", .found = std::to_string(size)});
  require(std::count(config.target_shape.begin(), config.target_shape.end(), -1) <= 1,
          {.what = "wrong target_shape", .expected = "at most one -1"});
}

Tensor ReshapeLayer::call(const Tensor &x) {
  InputSpec{.min_ndim = 1}.check(x.shape(), 0);
  std::optional<int64_t> size = x.shape().slice(1, x.rank()).num_elements();
  std::optional<int64_t> wanted = Shape(config.target_shape).num_elements();
  require(!size || !wanted || size == wanted,
          {.what = "the number of elements must stay the same",
           .expected = "a target_shape of " + std::to_string(size.value_or(0)) + " elements",
           .found = Shape(config.target_shape).str()});
  std::vector<int64_t> codes{ops::same};
  codes.insert(codes.end(), config.target_shape.begin(), config.target_shape.end());
  return ops::reshape_codes(x, codes);
}

Tensor PermuteLayer::call(const Tensor &x) {
  std::vector<int64_t> axes{0};
  for (int64_t axis : config.dims)
    axes.push_back(axis);
  std::vector<int64_t> sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  for (size_t i = 0; i < sorted.size(); ++i)
    require(sorted[i] == static_cast<int64_t>(i) && sorted.size() == x.rank(),
            {.what = "wrong dims of Permute",
             .expected = "each of 1 to " + std::to_string(x.rank() - 1) + " once",
             .found = ConfigValue(std::vector<int64_t>(config.dims)).str()});
  return ops::transpose(x, axes);
}

Tensor RepeatVectorLayer::call(const Tensor &x) {
  InputSpec{.ndim = 2}.check(x.shape(), 0);
  return ops::repeat(ops::expand_dims(x, 1), config.n, 1);
}

} // namespace horn::layers
