// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that bring numbers into the range a model was trained on.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Rescaling: numbers, or lists for the last axis.
struct RescalingConfig {
  ConfigValue scale = 1.0;
  ConfigValue offset = 0.0;
  HORN_FIELDS(scale, offset)
};
/// x * scale + offset. Source: keras.layers.Rescaling.
class RescalingLayer : public Configured<RescalingConfig> {
  HORN_LAYER(Rescaling, Configured<RescalingConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override;

protected:
  void check_config();
};
using Rescaling = Handle<RescalingLayer>;

/// Arguments of Normalization; mean and variance as numbers or nested lists, or null to have
/// weights.
struct NormalizationConfig {
  ConfigValue axis = -1; ///< null: one mean for everything
  ConfigValue mean = {};
  ConfigValue variance = {};
  bool invert = false;
  HORN_FIELDS(axis, mean, variance, invert)
};
/// (x - mean) / max(sqrt(variance), 1e-7), or the inverse of it.
/// **Shapes** mean, variance: sizes of the axes. Source: keras.layers.Normalization.
class NormalizationLayer : public Configured<NormalizationConfig> {
  HORN_LAYER(Normalization, Configured<NormalizationConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight mean, variance, count;

private:
  Tensor shaped(const Tensor &x, const Weight &weight, const ConfigValue &given) const;
};
using Normalization = Handle<NormalizationLayer>;

} // namespace horn::layers
