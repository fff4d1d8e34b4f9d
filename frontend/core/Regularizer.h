// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Penalties on weights, and conditions that weights are brought back to after an update.
#pragma once

#include "frontend/core/ConfigValue.h"
#include "frontend/core/Tensor.h"

namespace horn {

/// A Keras regularizer by name and arguments: "l1", "l2", {"L1L2", {...}}, or none; or one of
/// one's own (CustomObjects.h).
/// Source: keras.regularizers.
class Regularizer {
public:
  Regularizer() = default; ///< none
  /// By class name or snake_case name, with default arguments unless given. Throws Error for
  /// unknown names.
  Regularizer(const char *name) : Regularizer(std::string(name)) {}
  /// By class name or snake_case name, with default arguments unless given. Throws Error for
  /// unknown names.
  Regularizer(const std::string &name, ConfigValue config = ConfigValue::dict());
  /// From a configuration: null, a name or an envelope. Throws Error.
  static Regularizer from_config(const ConfigValue &value);
  /// The arguments that it was made with, under Keras's names.
  ConfigValue get_config() const;

  /// Whether there is one.
  bool defined() const { return !class_name_.empty(); }
  /// Its class, as Keras names it.
  const std::string &class_name() const { return class_name_; }
  /// The penalty, a scalar, as ops on the weight.
  Tensor operator()(const Tensor &weight) const;

private:
  std::string class_name_; ///< the registered name of one of the user's own
  ConfigValue config_;
};

/// A Keras constraint by name and arguments: "non_neg", {"MaxNorm", {...}}, or none; or one of
/// one's own.
/// Source: keras.constraints.
class Constraint {
public:
  Constraint() = default; ///< none
  /// By class name or snake_case name, with default arguments unless given. Throws Error for
  /// unknown names.
  Constraint(const char *name) : Constraint(std::string(name)) {}
  /// By class name or snake_case name, with default arguments unless given. Throws Error for
  /// unknown names.
  Constraint(const std::string &name, ConfigValue config = ConfigValue::dict());
  /// From a configuration: null, a name or an envelope. Throws Error.
  static Constraint from_config(const ConfigValue &value);
  /// The arguments that it was made with, under Keras's names.
  ConfigValue get_config() const;

  /// Whether there is one.
  bool defined() const { return !class_name_.empty(); }
  /// Its class, as Keras names it.
  const std::string &class_name() const { return class_name_; }
  /// The weight brought back to the condition, as ops.
  Tensor operator()(const Tensor &weight) const;

private:
  std::string class_name_; ///< the registered name of one of the user's own
  ConfigValue config_;
};

} // namespace horn
