// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elements of memory by their place on each axis. The standard library's mdspan is C++23; this is
// the part of it that arrays need, and it converts from and to every mdspan there is.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace horn {

/// What std::mdspan, Kokkos::mdspan and the like have in common.
template <typename M>
concept MdspanLike = requires(const M &m, size_t axis) {
  typename M::element_type;
  { M::rank() } -> std::convertible_to<size_t>;
  { m.data_handle() } -> std::convertible_to<typename M::element_type *>;
  { m.extent(axis) } -> std::convertible_to<int64_t>;
  { m.stride(axis) } -> std::convertible_to<int64_t>;
};

/// A view of `Rank` axes on elements that somebody else owns; a copy looks at the same elements.
///
/// **Units** extents and strides count elements, not bytes; strides may be zero or negative.
/// **Errors** none: indices are not checked. **Source** std::mdspan with layout_stride.
/// ```cpp
/// StridedView<float, 2> pixels = image.view<float, 2>();
/// pixels(3, 4) = 1;
/// std::mdspan<float, std::dextents<int64_t, 2>> other(pixels.data_handle(), 8, 8);
/// StridedView<float, 2> again(other);
/// ```
template <typename T, size_t Rank> class StridedView {
public:
  using element_type = T;                    ///< may be const
  using value_type = std::remove_const_t<T>; ///< never const
  using Index = std::array<int64_t, Rank>;   ///< one number an axis

  /// Nothing: all extents are 0.
  StridedView() = default;
  /// Row-major elements from `data` on: the last axis is dense.
  StridedView(T *data, const Index &extents) : data_(data), extents_(extents) {
    int64_t stride = 1;
    for (size_t axis = Rank; axis-- > 0; stride *= extents_[axis])
      strides_[axis] = stride;
  }
  /// Elements from `data` on, `strides` apart.
  StridedView(T *data, const Index &extents, const Index &strides)
      : data_(data), extents_(extents), strides_(strides) {}
  /// What another view, or an mdspan of this rank, looks at.
  template <MdspanLike M>
    requires(M::rank() == Rank && std::convertible_to<typename M::element_type (*)[], T (*)[]> &&
             !std::same_as<M, StridedView>)
  StridedView(const M &other) : data_(other.data_handle()) {
    for (size_t axis = 0; axis < Rank; ++axis) {
      extents_[axis] = static_cast<int64_t>(other.extent(axis));
      strides_[axis] = static_cast<int64_t>(other.stride(axis));
    }
  }

  static constexpr size_t rank() { return Rank; }              ///< number of axes
  T *data_handle() const { return data_; }                     ///< the element at (0, 0, ...)
  int64_t extent(size_t axis) const { return extents_[axis]; } ///< elements along an axis
  int64_t stride(size_t axis) const { return strides_[axis]; } ///< elements between neighbours
  const Index &extents() const { return extents_; }            ///< of all axes
  const Index &strides() const { return strides_; }            ///< of all axes
  /// Number of elements.
  int64_t size() const {
    int64_t product = 1;
    for (int64_t extent : extents_)
      product *= extent;
    return product;
  }

  /// The element at an index of each axis, from 0.
  T &operator[](const Index &index) const {
    int64_t offset = 0;
    for (size_t axis = 0; axis < Rank; ++axis)
      offset += index[axis] * strides_[axis];
    return data_[offset];
  }
  /// The same: `view(row, column)`.
  template <std::integral... Indices>
    requires(sizeof...(Indices) == Rank)
  T &operator()(Indices... indices) const {
    return (*this)[Index{static_cast<int64_t>(indices)...}];
  }
  /// The view one axis lower at `index` of the first axis: a row of a matrix.
  StridedView<T, Rank - 1> at(int64_t index) const
    requires(Rank > 1)
  {
    std::array<int64_t, Rank - 1> extents, strides;
    for (size_t axis = 1; axis < Rank; ++axis) {
      extents[axis - 1] = extents_[axis];
      strides[axis - 1] = strides_[axis];
    }
    return {data_ + index * strides_[0], extents, strides};
  }

  /// Whether the elements lie one after the other, the last axis running fastest. Strides of axes
  /// with one element, and of views without elements, do not count.
  bool is_row_major() const {
    if (size() == 0)
      return true;
    int64_t stride = 1;
    for (size_t axis = Rank; axis-- > 0; stride *= extents_[axis])
      if (extents_[axis] != 1 && strides_[axis] != stride)
        return false;
    return true;
  }

private:
  T *data_ = nullptr;
  Index extents_ = {}, strides_ = {};
};

} // namespace horn
