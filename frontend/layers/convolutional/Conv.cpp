// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/convolutional/Conv.h"

#include <algorithm>

namespace horn::layers {

HORN_DEFINE_LAYER(Conv1D)
HORN_DEFINE_LAYER(Conv2D)
HORN_DEFINE_LAYER(Conv3D)

int64_t channels_of(const Shape &input_shape, size_t rank, const std::string &data_format) {
  InputSpec{.ndim = rank + 2}.check(input_shape, 0);
  int64_t channels = data_format == "channels_first" ? input_shape[1] : input_shape.back();
  require(channels != None, {.what = "the number of channels of the input must be known",
                             .found = input_shape.str()});
  return channels;
}

Tensor finish_conv(Tensor y, bool use_bias, const Weight &bias, const std::string &data_format,
                   const horn::Activation &activation) {
  if (use_bias)
    y = ops::add_bias(y, bias, data_format);
  return activation(y);
}

void ConvBase::check_config() {
  check_conv(config, rank());
  auto above_one = [](int64_t value) { return value > 1; };
  require(!std::any_of(config.strides.begin(), config.strides.end(), above_one) ||
              !std::any_of(config.dilation_rate.begin(), config.dilation_rate.end(), above_one),
          {.what = "strides and dilation_rate are both above 1",
           .hint = "Keras takes one of them only"});
  require(config.filters > 0 && config.groups > 0 && config.filters % config.groups == 0,
          {.what = "wrong filters or groups",
           .expected = "positive filters that are a multiple of groups",
           .found = std::to_string(config.filters) + " filters, " + std::to_string(config.groups) +
                    " groups"});
}

void ConvBase::build(const Shape &input_shape) {
  int64_t channels = channels_of(input_shape, rank(), config.data_format);
  require(channels % config.groups == 0,
          {.what = "channels of the input are not a multiple of groups",
           .expected = "a multiple of " + std::to_string(config.groups),
           .found = std::to_string(channels)});
  Shape shape(config.kernel_size);
  shape.push_back(channels / config.groups);
  shape.push_back(config.filters);
  kernel = add_weight("kernel", shape,
                      {.initializer = config.kernel_initializer,
                       .regularizer = config.kernel_regularizer,
                       .constraint = config.kernel_constraint});
  if (config.use_bias)
    bias = add_weight("bias", {config.filters},
                      {.initializer = config.bias_initializer,
                       .regularizer = config.bias_regularizer,
                       .constraint = config.bias_constraint});
  int axis = config.data_format == "channels_first" ? 1 : -1;
  input_spec_ = {{.ndim = rank() + 2, .axes = {{axis, channels}}}};
}

Tensor ConvBase::call(const Tensor &x) {
  ops::ConvOptions options = conv_options(config);
  options.groups = config.groups;
  return finish_conv(ops::conv(x, kernel, options), config.use_bias, bias, config.data_format,
                     config.activation);
}

} // namespace horn::layers
