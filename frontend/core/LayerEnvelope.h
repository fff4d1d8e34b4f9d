// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How layers are written into configurations: envelopes, and which of them are the same object.
#pragma once

#include "frontend/core/Layer.h"

#include <functional>
#include <unordered_map>

namespace horn {

/// While one is alive, envelope_of numbers the layers it writes. The outermost scope ends in
/// `finish`, which leaves a shared_object_id on layers that stand in a configuration several times
/// and takes it from all others. One scope at a time in each thread.
class SharingScope {
public:
  SharingScope();
  ~SharingScope();
  SharingScope(const SharingScope &) = delete;
  /// Ends the numbering of the layers in `config`; does nothing in an inner scope.
  void finish(ConfigValue &config);

private:
  std::unordered_map<const Layer *, int64_t> numbers_;
};

/// Keras's build_config for a first call with these arguments; null unless there is one argument.
ConfigValue build_config_for(const Arguments &arguments);

class Network;
/// Sets the entry "added" of a model's envelope if add_loss or add_metric was called on the model.
/// Keras 3, which has no such calls, passes over it.
void write_added(const Network &network, ConfigValue &envelope);

/// A shape in a configuration; None is null.
ConfigValue dims_of(const Shape &shape);

/// The value with every TensorRef replaced by what `leaf` gives for its index.
ConfigValue write_nested(const ConfigValue &value,
                         const std::function<ConfigValue(size_t index)> &leaf);

} // namespace horn
