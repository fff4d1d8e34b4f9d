// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of ops:: on a model's tensors, outside any layer: each is recorded as a call of an
// Operation, so that models made with plain functions can be traced again and saved.
#pragma once

#include "frontend/core/Layer.h"

#include <functional>

namespace horn {

/// What an entry of the table of operations gets: arguments of the call and of the configuration.
class OperationCall {
public:
  /// The arguments of a call; both must outlive it.
  OperationCall(const Arguments &arguments, const ConfigValue &config)
      : arguments_(arguments), config_(config) {}

  /// An argument by name, from the configuration, the named or the positional arguments; nothing
  /// when it is absent or null.
  const ConfigValue *find(std::string_view name, size_t position = SIZE_MAX) const;
  /// Whether an argument is there, be it null.
  bool has(std::string_view name) const {
    return config_.find(name) || arguments_.named.find(name);
  }
  /// A tensor argument. Throws Error when it is missing; nested numbers become a constant.
  Tensor tensor(std::string_view name, size_t position) const;
  /// A tensor or a number.
  Operand operand(std::string_view name, size_t position) const;
  /// A list of tensors.
  std::vector<Tensor> tensors(std::string_view name, size_t position) const;
  /// An integer, or `otherwise` when it is absent. Throws Error for other kinds.
  int64_t integer(std::string_view name, int64_t otherwise) const;
  /// The same for a number.
  double number(std::string_view name, double otherwise) const;
  /// The same for a bool.
  bool flag(std::string_view name, bool otherwise) const;
  /// The same for a string.
  std::string text(std::string_view name, std::string_view otherwise) const;
  /// Axes: one, a list, or all when it is absent.
  class Axes axes(std::string_view name) const;
  /// A list of integers. Throws Error when it is missing.
  std::vector<int64_t> integers(std::string_view name) const;
  /// An element type, if there is one.
  std::optional<DType> dtype(std::string_view name) const;

private:
  Operand to_operand(std::string_view name, const ConfigValue &value) const;
  const Arguments &arguments_;
  const ConfigValue &config_;
};

/// One function that files may name.
struct OperationEntry {
  std::string_view class_name;                                   ///< "TrueDivide"
  std::string_view module;                                       ///< "numpy", of keras.src.ops
  std::function<std::vector<Tensor>(const OperationCall &)> run; ///< states the computation
};

/// The entry of a class, or nullptr. The module decides nothing: class names are unique.
const OperationEntry *find_operation(std::string_view class_name);
/// All entries, in no order.
std::vector<const OperationEntry *> all_operations();

/// A layer without weights that runs one function. Source: keras.src.ops.operation.Operation.
class Operation : public Layer {
public:
  /// Throws UnsupportedError for a class that is not in the table.
  Operation(std::string_view class_name, ConfigValue config);

  std::string class_name() const override { return std::string(entry_->class_name); }
  std::string module() const override { return "keras.src.ops." + std::string(entry_->module); }
  ConfigValue get_config() const override;
  bool is_operation() const override { return true; }
  std::vector<Tensor> call_with(const Arguments &arguments) override;

private:
  const OperationEntry *entry_;
  ConfigValue config_;
};

namespace detail {
/// Whether calls of ops:: on these tensors are to be recorded: at top level, on tensors of layers.
bool recording(std::initializer_list<Tensor> tensors);
bool recording(const std::vector<Tensor> &tensors);
bool recording(const Operand &a, const Operand &b);
/// Calls a new Operation, which records it. Null entries of the configuration are kept.
std::vector<Tensor> record_all(std::string_view class_name, Arguments arguments,
                               ConfigValue::Dict config = {});
Tensor record(std::string_view class_name, Arguments arguments, ConfigValue::Dict config = {});
} // namespace detail

} // namespace horn
