// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/pooling/Pooling.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(MaxPooling1D)
HORN_DEFINE_LAYER(MaxPooling2D)
HORN_DEFINE_LAYER(MaxPooling3D)
HORN_DEFINE_LAYER(AveragePooling1D)
HORN_DEFINE_LAYER(AveragePooling2D)
HORN_DEFINE_LAYER(AveragePooling3D)
HORN_DEFINE_LAYER(GlobalMaxPooling1D)
HORN_DEFINE_LAYER(GlobalMaxPooling2D)
HORN_DEFINE_LAYER(GlobalMaxPooling3D)
HORN_DEFINE_LAYER(GlobalAveragePooling1D)
HORN_DEFINE_LAYER(GlobalAveragePooling2D)
HORN_DEFINE_LAYER(GlobalAveragePooling3D)
HORN_DEFINE_LAYER(AdaptiveMaxPooling1D)
HORN_DEFINE_LAYER(AdaptiveMaxPooling2D)
HORN_DEFINE_LAYER(AdaptiveMaxPooling3D)
HORN_DEFINE_LAYER(AdaptiveAveragePooling1D)
HORN_DEFINE_LAYER(AdaptiveAveragePooling2D)
HORN_DEFINE_LAYER(AdaptiveAveragePooling3D)

void PoolingBase::check_config() {
  config.pool_size = config.pool_size.expanded(rank(), "pool_size");
  config.strides = config.strides.expanded(rank(), "strides", 1, config.pool_size);
  require(config.padding == "valid" || config.padding == "same",
          {.what = "unknown padding", .expected = "valid or same", .found = config.padding});
}

Tensor PoolingBase::call(const Tensor &x) {
  InputSpec{.ndim = rank() + 2}.check(x.shape(), 0);
  ops::PoolOptions options{config.pool_size, config.strides, config.padding, config.data_format};
  return takes_maximum() ? ops::max_pool(x, options) : ops::average_pool(x, options);
}

/// The mean over the steps that the mask keeps; 0/0 is NaN where it keeps none.
static Tensor masked_mean(const Tensor &x, int64_t axis, bool keepdims) {
  Tensor weights = ops::expand_dims(ops::cast(x.mask(), x.dtype()), axis == 1 ? -1 : 1);
  return ops::sum(x * weights, axis, keepdims) / ops::sum(weights, axis, keepdims);
}

std::vector<Tensor> GlobalPoolingBase::call_with(const Arguments &arguments) {
  Tensor x = arguments.inputs().at(0);
  InputSpec{.ndim = rank() + 2}.check(x.shape(), 0);
  std::vector<int64_t> axes;
  int64_t first = config.data_format == "channels_first" ? 2 : 1;
  for (size_t i = 0; i < rank(); ++i)
    axes.push_back(first + static_cast<int64_t>(i));
  if (takes_maximum())
    return {ops::max(x, axes, config.keepdims)};
  if (rank() == 1 && x.mask().defined())
    return {masked_mean(x, first, config.keepdims)};
  return {ops::mean(x, axes, config.keepdims)};
}

void AdaptivePoolingBase::check_config() {
  config.output_size = config.output_size.expanded(rank(), "output_size");
}

Tensor AdaptivePoolingBase::call(const Tensor &x) {
  InputSpec{.ndim = rank() + 2}.check(x.shape(), 0);
  return takes_maximum() ? ops::adaptive_max_pool(x, config.output_size, config.data_format)
                         : ops::adaptive_average_pool(x, config.output_size, config.data_format);
}

} // namespace horn::layers
