// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/convolutional/Conv.h"

namespace horn::layers {

/// Arguments of Conv1DTranspose, Conv2DTranspose and Conv3DTranspose.
struct ConvTransposeConfig {
  int64_t filters = 0;
  IntList kernel_size = {};
  IntList strides = {1};
  std::string padding = "valid";
  IntList output_padding = {};
  std::string data_format = "channels_last";
  IntList dilation_rate = {1};
  horn::Activation activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(filters, kernel_size, strides, padding, output_padding, data_format, dilation_rate,
              activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
              bias_regularizer, kernel_constraint, bias_constraint)
};

/// The gradient of a convolution, as a layer.
/// **Shapes** x [N, spatial..., C]; kernel (kernel_size..., filters, C), bias (filters).
class ConvTransposeBase : public Configured<ConvTransposeConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight kernel, bias;

protected:
  void check_config();
};

/// Source: keras.layers.Conv1DTranspose, Conv2DTranspose, Conv3DTranspose.
HORN_CONV_LAYER(Conv1DTranspose, ConvTransposeBase, 1)
HORN_CONV_LAYER(Conv2DTranspose, ConvTransposeBase, 2)
HORN_CONV_LAYER(Conv3DTranspose, ConvTransposeBase, 3)

} // namespace horn::layers
