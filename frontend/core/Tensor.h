// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Symbolic tensors: what layers are called on and what ops:: functions take and give.
#pragma once

#include "frontend/core/DType.h"
#include "frontend/core/Shape.h"

#include <concepts>
#include <memory>
#include <string>
#include <vector>

namespace horn {

class Layer;
class Node;
class Weight;

/// A handle to a tensor that will exist when the model runs: its shape, element type, mask and
/// where it comes from. Copies refer to the same tensor.
class Tensor {
public:
  Tensor() = default;
  /// A tensor of a tracer; `value` is the tracer's own (an SSA value, or nothing).
  Tensor(Shape shape, DType dtype, void *value = nullptr);

  /// Whether it was ever set.
  bool defined() const { return data_ != nullptr; }
  /// Sizes of its axes; None where a run decides.
  const Shape &shape() const;
  /// Type of its elements.
  DType dtype() const;
  /// Number of axes.
  size_t rank() const { return shape().rank(); }
  /// Size of an axis; negative axes count from the end. Throws Error when there is no such axis.
  int64_t dim(int64_t axis) const { return shape()[shape().axis(axis)]; }
  /// "layer" or "layer:index", for messages; empty for tensors inside a layer's call.
  std::string name() const;
  /// What the tracer that made it keeps here.
  void *value() const;

  /// The mask that travels with this tensor: booleans, true where the tensor counts. Undefined if
  /// none.
  Tensor mask() const;
  /// The same tensor with another mask; an undefined mask removes it.
  Tensor with_mask(Tensor mask) const;

  /// The call that gave this tensor, or nothing for tensors inside a layer's call.
  const std::shared_ptr<Node> &node() const;
  /// Its place among the outputs of that call.
  size_t tensor_index() const;
  /// The same tensor as output number `tensor_index` of a call.
  Tensor with_history(std::shared_ptr<Node> node, size_t tensor_index) const;

  /// Whether both are the same tensor: the same output of the same call, or the same value.
  bool same_as(const Tensor &other) const;

private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

/// An argument of an element-wise function: a tensor, or a C++ number, which takes the tensor's
/// element type as Python numbers do in Keras (an integer tensor times 0.5 is float32).
class Operand {
public:
  /// A tensor.
  Operand(Tensor tensor) : tensor_(std::move(tensor)) {}
  /// A weight, read.
  Operand(const Weight &weight);
  /// A number.
  template <typename T>
    requires std::integral<T> || std::floating_point<T>
  Operand(T number)
      : number_(static_cast<double>(number)), kind_(std::same_as<T, bool>    ? Kind::boolean
                                                    : std::floating_point<T> ? Kind::floating
                                                                             : Kind::integer) {}
  /// Whether it is a tensor.
  bool is_tensor() const { return kind_ == Kind::tensor; }
  /// Whether it is a number with a point.
  bool is_floating_number() const { return kind_ == Kind::floating; }
  /// Whether it is true or false.
  bool is_boolean_number() const { return kind_ == Kind::boolean; }
  /// The tensor; undefined for numbers.
  const Tensor &tensor() const { return tensor_; }
  /// The number; 0 for tensors.
  double number() const { return number_; }

private:
  enum class Kind { tensor, boolean, integer, floating };
  Tensor tensor_;
  double number_ = 0;
  Kind kind_ = Kind::tensor;
};

/// Element-wise with NumPy's broadcasting and Keras's type promotion; see
/// frontend/ops/Elementwise.h.
Tensor operator+(const Operand &a, const Operand &b);
Tensor operator-(const Operand &a, const Operand &b);
Tensor operator*(const Operand &a, const Operand &b);
Tensor operator/(const Operand &a, const Operand &b);
Tensor operator%(const Operand &a, const Operand &b);
Tensor operator-(const Tensor &x);
Tensor operator<(const Operand &a, const Operand &b);
Tensor operator<=(const Operand &a, const Operand &b);
Tensor operator>(const Operand &a, const Operand &b);
Tensor operator>=(const Operand &a, const Operand &b);

/// The shapes of tensors, in order.
std::vector<Shape> shapes_of(const std::vector<Tensor> &tensors);

} // namespace horn
