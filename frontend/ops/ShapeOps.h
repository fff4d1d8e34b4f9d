// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that move elements: views, joins, slices, look-ups. Source: keras.ops.
#pragma once

#include "frontend/core/Tensor.h"
#include "frontend/ops/Axes.h"

#include <limits>

namespace horn::ops {

/// An axis of a slice: start:stop:step as in Python, one index (drops the axis), a new axis, or all
/// the axes that the other entries leave.
struct SliceAxis {
  static constexpr int64_t open = std::numeric_limits<int64_t>::max(); ///< no start or stop given
  /// What stands in the brackets.
  enum class Kind { range, index, new_axis, ellipsis };
  Kind kind = Kind::range; ///< which of them
  int64_t start = open;    ///< the first element; of an index, which one
  int64_t stop = open;     ///< behind the last element
  int64_t step = 1;        ///< from one element to the next; may be negative

  /// `:`
  static SliceAxis all() { return {}; }
  /// `start:stop:step`; open ends are SliceAxis::open.
  static SliceAxis range(int64_t start, int64_t stop = open, int64_t step = 1) {
    return {Kind::range, start, stop, step};
  }
  /// A number: the axis is gone.
  static SliceAxis index(int64_t index) { return {Kind::index, index, open, 1}; }
  /// `None`: an axis of size 1.
  static SliceAxis new_axis() { return {Kind::new_axis, open, open, 1}; }
  /// `...`: all axes that are not named.
  static SliceAxis ellipsis() { return {Kind::ellipsis, open, open, 1}; }
};

/// x[axes...] as in Python. Throws Error for an index outside a known axis or too many axes.
Tensor get_item(const Tensor &x, const std::vector<SliceAxis> &axes);
/// The same elements under another shape; one entry may be -1 (or None): the size that follows.
Tensor reshape(const Tensor &x, const Shape &shape);
/// Axis `i` of the result is axis `permutation[i]`; all axes reversed when empty.
Tensor transpose(const Tensor &x, const std::vector<int64_t> &permutation = {});
Tensor swapaxes(const Tensor &x, int64_t axis1, int64_t axis2);
Tensor moveaxis(const Tensor &x, int64_t source, int64_t destination);
Tensor expand_dims(const Tensor &x, const Axes &axis);
/// Removes axes of size 1; all of them by default.
Tensor squeeze(const Tensor &x, const Axes &axis = {});
/// `like` gives the sizes that are None in `shape`, at the same axes.
Tensor broadcast_to(const Tensor &x, const Shape &shape, const Tensor &like = {});
Tensor concatenate(const std::vector<Tensor> &tensors, int64_t axis = -1);
Tensor stack(const std::vector<Tensor> &tensors, int64_t axis = 0);
std::vector<Tensor> unstack(const Tensor &x, int64_t axis = 0);
/// Equal parts along an axis.
std::vector<Tensor> split(const Tensor &x, int64_t sections, int64_t axis = 0);
/// Parts that end before each of the indices.
std::vector<Tensor> split(const Tensor &x, const std::vector<int64_t> &indices, int64_t axis = 0);
Tensor flip(const Tensor &x, const Axes &axis = {});
Tensor roll(const Tensor &x, int64_t shift, int64_t axis);
Tensor repeat(const Tensor &x, int64_t repeats, int64_t axis);
Tensor tile(const Tensor &x, std::vector<int64_t> repeats);
/// `value` around the elements: `before` and `after`, one entry an axis.
Tensor pad(const Tensor &x, const std::vector<int64_t> &before, const std::vector<int64_t> &after,
           double value = 0);
/// Slices of `x` along `axis` at `indices`, of any shape. `mode`: what an index outside gives, the
/// nearest row ("clip") or NaN ("fill").
Tensor take(const Tensor &x, const Tensor &indices, int64_t axis = 0, const char *mode = "fill");
Tensor take_along_axis(const Tensor &x, const Tensor &indices, int64_t axis);
Tensor zeros_like(const Tensor &x);
Tensor ones_like(const Tensor &x);
/// The shape of `like` filled with a number.
Tensor full_like(const Tensor &like, double value, DType dtype);
/// The index of each element along an axis, in the shape of `like`.
Tensor index_like(const Tensor &like, int64_t axis, DType dtype = DType::int32);
/// The upper or lower triangle; the rest is 0.
Tensor triu(const Tensor &x, int64_t k = 0);
Tensor tril(const Tensor &x, int64_t k = 0);
Tensor one_hot(const Tensor &x, int64_t num_classes, int64_t axis = -1,
               DType dtype = DType::float32);
/// 0, 1, ... `count` - 1.
Tensor arange(int64_t count, DType dtype = DType::int32);

/// Codes for sizes in `horn.reshape`: see dialects/horn.
inline constexpr int64_t inferred = -1;
inline constexpr int64_t same = -2;
inline constexpr int64_t from_like(size_t axis) { return -3 - static_cast<int64_t>(axis); }
/// `horn.reshape` as it is.
Tensor reshape_codes(const Tensor &x, const std::vector<int64_t> &codes, const Tensor &like = {});
/// The size of an axis if known, else the code that takes it from `like`.
int64_t size_or_like(const Tensor &like, size_t axis);

} // namespace horn::ops
