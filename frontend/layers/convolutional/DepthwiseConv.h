// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/convolutional/Conv.h"

namespace horn::layers {

/// Arguments of DepthwiseConv1D and DepthwiseConv2D.
struct DepthwiseConvConfig {
  IntList kernel_size = {};
  IntList strides = {1};
  std::string padding = "valid";
  int64_t depth_multiplier = 1;
  std::string data_format = "channels_last";
  IntList dilation_rate = {1};
  horn::Activation activation = {};
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(kernel_size, strides, padding, depth_multiplier, data_format, dilation_rate,
              activation, use_bias, depthwise_initializer, bias_initializer, depthwise_regularizer,
              bias_regularizer, depthwise_constraint, bias_constraint)
};

/// A convolution for each channel apart.
/// **Shapes** x [N, spatial..., C]; kernel (kernel_size..., C, depth_multiplier), bias
/// (C * depth_multiplier). Output channel c * depth_multiplier + m.
class DepthwiseConvBase : public Configured<DepthwiseConvConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight kernel, bias;

protected:
  void check_config();
};

/// Source: keras.layers.DepthwiseConv1D, DepthwiseConv2D.
HORN_CONV_LAYER(DepthwiseConv1D, DepthwiseConvBase, 1)
HORN_CONV_LAYER(DepthwiseConv2D, DepthwiseConvBase, 2)

/// Arguments of SeparableConv1D and SeparableConv2D.
struct SeparableConvConfig {
  int64_t filters = 0;
  IntList kernel_size = {};
  IntList strides = {1};
  std::string padding = "valid";
  std::string data_format = "channels_last";
  IntList dilation_rate = {1};
  int64_t depth_multiplier = 1;
  horn::Activation activation = {};
  bool use_bias = true;
  Initializer depthwise_initializer = "glorot_uniform";
  Initializer pointwise_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer depthwise_regularizer = {};
  Regularizer pointwise_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint depthwise_constraint = {};
  Constraint pointwise_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(filters, kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier,
              activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer,
              depthwise_regularizer, pointwise_regularizer, bias_regularizer, depthwise_constraint,
              pointwise_constraint, bias_constraint)
};

/// A depthwise convolution, then one of size 1 that mixes channels; bias and activation at the end.
/// **Shapes** depthwise_kernel (kernel_size..., C, depth_multiplier), pointwise_kernel
/// (1..., C * depth_multiplier, filters), bias (filters).
class SeparableConvBase : public Configured<SeparableConvConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight depthwise_kernel, pointwise_kernel, bias;

protected:
  void check_config();
};

/// Source: keras.layers.SeparableConv1D, SeparableConv2D.
HORN_CONV_LAYER(SeparableConv1D, SeparableConvBase, 1)
HORN_CONV_LAYER(SeparableConv2D, SeparableConvBase, 2)

} // namespace horn::layers
