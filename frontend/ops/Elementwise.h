// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element-wise functions, with NumPy's broadcasting and Keras's type promotion. Shapes: the result
// has the broadcast shape of the operands. Source: keras.ops.numpy, keras.ops.math.
#pragma once

#include "frontend/core/Tensor.h"

namespace horn::ops {

#define HORN_UNARY(function, Class, module, kind) Tensor function(const Tensor &x);
#include "frontend/ops/Unary.def"
#define HORN_BINARY(function, Class, op, kind) Tensor function(const Operand &a, const Operand &b);
#include "frontend/ops/Binary.def"

/// The tensor converted to another element type. Source: keras.ops.cast.
Tensor cast(const Tensor &x, DType dtype);
Tensor logical_not(const Tensor &x);
Tensor bitwise_not(const Tensor &x);
/// `a` where the condition holds, `b` elsewhere. Source: keras.ops.where.
Tensor where(const Tensor &condition, const Operand &a, const Operand &b);
/// Values brought into [low, high]. Source: keras.ops.clip.
Tensor clip(const Tensor &x, const Operand &low, const Operand &high);
/// Rounds to a number of decimals, halves to even. Source: keras.ops.round.
Tensor round(const Tensor &x, int64_t decimals = 0);
Tensor log2(const Tensor &x);
Tensor log10(const Tensor &x);
/// log(exp(a) + exp(b)) without overflow. Source: keras.ops.logaddexp.
Tensor logaddexp(const Operand &a, const Operand &b);

} // namespace horn::ops
