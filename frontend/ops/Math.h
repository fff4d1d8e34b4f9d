// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices. Source: keras.ops.numpy.
#pragma once

#include "frontend/core/Tensor.h"

#include <string>

namespace horn::ops {

/// a @ b as in NumPy: over the last axis of a and the last but one of b; vectors are accepted;
/// leading axes are broadcast.
Tensor matmul(const Tensor &a, const Tensor &b);
/// matmul(a, b transposed in its last two axes).
Tensor matmul_transposed(const Tensor &a, const Tensor &b);
/// Einstein summation of one or two tensors: "bij,bjk->bik", with "..." for leading axes.
/// **Errors** a letter twice in one operand, and forms that the shapes' unknown sizes do not allow.
Tensor einsum(const std::string &subscripts, const std::vector<Tensor> &operands);

} // namespace horn::ops
