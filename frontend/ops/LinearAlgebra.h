// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Factorisations and linear equations on stacks of matrices [count, rows, columns], as loops over
// columns. float32 or float64. Source: keras.ops.linalg.
#pragma once

#include "frontend/core/Tensor.h"

namespace horn::ops {

/// The lower triangle L with L L^T = (x + x^T) / 2; NaN where x is not positive definite.
Tensor cholesky(const Tensor &x);

/// Elimination with row pivoting of the first `columns` columns.
struct Elimination {
  Tensor matrix; ///< U, below its diagonal the factors of L
  Tensor pivots; ///< row that each row was exchanged with, int32 [count, columns]
};
Elimination eliminate(const Tensor &x, int64_t columns);

/// x with a x = b, where only one triangle of `a` counts. **Shapes** a [count, n, n], b [count, n,
/// m].
Tensor solve_triangle(const Tensor &a, const Tensor &b, bool lower);
/// x with a x = b.
Tensor solve_equations(const Tensor &a, const Tensor &b);

/// x = q r by Householder's reflections; `complete` gives all columns of q and rows of r.
struct Factors {
  Tensor q; ///< [..., rows, k]
  Tensor r; ///< [..., k, columns]
};
Factors qr(const Tensor &x, bool complete);

/// Eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns, by Jacobi's
/// rotations.
struct Eigen {
  Tensor values;  ///< [..., n]
  Tensor vectors; ///< [..., n, n]
};
Eigen eigen_symmetric(const Tensor &x);

/// x = u diag(values) v^T, values descending, by one-sided Jacobi rotations. u and v have `smaller`
/// columns, or all with `full`.
struct SingularValues {
  Tensor u;      ///< [..., rows, k]
  Tensor values; ///< [..., smaller]
  Tensor v;      ///< [..., columns, k], not transposed
};
SingularValues singular_values(const Tensor &x, bool full);

} // namespace horn::ops
