// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Activation functions by Keras's names.
#pragma once

#include "frontend/core/ConfigValue.h"
#include "frontend/core/Tensor.h"

#include <memory>

namespace horn {

class Layer;

/// One of Keras's activation functions, one of one's own (core/CustomObjects.h), or a layer used
/// as one. Source: keras.activations.
class Activation {
public:
  Activation() = default; ///< linear
  /// By name: "relu", "swish". Throws Error for unknown names.
  Activation(const char *name) : Activation(std::string(name)) {}
  /// By Keras's name. Throws Error for unknown names.
  Activation(const std::string &name);
  /// A layer such as LeakyReLU in the place of a function.
  Activation(std::shared_ptr<Layer> layer) : layer_(std::move(layer)) {}
  /// From a configuration: null, a name, or an envelope of a function. Throws Error.
  static Activation from_config(const ConfigValue &value);
  /// The arguments that it was made with, under Keras's names.
  ConfigValue get_config() const;

  /// Its name in Keras.
  const std::string &name() const { return name_; }
  /// Whether it gives back what it gets.
  bool is_linear() const { return name_ == "linear" && !layer_; }
  /// The layer that computes it, for activations that are layers.
  const std::shared_ptr<Layer> &layer() const { return layer_; }
  /// The same for arguments of this form.
  Tensor operator()(const Tensor &x) const;

  /// All names, aliases too, in order.
  static std::vector<std::string_view> names();

private:
  std::string name_ = "linear";
  std::shared_ptr<Layer> layer_;
};

} // namespace horn
