// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of SpectralNormalization.
struct SpectralNormalizationConfig {
  LayerPtr layer = {};
  int64_t power_iterations = 1;
  HORN_FIELDS(layer, power_iterations)
};

/// A layer whose kernel training divides by its largest singular value. At inference the kernel is
/// used as it stands. The kernel counts as a weight of this layer too, before the layer's own.
/// **Shapes** vector_u (1, last axis of the kernel). Source: keras.layers.SpectralNormalization.
class SpectralNormalizationLayer : public Configured<SpectralNormalizationConfig> {
  HORN_LAYER(SpectralNormalization, Configured<SpectralNormalizationConfig>)
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;
  /// What the wrapped layer left on its output.
  std::vector<Tensor> compute_mask(const Arguments &, const std::vector<Tensor> &outputs) override {
    return {outputs.front().mask()};
  }

  Weight kernel, vector_u;

protected:
  void check_config();
};
using SpectralNormalization = Handle<SpectralNormalizationLayer>;

} // namespace horn::layers
