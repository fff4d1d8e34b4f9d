// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers in memory: a dense row-major array with a shape and an element type.
#pragma once

#include "frontend/core/DType.h"
#include "frontend/core/Error.h"
#include "frontend/core/Shape.h"

#include <memory>
#include <span>

namespace horn {

namespace detail {
template <typename T> struct DTypeOf;
template <> struct DTypeOf<float> { static constexpr DType value = DType::float32; };
template <> struct DTypeOf<double> { static constexpr DType value = DType::float64; };
template <> struct DTypeOf<int8_t> { static constexpr DType value = DType::int8; };
template <> struct DTypeOf<int16_t> { static constexpr DType value = DType::int16; };
template <> struct DTypeOf<int32_t> { static constexpr DType value = DType::int32; };
template <> struct DTypeOf<int64_t> { static constexpr DType value = DType::int64; };
template <> struct DTypeOf<uint8_t> { static constexpr DType value = DType::uint8; };
template <> struct DTypeOf<uint16_t> { static constexpr DType value = DType::uint16; };
template <> struct DTypeOf<uint32_t> { static constexpr DType value = DType::uint32; };
template <> struct DTypeOf<uint64_t> { static constexpr DType value = DType::uint64; };
template <> struct DTypeOf<bool> { static constexpr DType value = DType::boolean; };
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

  const Shape &shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  size_t size() const { return size_; } ///< number of elements
  size_t num_bytes() const { return size_ * dtype_bytes(dtype_); }
  bool defined() const { return bytes_ != nullptr; }
  std::byte *bytes() const { return bytes_; }

  /// The elements as T. Throws Error when T is not the element type.
  template <typename T> std::span<T> values() const;
  /// Element `index` (row-major) converted to double; float16 and bfloat16 are widened.
  double at(size_t index) const;
  /// Stores `value` at `index`, converted to the element type.
  void set(size_t index, double value) const;
  /// The same bytes under another shape with the same number of elements.
  Array reshape(Shape shape) const;
  /// A copy converted to another element type, as C++ converts; nothing is copied if it has it.
  Array cast(DType dtype) const;
  Array clone() const;

private:
  void check_dtype(DType wanted) const;

  Shape shape_;
  DType dtype_ = DType::float32;
  size_t size_ = 0;
  std::byte *bytes_ = nullptr;
  std::shared_ptr<void> owner_;
};

template <typename T>
Array::Array(Shape shape, std::span<const T> values)
    : Array(std::move(shape), detail::DTypeOf<T>::value) {
  if (values.size() != size_)
    throw Error({.what = "wrong number of values for shape " + shape_.str(),
                 .expected = std::to_string(size_),
                 .found = std::to_string(values.size())});
  std::copy(values.begin(), values.end(), this->values<T>().begin());
}

template <typename T> std::span<T> Array::values() const {
  check_dtype(detail::DTypeOf<std::remove_const_t<T>>::value);
  return {reinterpret_cast<T *>(bytes_), size_};
}

/// Bits of the float16 or bfloat16 nearest to `value` (ties to even), and back.
uint16_t float_to_half(float value);
float half_to_float(uint16_t bits);
uint16_t float_to_bfloat16(float value);
float bfloat16_to_float(uint16_t bits);

} // namespace horn
