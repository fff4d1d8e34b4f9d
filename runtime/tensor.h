// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types and shapes: their sizes, checked against overflow, and how messages write them.
#ifndef HORN_RUNTIME_TENSOR_H
#define HORN_RUNTIME_TENSOR_H

#include "horn/runtime.h"

namespace horn::runtime {

/// The largest dimension that is accepted. Compiled code may add and scale dimensions by small
/// factors without checks; this leaves it room.
inline constexpr int64_t kMaxDim = int64_t{1} << 40;

/// Bytes of an element; 0 if `dtype` is no horn_dtype.
int64_t dtypeBytes(int32_t dtype);

/// Keras's word for the type ("float32"); never null.
const char *dtypeName(int32_t dtype);

/// Bytes of a tensor whose dimensions are all known; -1 if a dimension is negative or beyond
/// kMaxDim, the rank or type is wrong, or the size does not fit.
int64_t tensorBytes(int32_t dtype, int32_t rank, const int64_t *shape);

/// A shape as Python writes it: `(None, 28, 28, 1)`, `(4,)`, `()`.
struct ShapeText {
  ShapeText(int32_t rank, const int64_t *shape);
  /// HORN_MAX_RANK numbers of at most 20 characters, each with a separator.
  char text[HORN_MAX_RANK * 22 + 4];
};

} // namespace horn::runtime

#endif // HORN_RUNTIME_TENSOR_H
