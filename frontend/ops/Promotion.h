// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which element type results from operands of different types, by Keras's rules.
#pragma once

#include "frontend/core/Tensor.h"

namespace horn::ops {

/// The type two tensors are computed in: int32 and float16 give float16, float16 and bfloat16 give
/// float32, int8 and uint8 give int16. Source: keras.backend.result_type.
DType promote(DType a, DType b);
/// The same for operands, where numbers have weak types.
DType promote(const Operand &a, const Operand &b);
/// The type itself if floating, otherwise float32.
DType to_floating(DType dtype);
/// The operand as a tensor of an element type: a number becomes a constant, a tensor is cast.
Tensor as_tensor(const Operand &operand, DType dtype);
/// A constant of rank 0.
Tensor scalar(double value, DType dtype);

} // namespace horn::ops
