// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/convolutional/DepthwiseConv.h"

namespace horn::layers {

HORN_DEFINE_LAYER(DepthwiseConv1D)
HORN_DEFINE_LAYER(DepthwiseConv2D)
HORN_DEFINE_LAYER(SeparableConv1D)
HORN_DEFINE_LAYER(SeparableConv2D)

/// Channels after the depthwise part. Throws Error when the product is not a sensible number.
static int64_t multiplied(int64_t channels, int64_t multiplier) {
  int64_t product = 0;
  bool overflow = __builtin_mul_overflow(channels, multiplier, &product);
  require(multiplier > 0 && !overflow, {.what = "wrong depth_multiplier",
                                        .expected = "a positive integer",
                                        .found = std::to_string(multiplier)});
  return product;
}

void DepthwiseConvBase::check_config() {
  check_conv(config, rank());
  multiplied(1, config.depth_multiplier);
}

void DepthwiseConvBase::build(const Shape &input_shape) {
  int64_t channels = channels_of(input_shape, rank(), config.data_format);
  input_spec_ = {{.ndim = rank() + 2}};
  Shape shape(config.kernel_size);
  shape.push_back(channels);
  shape.push_back(config.depth_multiplier);
  kernel = add_weight("kernel", shape,
                      {.initializer = config.depthwise_initializer,
                       .regularizer = config.depthwise_regularizer,
                       .constraint = config.depthwise_constraint});
  if (config.use_bias)
    bias = add_weight("bias", {multiplied(channels, config.depth_multiplier)},
                      {.initializer = config.bias_initializer,
                       .regularizer = config.bias_regularizer,
                       .constraint = config.bias_constraint});
}

Tensor DepthwiseConvBase::call(const Tensor &x) {
  return finish_conv(ops::depthwise_conv(x, kernel, conv_options(config)), config.use_bias, bias,
                     config.data_format, config.activation);
}

void SeparableConvBase::check_config() {
  check_conv(config, rank());
  multiplied(1, config.depth_multiplier);
  require(config.filters > 0, {.what = "wrong number of filters",
                               .expected = "a positive integer",
                               .found = std::to_string(config.filters)});
}

void SeparableConvBase::build(const Shape &input_shape) {
  int64_t channels = channels_of(input_shape, rank(), config.data_format);
  input_spec_ = {{.ndim = rank() + 2}};
  Shape depthwise(config.kernel_size);
  depthwise.push_back(channels);
  depthwise.push_back(config.depth_multiplier);
  depthwise_kernel = add_weight("depthwise_kernel", depthwise,
                                {.initializer = config.depthwise_initializer,
                                 .regularizer = config.depthwise_regularizer,
                                 .constraint = config.depthwise_constraint});
  Shape pointwise(std::vector<int64_t>(rank(), 1));
  pointwise.push_back(multiplied(channels, config.depth_multiplier));
  pointwise.push_back(config.filters);
  pointwise_kernel = add_weight("pointwise_kernel", pointwise,
                                {.initializer = config.pointwise_initializer,
                                 .regularizer = config.pointwise_regularizer,
                                 .constraint = config.pointwise_constraint});
  if (config.use_bias)
    bias = add_weight("bias", {config.filters},
                      {.initializer = config.bias_initializer,
                       .regularizer = config.bias_regularizer,
                       .constraint = config.bias_constraint});
}

Tensor SeparableConvBase::call(const Tensor &x) {
  Tensor y = ops::depthwise_conv(x, depthwise_kernel, conv_options(config));
  y = ops::conv(y, pointwise_kernel,
                {.strides = {}, .dilation_rate = {}, .data_format = config.data_format});
  return finish_conv(y, config.use_bias, bias, config.data_format, config.activation);
}

} // namespace horn::layers
