// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that models of keras.applications bring along.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of LayerScale.
struct LayerScaleConfig {
  double init_values = 1e-6;
  int64_t projection_dim = 0;
  HORN_FIELDS(init_values, projection_dim)
};
/// x times a vector along the last axis. Source: keras.src.applications.convnext.LayerScale.
class LayerScaleLayer : public Configured<LayerScaleConfig> {
  HORN_LAYER_OF(LayerScale, Configured<LayerScaleConfig>, "keras.src.applications.convnext")
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight gamma;
};
using LayerScale = Handle<LayerScaleLayer>;

/// Arguments of CustomScaleLayer.
struct CustomScaleLayerConfig {
  double scale = 1;
  HORN_FIELDS(scale)
};
/// a + scale * b. Source: keras.src.applications.inception_resnet_v2.CustomScaleLayer.
class CustomScaleLayerLayer : public Configured<CustomScaleLayerConfig> {
  HORN_LAYER_OF(CustomScaleLayer, Configured<CustomScaleLayerConfig>,
                "keras.src.applications.inception_resnet_v2")
  Tensor call_many(const std::vector<Tensor> &inputs) override;
};
using CustomScaleLayer = Handle<CustomScaleLayerLayer>;

} // namespace horn::layers
