// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activation functions that are layers with arguments of their own.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of ReLU.
struct ReLUConfig {
  std::optional<double> max_value = {};
  double negative_slope = 0;
  double threshold = 0;
  HORN_FIELDS(max_value, negative_slope, threshold)
};
/// max(x, 0), or with a slope below the threshold and a limit above. Source: keras.layers.ReLU.
class ReLULayer : public Configured<ReLUConfig> {
  HORN_LAYER(ReLU, Configured<ReLUConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override;
};
using ReLU = Handle<ReLULayer>;

/// Arguments of LeakyReLU.
struct LeakyReLUConfig {
  double negative_slope = 0.3;
  HORN_FIELDS(negative_slope)
};
/// x where positive, negative_slope * x elsewhere. Source: keras.layers.LeakyReLU.
class LeakyReLULayer : public Configured<LeakyReLUConfig> {
  HORN_LAYER(LeakyReLU, Configured<LeakyReLUConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override;
};
using LeakyReLU = Handle<LeakyReLULayer>;

/// Arguments of ELU.
struct ELUConfig {
  double alpha = 1;
  HORN_FIELDS(alpha)
};
/// x where positive, alpha * (e^x - 1) elsewhere. Source: keras.layers.ELU.
class ELULayer : public Configured<ELUConfig> {
  HORN_LAYER(ELU, Configured<ELUConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override;
};
using ELU = Handle<ELULayer>;

/// Arguments of PReLU.
struct PReLUConfig {
  Initializer alpha_initializer = "zeros";
  Regularizer alpha_regularizer = {};
  Constraint alpha_constraint = {};
  IntList shared_axes = {};
  HORN_FIELDS(alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes)
};
/// x where positive, alpha * x elsewhere, with a weight alpha of the input's shape.
/// Source: keras.layers.PReLU.
class PReLULayer : public Configured<PReLUConfig> {
  HORN_LAYER(PReLU, Configured<PReLUConfig>)
  bool supports_masking() const override { return true; }
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &x) override;
  Weight alpha;
};
using PReLU = Handle<PReLULayer>;

/// Arguments of Softmax.
struct SoftmaxConfig {
  IntList axis = {-1};
  HORN_FIELDS(axis)
};
/// e^x / sum(e^x) over the axes; masked places count nothing and become 0.
/// Source: keras.layers.Softmax.
class SoftmaxLayer : public Configured<SoftmaxConfig> {
  HORN_LAYER(Softmax, Configured<SoftmaxConfig>)
  bool supports_masking() const override { return true; }
  std::vector<Tensor> call_with(const Arguments &arguments) override;
};
using Softmax = Handle<SoftmaxLayer>;

} // namespace horn::layers
