// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Weights and states of layers: named arrays that a model reads, and some of which it writes.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/Initializer.h"
#include "frontend/core/Regularizer.h"

#include <functional>
#include <optional>

namespace horn {

/// What a variable is to a model.
enum class VariableKind {
  weight,               ///< trained
  non_trainable_weight, ///< saved, set by the layer: moving statistics
  state                 ///< not saved: what a stateful layer remembers between calls
};

/// Arguments of Layer::add_weight; see there.
struct WeightOptions {
  Initializer initializer = "glorot_uniform"; ///< of the first values
  Regularizer regularizer = {};               ///< penalty on the values
  Constraint constraint = {};                 ///< on the values, after each step of training
  bool trainable = true;
  std::optional<DType> dtype = {};          ///< the layer's variable type unless given
  VariableKind kind = VariableKind::weight; ///< what it is to the model
  bool autocast = true;                     ///< cast to the layer's compute type when read
};

/// A named array of a layer. Its memory is asked for when the value is first needed, so that
/// building a model that is about to be loaded costs nothing.
class Variable {
public:
  /// A variable without values yet.
  Variable(std::string name, Shape shape, DType dtype, WeightOptions options);

  /// "kernel": its name in the layer.
  const std::string &name() const { return name_; }
  /// Sizes of its axes, all known.
  const Shape &shape() const { return shape_; }
  /// Type of its elements.
  DType dtype() const { return dtype_; }
  /// What it is to the model.
  VariableKind kind() const { return options_.kind; }
  /// Whether training changes it.
  bool trainable() const { return trainable_; }
  /// Freezes or thaws it.
  void set_trainable(bool trainable) { trainable_ = trainable; }
  /// Whether it is cast to the compute type when read.
  bool autocast() const { return options_.autocast; }
  /// Of the first values.
  const Initializer &initializer() const { return options_.initializer; }
  /// The penalty on its values.
  const Regularizer &regularizer() const { return options_.regularizer; }
  /// What holds after each step of training.
  const Constraint &constraint() const { return options_.constraint; }

  /// "block/dense/kernel": unique among the variables of the model that named it last
  /// (Network::variables). Before that, "layer/name".
  const std::string &path() const { return path_; }
  /// "block.dense.kernel": the path as a symbol of the compiled module.
  std::string symbol() const;
  /// Names it; see path().
  void set_path(std::string path) { path_ = std::move(path); }

  /// The numbers. Runs the initializer when nothing was set or loaded yet. Throws Error when the
  /// shape is too large for memory.
  const Array &value() const;
  /// The numbers, to be looked at: those that wait in a file are read for the caller alone.
  Array peek() const;
  /// Whether numbers are there already, or a loader is waiting to give them.
  bool has_value() const { return value_.defined() || load_ != nullptr; }
  /// Takes new numbers; the array is shared, not copied. Throws Error when shape or type differ.
  void assign(Array value);
  /// Numbers that `load` gives when first needed; shape and type were checked by the caller.
  void assign_later(std::function<Array()> load);
  /// Counts assignments; whoever prepared something from the value looks whether it changed.
  uint64_t version() const { return version_; }

private:
  std::string name_, path_;
  Shape shape_;
  DType dtype_;
  WeightOptions options_;
  bool trainable_;
  uint64_t version_ = 0;
  mutable Array value_;
  mutable std::function<Array()> load_;
};

/// A layer's handle to one of its variables. Used as a tensor, it is read: `x * gamma`.
class Weight {
public:
  Weight() = default;
  /// A handle to a variable.
  explicit Weight(std::shared_ptr<Variable> variable) : variable_(std::move(variable)) {}

  /// Whether it was added to a layer.
  bool defined() const { return variable_ != nullptr; }
  /// The variable.
  Variable *operator->() const { return variable_.get(); }
  /// The variable.
  Variable &operator*() const { return *variable_; }
  /// The variable, shared.
  const std::shared_ptr<Variable> &variable() const { return variable_; }

  /// The value as a tensor of the tracer in use, cast to the compute type of the layer that is
  /// being called. Throws Error when the weight was not added.
  operator Tensor() const { return read(); }
  /// The same, by name.
  Tensor read() const;
  /// Sets the variable at the end of the run.
  void assign(const Tensor &value) const;

  /// Whether both are the same variable.
  friend bool operator==(const Weight &a, const Weight &b) { return a.variable_ == b.variable_; }

private:
  std::shared_ptr<Variable> variable_;
};

} // namespace horn
