// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The calls of a functional model's configuration, made again on its layers.
#pragma once

#include "frontend/core/Network.h"

#include <unordered_map>

namespace horn::saving {

/// Calls the layers of a graph in the order that their tensors allow. Reads `inbound_nodes` of
/// Keras 3 ({"args", "kwargs"}) and of Keras 2 (lists of [name, node, tensor, kwargs]).
class GraphReader {
public:
  /// `entries` are the configurations of `layers`, one each. Makes all calls.
  /// **Errors** two layers of a name, a call that refers to a layer or call that is not there,
  /// cycles.
  GraphReader(const ConfigValue::List &entries, const std::vector<LayerPtr> &layers);

  /// The tensors of `input_layers` or `output_layers`, nested as they are there.
  TensorStructure read_structure(const ConfigValue &value, bool outputs) const;
  /// The layers that were called, in the order of the configuration.
  std::vector<LayerPtr> used_layers() const;

private:
  struct Reference {
    size_t layer = 0, node = 0, tensor = 0;
  };
  struct Call {
    const ConfigValue *config = nullptr;
    std::vector<Tensor> outputs;
    enum { waiting, entered, done } state = waiting;
  };

  void run_from(size_t layer, size_t node);
  void run(size_t layer, Call &call);
  Reference resolve(const ConfigValue &name, const ConfigValue &node, const ConfigValue &tensor,
                    bool of_outputs = false) const;
  bool is_history(const ConfigValue &value) const;
  Reference history(const ConfigValue &value) const;
  void collect(const ConfigValue &value, std::vector<Reference> &references) const;
  std::vector<Reference> inputs_of(const Call &call) const;
  Tensor tensor_of(const Reference &reference) const;
  ConfigValue convert(const ConfigValue &value, Arguments &arguments) const;
  Arguments arguments_of(const Call &call) const;
  TensorStructure nested(const ConfigValue &value, bool outputs) const;
  void add_nested(const ConfigValue &value, bool outputs, TensorStructure &structure,
                  ConfigValue &place) const;

  std::vector<LayerPtr> layers_;
  std::vector<std::vector<Call>> calls_;
  std::unordered_map<std::string, size_t> index_;
};

} // namespace horn::saving
