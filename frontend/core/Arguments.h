// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The arguments of one call of a layer: nested as the caller wrote them, tensors listed apart.
#pragma once

#include "frontend/core/ConfigValue.h"
#include "frontend/core/Tensor.h"

#include <optional>

namespace horn {

/// Positional and named arguments. Where a tensor stands in them, they hold a TensorRef to
/// `tensors`.
struct Arguments {
  std::vector<Tensor> tensors;                  ///< all tensors among the arguments, in order
  ConfigValue positional = ConfigValue::list(); ///< a list of the positional arguments
  ConfigValue named = ConfigValue::dict();      ///< a dictionary of the named ones

  Arguments() = default;
  Arguments(const Tensor &tensor);                  ///< layer(tensor)
  Arguments(const std::vector<Tensor> &tensors);    ///< layer([tensors])
  Arguments(std::initializer_list<Tensor> tensors); ///< layer([tensors])
  /// layer(a, b, ...): several positional arguments.
  static Arguments positionals(const std::vector<Operand> &operands);

  /// Adds a positional argument.
  Arguments &add(const Operand &operand);
  /// Adds a named tensor argument, if it is defined.
  Arguments &with(std::string_view name, const Tensor &tensor);
  /// Adds a named argument that is no tensor.
  Arguments &with(std::string_view name, ConfigValue value);

  /// The argument called `name`, or the one at `position`; nothing when neither is there or null.
  const ConfigValue *find(std::string_view name, size_t position = SIZE_MAX) const;
  /// The tensor at that place, undefined when there is none. Throws Error when it is no tensor.
  Tensor tensor(std::string_view name, size_t position = SIZE_MAX) const;
  /// All tensors below a value, in order.
  std::vector<Tensor> tensors_of(const ConfigValue &value) const;
  /// The tensors of the first positional argument: one, or those of a list.
  std::vector<Tensor> inputs() const;
  /// A named bool, or `otherwise` when it is absent or null. Throws Error for other kinds.
  bool flag(std::string_view name, bool otherwise) const;

  /// The same arguments on other tensors, one for each.
  Arguments on(std::vector<Tensor> tensors) const;

private:
  ConfigValue reference(const Tensor &tensor);
};

} // namespace horn
