// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/rnn/Recurrent.h"
#include "frontend/ops/NN.h"

namespace horn::layers {

/// Arguments of ConvLSTM1D to 3D; lists have one entry for each spatial axis.
struct ConvLSTMConfig {
  int64_t filters = 0;
  IntList kernel_size = {};
  IntList strides = {1};
  std::string padding = "valid";
  std::string data_format = "channels_last";
  IntList dilation_rate = {1};
  horn::Activation activation = "tanh";
  horn::Activation recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool unit_forget_bias = true;
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool zero_output_for_mask = false;
  HORN_FIELDS(filters, kernel_size, strides, padding, data_format, dilation_rate, activation,
              recurrent_activation, use_bias, kernel_initializer, recurrent_initializer,
              bias_initializer, unit_forget_bias, kernel_regularizer, recurrent_regularizer,
              bias_regularizer, kernel_constraint, recurrent_constraint, bias_constraint, dropout,
              recurrent_dropout, return_sequences, return_state, go_backwards, stateful,
              zero_output_for_mask)
};

/// The step of ConvLSTM: an LSTM whose products are convolutions. The one of the input has the
/// given strides and padding, that of the state always keeps its size.
/// **Shapes** kernel (kernel_size..., C, 4 filters), recurrent_kernel (kernel_size..., filters,
/// 4 filters), bias (4 filters); gates in the order i, f, c, o.
class ConvLSTMCell : public RnnCell {
public:
  ConvLSTMCell(ConvLSTMConfig config, size_t rank);
  std::string class_name() const override { return "ConvLSTMCell"; }
  void build(const Shape &step_shape) override;
  std::vector<Shape> state_shapes(const Shape &step_shape) const override;
  Tensor project(const Tensor &x) override;
  ScanStep step(const Tensor &projected, const std::vector<Tensor> &states) override;

  Weight kernel, recurrent_kernel, bias;

private:
  size_t channel_axis() const { return config_.data_format == "channels_first" ? 1 : rank_ + 1; }
  ops::ConvOptions options() const;
  ConvLSTMConfig config_;
  size_t rank_;
};

/// ConvLSTMCell over the steps of [batch, time, spatial..., C].
class ConvLSTMBase : public RecurrentLayer<ConvLSTMConfig> {
public:
  using RecurrentLayer::RecurrentLayer;
  virtual size_t rank() const = 0;

protected:
  void check_config();
};

#define HORN_CONV_LSTM(Kind, dimensions)                                                           \
  class Kind##Layer : public ConvLSTMBase {                                                        \
    HORN_LAYER(Kind, ConvLSTMBase)                                                                 \
    size_t rank() const override { return dimensions; }                                            \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;

/// Source: keras.layers.ConvLSTM1D, ConvLSTM2D, ConvLSTM3D.
HORN_CONV_LSTM(ConvLSTM1D, 1)
HORN_CONV_LSTM(ConvLSTM2D, 2)
HORN_CONV_LSTM(ConvLSTM3D, 3)
#undef HORN_CONV_LSTM

} // namespace horn::layers
