// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialects/horn/Horn.h"

namespace horn::ir {

/// Codes in the `shape` attributes, see horn.reshape: what is left of the elements, the size of the
/// same axis of x, and that of axis 0 of `like`, whose next axes have the next lower codes.
inline constexpr int64_t kInferred = -1, kSameAxis = -2, kLikeAxis = -3;

} // namespace horn::ir

#define GET_OP_CLASSES
#include "dialects/horn/HornShapeOps.h.inc"
