// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Activation.
struct ActivationConfig {
  horn::Activation activation = {};
  HORN_FIELDS(activation)
};

/// An activation function as a layer. Source: keras.layers.Activation.
class ActivationLayer : public Configured<ActivationConfig> {
  HORN_LAYER(Activation, Configured<ActivationConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override { return config.activation(x); }
};
using Activation = Handle<ActivationLayer>;

} // namespace horn::layers
