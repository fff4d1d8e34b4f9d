// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"
#include "frontend/ops/NN.h"

namespace horn::layers {

/// Arguments of Conv1D, Conv2D and Conv3D; lists have one entry for each spatial axis.
struct ConvConfig {
  int64_t filters = 0;
  IntList kernel_size = {};
  IntList strides = {1};
  std::string padding = "valid";
  std::string data_format = "channels_last";
  IntList dilation_rate = {1};
  int64_t groups = 1;
  horn::Activation activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(filters, kernel_size, strides, padding, data_format, dilation_rate, groups,
              activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
              bias_regularizer, kernel_constraint, bias_constraint)
};

/// Checks and expands what all convolutions share; \p Config has those fields.
template <class Config> void check_conv(Config &config, size_t rank) {
  config.kernel_size = config.kernel_size.expanded(rank, "kernel_size");
  config.strides = config.strides.expanded(rank, "strides");
  config.dilation_rate = config.dilation_rate.expanded(rank, "dilation_rate");
  bool known = config.padding == "valid" || config.padding == "same" ||
               (config.padding == "causal" && rank == 1);
  require(known, {.what = "unknown padding",
                  .expected = rank == 1 ? "valid, same or causal" : "valid or same",
                  .found = config.padding});
  require(config.data_format == "channels_last" || config.data_format == "channels_first",
          {.what = "unknown data_format",
           .expected = "channels_last or channels_first",
           .found = config.data_format});
}

/// Options of ops::conv and its kin.
template <class Config> ops::ConvOptions conv_options(const Config &config) {
  return {config.strides, config.dilation_rate, config.padding, config.data_format};
}

/// The axis of channels, checked to be known. Throws Error for an input of another rank.
int64_t channels_of(const Shape &input_shape, size_t rank, const std::string &data_format);

/// Adds the bias (if any) along the channels, and the activation.
Tensor finish_conv(Tensor y, bool use_bias, const Weight &bias, const std::string &data_format,
                   const horn::Activation &activation);

/// Cross-correlation with a kernel, all ranks.
/// **Shapes** x [N, spatial..., C]; kernel (kernel_size..., C/groups, filters), bias (filters).
class ConvBase : public Configured<ConvConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight kernel, bias;

protected:
  void check_config();
};

#define HORN_CONV_LAYER(Kind, Base, dimensions)                                                    \
  class Kind##Layer : public Base {                                                                \
    HORN_LAYER(Kind, Base)                                                                         \
    size_t rank() const override { return dimensions; }                                            \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;

/// Source: keras.layers.Conv1D, Conv2D, Conv3D.
HORN_CONV_LAYER(Conv1D, ConvBase, 1)
HORN_CONV_LAYER(Conv2D, ConvBase, 2)
HORN_CONV_LAYER(Conv3D, ConvBase, 3)

} // namespace horn::layers
