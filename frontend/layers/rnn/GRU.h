// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/rnn/Recurrent.h"

namespace horn::layers {

/// Arguments of GRUCell.
struct GRUCellConfig {
  int64_t units = 0;
  horn::Activation activation = "tanh";
  horn::Activation recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool reset_after = true;
  Regularizer kernel_regularizer = {};
  Regularizer recurrent_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint recurrent_constraint = {};
  Constraint bias_constraint = {};
  double dropout = 0;
  double recurrent_dropout = 0;
  HORN_FIELDS(units, activation, recurrent_activation, use_bias, kernel_initializer,
              recurrent_initializer, bias_initializer, reset_after, kernel_regularizer,
              recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
              bias_constraint, dropout, recurrent_dropout)
};

/// Gated recurrent unit: state h, gates in the order z, r, h.
/// **Shapes** kernel (features, 3 units), recurrent_kernel (units, 3 units), bias (2, 3 units) with
/// `reset_after`, else (3 units).
/// Source: keras.layers.GRUCell.
class GRUCellLayer : public ConfiguredCell<GRUCellConfig> {
  HORN_LAYER(GRUCell, ConfiguredCell<GRUCellConfig>)
  void build(const Shape &step_shape) override;
  std::vector<Shape> state_shapes(const Shape &step_shape) const override;
  Tensor project(const Tensor &x) override;
  ScanStep step(const Tensor &projected, const std::vector<Tensor> &states) override;

  Weight kernel, recurrent_kernel, bias;
};
using GRUCell = Handle<GRUCellLayer>;

/// Arguments of GRU.
struct GRUConfig {
  int64_t units = 0;
  horn::Activation activation = "tanh";
  horn::Activation recurrent_activation = "sigmoid";
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer recurrent_initializer = "orthogonal";
  Initializer bias_initializer = "zeros";
  bool reset_after = true;
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
              recurrent_initializer, bias_initializer, reset_after, kernel_regularizer,
              recurrent_regularizer, bias_regularizer, kernel_constraint, recurrent_constraint,
              bias_constraint, dropout, recurrent_dropout, return_sequences, return_state,
              go_backwards, stateful, zero_output_for_mask)
};

/// GRUCell over the steps of [batch, time, features]. Call it with `initial_state` to start from
/// given states. Source: keras.layers.GRU.
class GRULayer : public RecurrentLayer<GRUConfig> {
  HORN_LAYER(GRU, RecurrentLayer<GRUConfig>)

protected:
  void check_config();
};
using GRU = Handle<GRULayer>;

} // namespace horn::layers
