// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/rnn/Recurrent.h"

namespace horn::layers {

/// Arguments of RNN.
struct RNNConfig {
  LayerPtr cell = {};
  bool return_sequences = false;
  bool return_state = false;
  bool go_backwards = false;
  bool stateful = false;
  bool zero_output_for_mask = false;
  HORN_FIELDS(cell, return_sequences, return_state, go_backwards, stateful, zero_output_for_mask)
};

/// Any cell over the steps of [batch, time, ...]. Source: keras.layers.RNN.
class RNNLayer : public RecurrentLayer<RNNConfig> {
  HORN_LAYER(RNN, RecurrentLayer<RNNConfig>)

protected:
  void check_config();
};
using RNN = Handle<RNNLayer>;

/// Arguments of StackedRNNCells.
struct StackedRNNCellsConfig {
  std::vector<LayerPtr> cells = {};
  HORN_FIELDS(cells)
};

/// Cells one above the other, as one cell: its states are those of each cell in turn.
/// Source: keras.layers.StackedRNNCells.
class StackedRNNCellsLayer : public RnnCell {
public:
  using Config = StackedRNNCellsConfig;
  using Base = RnnCell;
  explicit StackedRNNCellsLayer(Config config);
  Config config; ///< its arguments
  std::string class_name() const override { return "StackedRNNCells"; }
  std::string module() const override { return "keras.layers"; }
  ConfigValue get_config() const override;
  /// A layer from its configuration in a file. Throws Error that names the argument.
  static LayerPtr from_config(const ConfigValue &value, LayerReader &reader);
  void build(const Shape &step_shape) override;
  std::vector<Shape> state_shapes(const Shape &step_shape) const override;
  Shape output_shape(const Shape &step_shape) const override;
  bool output_is_state() const override { return false; }
  size_t state_before_output(const Shape &step_shape) const override;
  ScanStep step(const Tensor &x, const std::vector<Tensor> &states) override;

private:
  std::vector<std::shared_ptr<RnnCell>> cells_;
};
using StackedRNNCells = Handle<StackedRNNCellsLayer>;

} // namespace horn::layers
