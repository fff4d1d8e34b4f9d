// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers in memory: a dense row-major array with a shape and an element type.
#pragma once

#include "frontend/core/DType.h"
#include "frontend/core/Error.h"
#include "frontend/core/Shape.h"
#include "frontend/core/StridedView.h"

#include <algorithm>
#include <memory>
#include <span>

namespace horn {

namespace detail {
template <typename T> struct DTypeOf;
template <> struct DTypeOf<float> {
  static constexpr DType value = DType::float32;
};
template <> struct DTypeOf<double> {
  static constexpr DType value = DType::float64;
};
template <> struct DTypeOf<int8_t> {
  static constexpr DType value = DType::int8;
};
template <> struct DTypeOf<int16_t> {
  static constexpr DType value = DType::int16;
};
template <> struct DTypeOf<int32_t> {
  static constexpr DType value = DType::int32;
};
template <> struct DTypeOf<int64_t> {
  static constexpr DType value = DType::int64;
};
template <> struct DTypeOf<uint8_t> {
  static constexpr DType value = DType::uint8;
};
template <> struct DTypeOf<uint16_t> {
  static constexpr DType value = DType::uint16;
};
template <> struct DTypeOf<uint32_t> {
  static constexpr DType value = DType::uint32;
};
template <> struct DTypeOf<uint64_t> {
  static constexpr DType value = DType::uint64;
};
template <> struct DTypeOf<bool> {
  static constexpr DType value = DType::boolean;
};
} // namespace detail

/// A dense row-major array. Copies share the bytes, as NumPy's do; `clone` makes new ones.
/// Memory is aligned to 64 bytes.
class Array {
public:
  Array() = default;
  /// Zeros. Throws Error when the shape is not static or its bytes exceed 2^40.
  Array(Shape shape, DType dtype);
  /// Elements of `values`, row-major. Throws Error when their number does not fit the shape.
  template <typename T> Array(Shape shape, std::span<const T> values);
  /// A view of memory that `owner` keeps alive. No copy is made.
  Array(Shape shape, DType dtype, void *bytes, std::shared_ptr<void> owner);
  /// An array over elements that lie elsewhere, without a copy. `owner` is kept until the last
  /// copy of the array is gone; without one the caller keeps the elements. Throws Error when their
  /// number does not fit the shape.
  template <typename T>
    requires(!std::is_const_v<T>)
  static Array over(std::span<T> values, Shape shape, std::shared_ptr<void> owner = nullptr);
  /// The same for a view or an mdspan; its extents are the shape. Throws Error when the elements
  /// are not row-major: arrays are dense.
  template <MdspanLike M>
    requires(!std::is_const_v<typename M::element_type>)
  static Array over(const M &view, std::shared_ptr<void> owner = nullptr);
  /// A new array with the elements of a view or an mdspan, whatever their strides.
  template <MdspanLike M> static Array copy_of(const M &view);

  /// Sizes of its axes.
  const Shape &shape() const { return shape_; }
  /// Type of its elements.
  DType dtype() const { return dtype_; }
  size_t size() const { return size_; } ///< number of elements
  /// Bytes of all elements.
  size_t num_bytes() const { return size_ * dtype_bytes(dtype_); }
  /// Whether it was ever set; an array without elements may be.
  bool defined() const { return bytes_ != nullptr; }
  /// The first element's first byte; elements follow row-major.
  std::byte *bytes() const { return bytes_; }

  /// The elements as T. Throws Error when T is not the element type.
  template <typename T> std::span<T> values() const;
  /// The elements by their index on each axis, without a copy; the array must outlive the view.
  /// Throws Error when T is not the element type or Rank not the number of axes.
  template <typename T, size_t Rank> StridedView<T, Rank> view() const;
  /// Element `index` (row-major) converted to double; float16 and bfloat16 are widened.
  double at(size_t index) const;
  /// Stores `value` at `index`, converted to the element type.
  void set(size_t index, double value) const;
  /// The same bytes under another shape with the same number of elements.
  Array reshape(Shape shape) const;
  /// A copy converted to another element type, as C++ converts; nothing is copied if it has it.
  Array cast(DType dtype) const;
  /// A copy with memory of its own.
  Array clone() const;

private:
  void check_dtype(DType wanted) const;
  void check_rank(size_t wanted) const;
  static void check_count(const Shape &shape, size_t count);
  [[noreturn]] static void throw_strided(const Shape &shape);

  Shape shape_;
  DType dtype_ = DType::float32;
  size_t size_ = 0;
  std::byte *bytes_ = nullptr;
  std::shared_ptr<void> owner_;
};

template <typename T>
Array::Array(Shape shape, std::span<const T> values)
    : Array(std::move(shape), detail::DTypeOf<T>::value) {
  check_count(shape_, values.size());
  std::copy(values.begin(), values.end(), this->values<T>().begin());
}

template <typename T> std::span<T> Array::values() const {
  check_dtype(detail::DTypeOf<std::remove_const_t<T>>::value);
  return {reinterpret_cast<T *>(bytes_), size_};
}

template <typename T>
  requires(!std::is_const_v<T>)
Array Array::over(std::span<T> values, Shape shape, std::shared_ptr<void> owner) {
  check_count(shape, values.size());
  return Array(std::move(shape), detail::DTypeOf<T>::value, values.data(), std::move(owner));
}

template <MdspanLike M>
  requires(!std::is_const_v<typename M::element_type>)
Array Array::over(const M &other, std::shared_ptr<void> owner) {
  StridedView<typename M::element_type, M::rank()> view(other);
  Shape shape(std::vector<int64_t>(view.extents().begin(), view.extents().end()));
  if (!view.is_row_major())
    throw_strided(shape);
  return over(std::span(view.data_handle(), static_cast<size_t>(view.size())), std::move(shape),
              std::move(owner));
}

template <MdspanLike M> Array Array::copy_of(const M &other) {
  StridedView<typename M::element_type, M::rank()> view(other);
  using T = std::remove_const_t<typename M::element_type>;
  Array result(Shape(std::vector<int64_t>(view.extents().begin(), view.extents().end())),
               detail::DTypeOf<T>::value);
  typename decltype(view)::Index index = {};
  for (T &value : result.values<T>()) {
    value = view[index];
    for (size_t axis = M::rank(); axis-- > 0;) {
      if (++index[axis] < view.extent(axis))
        break;
      index[axis] = 0;
    }
  }
  return result;
}

template <typename T, size_t Rank> StridedView<T, Rank> Array::view() const {
  check_rank(Rank);
  std::array<int64_t, Rank> extents;
  std::copy(shape_.begin(), shape_.end(), extents.begin());
  return {values<T>().data(), extents};
}

/// Bits of the float16 or bfloat16 nearest to `value` (ties to even), and back.
uint16_t float_to_half(float value);
float half_to_float(uint16_t bits);
uint16_t float_to_bfloat16(float value);
float bfloat16_to_float(uint16_t bits);

} // namespace horn
