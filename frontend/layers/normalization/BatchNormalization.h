// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of BatchNormalization.
struct BatchNormalizationConfig {
  IntList axis = {-1};
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Initializer moving_mean_initializer = "zeros";
  Initializer moving_variance_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  bool renorm = false; ///< matters in training only; has three more weights
  HORN_FIELDS(axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer,
              moving_mean_initializer, moving_variance_initializer, beta_regularizer,
              gamma_regularizer, beta_constraint, gamma_constraint, renorm)
};

/// (x - moving_mean) * gamma * rsqrt(moving_variance + epsilon) + beta along an axis.
/// **Shapes** gamma, beta, moving_mean, moving_variance: (size of the axis).
/// Source: keras.layers.BatchNormalization.
class BatchNormalizationLayer : public Configured<BatchNormalizationConfig> {
  HORN_LAYER(BatchNormalization, Configured<BatchNormalizationConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight gamma, beta, moving_mean, moving_variance;

protected:
  void check_config();
};
using BatchNormalization = Handle<BatchNormalizationLayer>;

} // namespace horn::layers
