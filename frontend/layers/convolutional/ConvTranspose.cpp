// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/convolutional/ConvTranspose.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Conv1DTranspose)
HORN_DEFINE_LAYER(Conv2DTranspose)
HORN_DEFINE_LAYER(Conv3DTranspose)

void ConvTransposeBase::check_config() {
  check_conv(config, rank());
  if (!config.output_padding.empty())
    config.output_padding = config.output_padding.expanded(rank(), "output_padding", 0);
  require(config.padding != "causal",
          {.what = "unknown padding", .expected = "valid or same", .found = config.padding});
  require(config.filters > 0, {.what = "wrong number of filters",
                               .expected = "a positive integer",
                               .found = std::to_string(config.filters)});
}

void ConvTransposeBase::build(const Shape &input_shape) {
  int64_t channels = channels_of(input_shape, rank(), config.data_format);
  input_spec_ = {{.ndim = rank() + 2}};
  Shape shape(config.kernel_size);
  shape.push_back(config.filters);
  shape.push_back(channels);
  kernel = add_weight("kernel", shape,
                      {.initializer = config.kernel_initializer,
                       .regularizer = config.kernel_regularizer,
                       .constraint = config.kernel_constraint});
  if (config.use_bias)
    bias = add_weight("bias", {config.filters},
                      {.initializer = config.bias_initializer,
                       .regularizer = config.bias_regularizer,
                       .constraint = config.bias_constraint});
}

Tensor ConvTransposeBase::call(const Tensor &x) {
  ops::ConvOptions options = conv_options(config);
  options.output_padding = config.output_padding;
  return finish_conv(ops::conv_transpose(x, kernel, options), config.use_bias, bias,
                     config.data_format, config.activation);
}

} // namespace horn::layers
