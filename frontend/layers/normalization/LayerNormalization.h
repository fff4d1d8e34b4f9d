// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of LayerNormalization.
struct LayerNormalizationConfig {
  IntList axis = {-1};
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  HORN_FIELDS(axis, epsilon, center, scale, beta_initializer, gamma_initializer, beta_regularizer,
              gamma_regularizer, beta_constraint, gamma_constraint)
};

/// Normalises over axes of each sample. **Shapes** gamma, beta: sizes of the axes.
/// Source: keras.layers.LayerNormalization.
class LayerNormalizationLayer : public Configured<LayerNormalizationConfig> {
  HORN_LAYER(LayerNormalization, Configured<LayerNormalizationConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight gamma, beta;
};
using LayerNormalization = Handle<LayerNormalizationLayer>;

} // namespace horn::layers
