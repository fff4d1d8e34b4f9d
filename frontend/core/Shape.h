// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A shape as Keras prints it: (None, 28, 28, 1).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace horn {

/// A dimension that is not known yet: Keras's None.
inline constexpr int64_t None = -1;

/// Sizes of a tensor's axes, outermost first; an unknown one is None.
class Shape {
public:
  Shape() = default;
  /// The sizes, None where they are not known.
  Shape(std::initializer_list<int64_t> dims) : dims_(dims) {}
  /// The same.
  explicit Shape(std::vector<int64_t> dims) : dims_(std::move(dims)) {}

  size_t rank() const { return dims_.size(); } ///< number of axes
  bool empty() const { return dims_.empty(); } ///< whether there is no axis: a scalar
  int64_t operator[](size_t axis) const { return dims_[axis]; } ///< size of an axis
  int64_t &operator[](size_t axis) { return dims_[axis]; }      ///< size of an axis
  int64_t front() const { return dims_.front(); }               ///< size of the first axis
  int64_t back() const { return dims_.back(); }                 ///< size of the last axis
  auto begin() const { return dims_.begin(); }                  ///< the sizes in order
  auto end() const { return dims_.end(); }                      ///< behind the last size
  void push_back(int64_t dim) { dims_.push_back(dim); }         ///< appends an axis
  const std::vector<int64_t> &dims() const { return dims_; }    ///< the sizes in order

  /// The axis counted from the front; negative ones count from the end. Throws Error when outside.
  size_t axis(int64_t index) const;
  /// Whether all sizes are known.
  bool is_static() const;
  /// Product of all dimensions; nothing when one is unknown or the product exceeds 2^62.
  std::optional<int64_t> num_elements() const;
  /// The part from axis `first` up to but not including `last`.
  Shape slice(size_t first, size_t last) const;
  /// This shape with `other` appended.
  Shape concat(const Shape &other) const;
  /// Keras's notation; a shape of rank 1 is (3,).
  std::string str() const;

  /// Whether all sizes are the same; None equals None.
  friend bool operator==(const Shape &, const Shape &) = default;

private:
  std::vector<int64_t> dims_;
};

} // namespace horn
