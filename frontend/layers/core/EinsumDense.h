// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of EinsumDense; output_shape is without the batch axis, null where it is to be
/// inferred.
struct EinsumDenseConfig {
  std::string equation = {};
  ConfigValue output_shape = {};
  horn::Activation activation = {};
  ConfigValue bias_axes = {};
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(equation, output_shape, activation, bias_axes, kernel_initializer, bias_initializer,
              kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint)
};

/// activation(einsum(equation, x, kernel) + bias); the equation gives the kernel's shape.
/// Source: keras.layers.EinsumDense.
class EinsumDenseLayer : public Configured<EinsumDenseConfig> {
  HORN_LAYER(EinsumDense, Configured<EinsumDenseConfig>)
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;

  Weight kernel, bias;
};
using EinsumDense = Handle<EinsumDenseLayer>;

} // namespace horn::layers
