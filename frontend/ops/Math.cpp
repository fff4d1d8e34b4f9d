// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Math.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::ops {

static Tensor emit_matmul(const Tensor &a, const Tensor &b, bool transpose_b) {
  DType dtype = promote(a.dtype(), b.dtype());
  if (dtype == DType::boolean) // any of (a and b)
    return cast(emit_matmul(cast(a, DType::int32), cast(b, DType::int32), transpose_b), dtype);
  return emit("matmul", {cast(a, dtype), cast(b, dtype)},
              {{"transpose_a", false}, {"transpose_b", transpose_b}});
}

Tensor matmul(const Tensor &a, const Tensor &b) {
  if (detail::recording({a, b}))
    return detail::record("Matmul", Arguments::positionals({a, b}));
  require(a.rank() > 0 && b.rank() > 0, {.what = "matmul needs tensors of rank 1 or more"});
  bool row = a.rank() == 1, column = b.rank() == 1;
  Tensor product = emit_matmul(row ? expand_dims(a, 0) : a, column ? expand_dims(b, -1) : b,
                               /*transpose_b=*/false);
  if (column)
    product = squeeze(product, -1);
  return row ? squeeze(product, column ? -1 : -2) : product;
}

Tensor matmul_transposed(const Tensor &a, const Tensor &b) {
  if (detail::recording({a, b})) // Keras has no such function
    return matmul(a, swapaxes(b, -1, -2));
  return emit_matmul(a, b, /*transpose_b=*/true);
}

} // namespace horn::ops
