// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Indices along an axis of a tensor whose size may be unknown.
#pragma once

#include "frontend/ops/Emit.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::ops {

/// 0, 1, ... for each element of an axis: a vector. (A slice of size 1 of an unknown axis would have
/// an unknown size itself, and could not be broadcast.)
inline Tensor places_on(const Tensor &x, size_t axis, DType dtype = DType::int32) {
  return emit("iota", {x},
              {{"shape", std::vector<int64_t>{size_or_like(x, axis)}},
               {"axis", int64_t{0}},
               {"dtype", dtype}});
}

/// A vector shaped to stand on `axis` of tensors of rank `rank`.
inline Tensor standing_on(const Tensor &vector, size_t axis, size_t rank) {
  std::vector<int64_t> codes(rank, 1);
  codes[axis] = size_or_like(vector, 0);
  return reshape_codes(vector, codes, vector);
}

} // namespace horn::ops
