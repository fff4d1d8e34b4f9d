// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The entrance of a model.
#pragma once

#include "frontend/core/Fields.h"

namespace horn {
namespace layers {

/// Arguments of InputLayer.
struct InputConfig {
  Shape batch_shape = {}; ///< batch axis included
  DType dtype = DType::float32;
  std::string name = {};
};

/// Gives a model's input as a tensor. Source: keras.layers.InputLayer.
class InputLayer : public Layer {
public:
  explicit InputLayer(InputConfig config);
  std::string class_name() const override { return "InputLayer"; }
  std::string module() const override { return "keras.layers"; }
  ConfigValue get_config() const override;
  /// A layer from its configuration in a file. Throws Error that names the argument.
  static LayerPtr from_config(const ConfigValue &config, LayerReader &reader);
  std::vector<Tensor> call_with(const Arguments &arguments) override;

  /// The input; the same one while it is in use.
  Tensor tensor();
  /// Its arguments.
  const InputConfig &config() const { return config_; }

private:
  InputConfig config_;
};

} // namespace layers

/// Arguments of Input.
struct InputOptions {
  std::string name = {};
  DType dtype = DType::float32;
  int64_t batch_size = None;
};

/// An input of a model; `shape` is without the batch axis. Source: keras.Input.
Tensor Input(const Shape &shape, InputOptions options = {});

} // namespace horn
