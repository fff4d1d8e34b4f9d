// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a weight gets its first values.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/ConfigValue.h"

namespace horn {

/// A Keras initializer by name and arguments: "zeros", "glorot_uniform", {"RandomNormal", {...}}.
/// Nothing is computed until it is asked for values. Source: keras.initializers.
class Initializer {
public:
  /// By class name ("GlorotUniform") or snake_case name ("glorot_uniform"), default arguments.
  /// Throws Error for unknown names.
  Initializer(const char *name) : Initializer(std::string(name)) {}
  /// The same with arguments.
  Initializer(const std::string &name, ConfigValue config = ConfigValue::dict());
  /// From a configuration: a name or an envelope. Throws Error.
  static Initializer from_config(const ConfigValue &value);
  /// The envelope that Keras 3 writes.
  ConfigValue get_config() const;

  /// "GlorotUniform", say.
  const std::string &class_name() const { return class_name_; }
  /// Values for a weight. `seed` selects the random stream unless the configuration has one.
  /// Throws Error when the shape does not suit (Identity and Orthogonal need rank 2 and more).
  Array operator()(const Shape &shape, DType dtype, uint64_t seed) const;

private:
  std::string class_name_;
  ConfigValue config_;
};

} // namespace horn
