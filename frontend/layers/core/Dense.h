// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Dense.
struct DenseConfig {
  int64_t units = 0;
  horn::Activation activation = {};
  bool use_bias = true;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(units, activation, use_bias, kernel_initializer, bias_initializer, kernel_regularizer,
              bias_regularizer, kernel_constraint, bias_constraint)
};

/// activation(x @ kernel + bias) over the last axis.
/// **Shapes** x [..., C] to [..., units]; kernel (C, units), bias (units).
/// Source: keras.layers.Dense.
class DenseLayer : public Configured<DenseConfig> {
  HORN_LAYER(Dense, Configured<DenseConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight kernel, bias;

protected:
  void check_config();
};
using Dense = Handle<DenseLayer>;

} // namespace horn::layers
