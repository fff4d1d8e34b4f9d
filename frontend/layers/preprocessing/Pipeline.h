// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Pipeline.
struct PipelineConfig {
  std::vector<LayerPtr> layers = {};
  HORN_FIELDS(layers)
};
/// Preprocessing layers one after the other. Source: keras.layers.Pipeline.
class PipelineLayer : public Configured<PipelineConfig> {
  HORN_LAYER(Pipeline, Configured<PipelineConfig>)
  Tensor call(const Tensor &input) override;
  /// What the last layer left on its output.
  std::vector<Tensor> compute_mask(const Arguments &, const std::vector<Tensor> &outputs) override {
    return {outputs.front().mask()};
  }
};
using Pipeline = Handle<PipelineLayer>;

} // namespace horn::layers
