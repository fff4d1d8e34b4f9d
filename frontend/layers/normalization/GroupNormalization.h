// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Normalisations within each sample that have few arguments.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of GroupNormalization; groups -1: as many as channels.
struct GroupNormalizationConfig {
  int64_t groups = 32;
  int64_t axis = -1;
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  HORN_FIELDS(groups, axis, epsilon, center, scale, beta_initializer, gamma_initializer,
              beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint)
};
/// Normalises over all positions and the neighbouring channels of a group.
/// **Shapes** gamma, beta: (channels). Source: keras.layers.GroupNormalization.
class GroupNormalizationLayer : public Configured<GroupNormalizationConfig> {
  HORN_LAYER(GroupNormalization, Configured<GroupNormalizationConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight gamma, beta;
};
using GroupNormalization = Handle<GroupNormalizationLayer>;

/// Arguments of RMSNormalization.
struct RMSNormalizationConfig {
  IntList axis = {-1};
  double epsilon = 1e-6;
  HORN_FIELDS(axis, epsilon)
};
/// x * rsqrt(mean(x^2) + epsilon) * scale. Source: keras.layers.RMSNormalization.
class RMSNormalizationLayer : public Configured<RMSNormalizationConfig> {
  HORN_LAYER(RMSNormalization, Configured<RMSNormalizationConfig>)
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight scale;
};
using RMSNormalization = Handle<RMSNormalizationLayer>;

/// Arguments of UnitNormalization.
struct UnitNormalizationConfig {
  IntList axis = {-1};
  HORN_FIELDS(axis)
};
/// x * rsqrt(max(sum(x^2), 1e-12)). Source: keras.layers.UnitNormalization.
class UnitNormalizationLayer : public Configured<UnitNormalizationConfig> {
  HORN_LAYER(UnitNormalization, Configured<UnitNormalizationConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override;
};
using UnitNormalization = Handle<UnitNormalizationLayer>;

} // namespace horn::layers
