// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/layers/rnn/Recurrent.h"

namespace horn::layers {

/// Arguments of Bidirectional. merge_mode: "concat", "sum", "mul", "ave", or null for two outputs.
struct BidirectionalConfig {
  LayerPtr layer = {};
  ConfigValue merge_mode = "concat";
  LayerPtr backward_layer = {};
  HORN_FIELDS(layer, merge_mode, backward_layer)
};

/// A recurrent layer walking forwards and a copy of it walking backwards.
/// Source: keras.layers.Bidirectional.
class BidirectionalLayer : public Configured<BidirectionalConfig> {
  HORN_LAYER(Bidirectional, Configured<BidirectionalConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

protected:
  void check_config();

private:
  std::vector<Tensor> merge(Tensor forward, Tensor backward) const;
  Recurrent *forward_ = nullptr, *backward_ = nullptr;
};
using Bidirectional = Handle<BidirectionalLayer>;

/// Arguments of TimeDistributed.
struct TimeDistributedConfig {
  LayerPtr layer = {};
  HORN_FIELDS(layer)
};

/// A layer applied to each step of [batch, time, ...]. Source: keras.layers.TimeDistributed.
class TimeDistributedLayer : public Configured<TimeDistributedConfig> {
  HORN_LAYER(TimeDistributed, Configured<TimeDistributedConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

protected:
  void check_config();
};
using TimeDistributed = Handle<TimeDistributedLayer>;

} // namespace horn::layers
