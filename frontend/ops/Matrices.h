// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What functions on stacks of matrices share.
#pragma once

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::ops {

/// A stack of matrices as [count, rows, columns], and the way back.
class MatrixStack {
public:
  /// **Errors** fewer than two axes, or matrices of unknown size.
  explicit MatrixStack(const Tensor &x);

  int64_t rows() const { return rows_; }       ///< of each matrix
  int64_t columns() const { return columns_; } ///< of each matrix
  /// The smaller of rows() and columns().
  int64_t smaller() const { return std::min(rows_, columns_); }
  /// The matrices, in float32 if their type is narrower.
  const Tensor &flat() const { return flat_; }
  /// A tensor [count, ...] under the leading axes of the stack, in its element type if floating.
  Tensor restore(const Tensor &y) const;

private:
  Tensor original_, flat_;
  DType dtype_;
  int64_t rows_ = 0, columns_ = 0;
};

/// Index of the row and of the column of each element, [1, rows, columns].
Tensor row_index(int64_t rows, int64_t columns);
Tensor column_index(int64_t rows, int64_t columns);
/// Ones on the diagonal: [1, rows, columns].
Tensor identity(int64_t rows, int64_t columns, DType dtype);
/// The diagonal of [count, n, n]: [count, n].
Tensor diagonal_of(const Tensor &x);
/// [count, rows, columns] with the last two axes swapped.
Tensor transposed(const Tensor &x);
/// Rows or columns [start, stop) of [count, rows, columns].
Tensor rows_of(const Tensor &x, int64_t start, int64_t stop);
Tensor columns_of(const Tensor &x, int64_t start, int64_t stop);

} // namespace horn::ops
