// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Shape.h"

#include "frontend/core/Error.h"

namespace horn {

size_t Shape::axis(int64_t index) const {
  int64_t rank = static_cast<int64_t>(dims_.size());
  if (index < -rank || index >= rank)
    throw Error({.what = "axis out of range",
                 .expected = std::to_string(-rank) + " to " + std::to_string(rank - 1) +
                             " for a shape " + str(),
                 .found = std::to_string(index)});
  return static_cast<size_t>(index < 0 ? index + rank : index);
}

bool Shape::is_static() const {
  for (int64_t dim : dims_)
    if (dim < 0)
      return false;
  return true;
}

std::optional<int64_t> Shape::num_elements() const {
  constexpr int64_t kLimit = int64_t(1) << 62;
  int64_t product = 1;
  bool has_zero = false;
  for (int64_t dim : dims_) {
    if (dim < 0)
      return std::nullopt;
    has_zero |= dim == 0;
  }
  if (has_zero)
    return 0;
  for (int64_t dim : dims_) {
    if (dim > kLimit / product)
      return std::nullopt;
    product *= dim;
  }
  return product;
}

Shape Shape::slice(size_t first, size_t last) const {
  return Shape(std::vector<int64_t>(dims_.begin() + first, dims_.begin() + last));
}

Shape Shape::concat(const Shape &other) const {
  std::vector<int64_t> dims = dims_;
  dims.insert(dims.end(), other.begin(), other.end());
  return Shape(std::move(dims));
}

std::string Shape::str() const {
  std::string text = "(";
  for (size_t i = 0; i < dims_.size(); ++i)
    text += (i ? ", " : "") + (dims_[i] < 0 ? "None" : std::to_string(dims_[i]));
  return text + (dims_.size() == 1 ? ",)" : ")");
}

} // namespace horn
