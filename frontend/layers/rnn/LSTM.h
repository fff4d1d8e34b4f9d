// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/rnn/Recurrent.h"

namespace horn::layers {

/// Arguments of LSTMCell.
struct LSTMCellConfig {
  int64_t units = 0;
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
  HORN_FIELDS(units, activation, recurrent_activation, use_bias, kernel_initializer,
              recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
              recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
              bias_constraint, dropout, recurrent_dropout)
};

/// Long short-term memory: states h and c, gates in the order i, f, c, o.
/// **Shapes** kernel (features, 4 units), recurrent_kernel (units, 4 units), bias (4 units).
/// Source: keras.layers.LSTMCell.
class LSTMCellLayer : public ConfiguredCell<LSTMCellConfig> {
  HORN_LAYER(LSTMCell, ConfiguredCell<LSTMCellConfig>)
  void build(const Shape &step_shape) override;
  std::vector<Shape> state_shapes(const Shape &step_shape) const override;
  Tensor project(const Tensor &x) override;
  ScanStep step(const Tensor &projected, const std::vector<Tensor> &states) override;

  Weight kernel, recurrent_kernel, bias;
};
using LSTMCell = Handle<LSTMCellLayer>;

/// Arguments of LSTM.
struct LSTMConfig {
  int64_t units = 0;
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
  HORN_FIELDS(units, activation, recurrent_activation, use_bias, kernel_initializer,
              recurrent_initializer, bias_initializer, unit_forget_bias, kernel_regularizer,
              recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
              bias_constraint, dropout, recurrent_dropout, return_sequences, return_state,
              go_backwards, stateful, zero_output_for_mask)
};

/// LSTMCell over the steps of [batch, time, features]. Call it with `initial_state` to start from
/// given states. Source: keras.layers.LSTM.
class LSTMLayer : public RecurrentLayer<LSTMConfig> {
  HORN_LAYER(LSTM, RecurrentLayer<LSTMConfig>)

protected:
  void check_config();
};
using LSTM = Handle<LSTMLayer>;

} // namespace horn::layers
