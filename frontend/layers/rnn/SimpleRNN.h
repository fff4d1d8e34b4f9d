// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/rnn/Recurrent.h"

namespace horn::layers {

/// Arguments of SimpleRNNCell.
struct SimpleRNNCellConfig {
  int64_t units = 0;
  horn::Activation activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  HORN_FIELDS(units, activation, use_bias, kernel_initializer, recurrent_initializer,
              bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
              kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout)
};

/// h = activation(x @ kernel + bias + h @ recurrent_kernel).
/// **Shapes** kernel (features, units), recurrent_kernel (units, units), bias (units).
/// Source: keras.layers.SimpleRNNCell.
class SimpleRNNCellLayer : public ConfiguredCell<SimpleRNNCellConfig> {
  HORN_LAYER(SimpleRNNCell, ConfiguredCell<SimpleRNNCellConfig>)
  void build(const Shape &step_shape) override;
  std::vector<Shape> state_shapes(const Shape &step_shape) const override;
  Tensor project(const Tensor &x) override;
  ScanStep step(const Tensor &projected, const std::vector<Tensor> &states) override;

  Weight kernel, recurrent_kernel, bias;
};
using SimpleRNNCell = Handle<SimpleRNNCellLayer>;

/// Arguments of SimpleRNN.
struct SimpleRNNConfig {
  int64_t units = 0;
  horn::Activation activation = "tanh";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
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
  HORN_FIELDS(units, activation, use_bias, kernel_initializer, recurrent_initializer,
              bias_initializer, kernel_regularizer, recurrent_regularizer, bias_regularizer,
              kernel_constraint, recurrent_constraint, bias_constraint, dropout, recurrent_dropout,
              return_sequences, return_state, go_backwards, stateful, zero_output_for_mask)
};

/// SimpleRNNCell over the steps of [batch, time, features]. Call it with `initial_state` to start
/// from given states. Source: keras.layers.SimpleRNN.
class SimpleRNNLayer : public RecurrentLayer<SimpleRNNConfig> {
  HORN_LAYER(SimpleRNN, RecurrentLayer<SimpleRNNConfig>)

protected:
  void check_config();
};
using SimpleRNN = Handle<SimpleRNNLayer>;

} // namespace horn::layers
