// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/Scale.h"

namespace horn::layers {

HORN_DEFINE_LAYER(LayerScale)
HORN_DEFINE_LAYER(CustomScaleLayer)

void LayerScaleLayer::build(const Shape &) {
  gamma = add_weight(
      "variable", {config.projection_dim},
      {.initializer = Initializer("constant", ConfigValue::Dict{{"value", config.init_values}})});
}

Tensor LayerScaleLayer::call(const Tensor &x) { return x * gamma; }

Tensor CustomScaleLayerLayer::call_many(const std::vector<Tensor> &inputs) {
  require(inputs.size() == 2, {.what = "CustomScaleLayer needs two tensors"});
  return inputs[0] + config.scale * inputs[1];
}

} // namespace horn::layers
