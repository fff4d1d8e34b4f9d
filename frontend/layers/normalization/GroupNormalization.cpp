// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/normalization/GroupNormalization.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(GroupNormalization)
HORN_DEFINE_LAYER(RMSNormalization)
HORN_DEFINE_LAYER(UnitNormalization)

static int64_t channels_of(const Shape &shape, int64_t axis) {
  int64_t channels = shape[shape.axis(axis)];
  require(channels != None, {.what = "the number of channels must be known", .found = shape.str()});
  return channels;
}

void GroupNormalizationLayer::build(const Shape &input_shape) {
  int64_t channels = channels_of(input_shape, config.axis);
  int64_t groups = config.groups == -1 ? channels : config.groups;
  require(groups > 0 && channels % groups == 0,
          {.what = "channels are not a multiple of groups",
           .expected = "a multiple of " + std::to_string(groups),
           .found = std::to_string(channels)});
  if (config.scale)
    gamma = add_weight("gamma", {channels},
                       {.initializer = config.gamma_initializer,
                        .regularizer = config.gamma_regularizer,
                        .constraint = config.gamma_constraint});
  if (config.center)
    beta = add_weight("beta", {channels},
                      {.initializer = config.beta_initializer,
                       .regularizer = config.beta_regularizer,
                       .constraint = config.beta_constraint});
}

Tensor GroupNormalizationLayer::call(const Tensor &input) {
  int64_t axis = static_cast<int64_t>(input.shape().axis(config.axis));
  Tensor x = ops::moveaxis(input, axis, -1);
  int64_t channels = channels_of(x.shape(), -1);
  int64_t groups = config.groups == -1 ? channels : config.groups;
  std::vector<int64_t> split, whole, axes;
  for (size_t i = 0; i + 1 < x.rank(); ++i) {
    split.push_back(ops::size_or_like(x, i));
    if (i > 0)
      axes.push_back(static_cast<int64_t>(i));
  }
  whole = split;
  whole.push_back(channels);
  split.push_back(groups);
  split.push_back(channels / groups);
  axes.push_back(static_cast<int64_t>(x.rank()));
  Tensor y = ops::reshape_codes(x, split, x);
  Tensor centred = y - ops::mean(y, axes, /*keepdims=*/true);
  Tensor variance = ops::mean(ops::square(centred), axes, /*keepdims=*/true);
  y = ops::reshape_codes(centred * ops::rsqrt(variance + config.epsilon), whole, x);
  if (config.scale)
    y = y * gamma;
  if (config.center)
    y = y + beta;
  return ops::moveaxis(y, -1, axis);
}

void RMSNormalizationLayer::build(const Shape &input_shape) {
  Shape shape;
  for (int64_t axis : config.axis)
    shape.push_back(channels_of(input_shape, axis));
  scale = add_weight("scale", shape, {.initializer = "ones"});
}

Tensor RMSNormalizationLayer::call(const Tensor &x) {
  Axes axes(static_cast<const std::vector<int64_t> &>(config.axis));
  return x * ops::rsqrt(ops::mean(ops::square(x), axes, true) + config.epsilon) * scale;
}

Tensor UnitNormalizationLayer::call(const Tensor &x) {
  Axes axes(static_cast<const std::vector<int64_t> &>(config.axis));
  return x * ops::rsqrt(ops::maximum(ops::sum(ops::square(x), axes, true), 1e-12));
}

} // namespace horn::layers
