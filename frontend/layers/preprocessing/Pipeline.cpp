// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Pipeline.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Pipeline)

Tensor PipelineLayer::call(const Tensor &input) {
  Tensor x = input;
  for (const LayerPtr &layer : config.layers) {
    track("_pipeline_layers/*", layer);
    x = layer->invoke(x).front();
  }
  return x;
}

} // namespace horn::layers
