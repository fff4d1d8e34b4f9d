// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which element types a layer keeps its weights in and computes with.
#pragma once

#include "frontend/core/DType.h"

#include <string>

namespace horn {

class ConfigValue;

/// Keras's dtype policy, by name: "float32", "bfloat16", "mixed_float16", ...
class DTypePolicy {
public:
  DTypePolicy() = default;
  /// Throws UnsupportedError for quantized policies, Error for unknown names.
  DTypePolicy(const char *name) : DTypePolicy(std::string(name)) {}
  /// The same.
  DTypePolicy(std::string name);
  /// From a layer's `dtype` entry: null, a name, or an envelope of DTypePolicy (or Keras 2's
  /// Policy).
  static DTypePolicy from_config(const ConfigValue &value);
  /// The envelope that Keras 3 writes.
  ConfigValue get_config() const;

  /// "mixed_float16", say.
  const std::string &name() const { return name_; }
  /// The type that weights are kept in.
  DType variable_dtype() const { return variable_; }
  /// The type that inputs and weights are cast to.
  DType compute_dtype() const { return compute_; }

private:
  std::string name_ = "float32";
  DType variable_ = DType::float32;
  DType compute_ = DType::float32;
};

} // namespace horn
