// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Matrices.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/Tracer.h"

namespace horn::ops {

/// Loops over the rows of matrices stay short enough to finish.
static constexpr int64_t max_rows = 4096;

MatrixStack::MatrixStack(const Tensor &x) : original_(x), dtype_(to_floating(x.dtype())) {
  require(x.rank() >= 2 && x.dim(-1) != None && x.dim(-2) != None,
          {.what = "linear algebra needs matrices of known size", .found = x.shape().str()});
  rows_ = x.dim(-2);
  columns_ = x.dim(-1);
  require(rows_ > 0 && columns_ > 0 && rows_ <= max_rows && columns_ <= max_rows,
          {.what = "wrong size of matrices",
           .expected = "from 1 to " + std::to_string(max_rows) + " rows and columns",
           .found = x.shape().str()});
  DType wide = dtype_ == DType::float64 ? dtype_ : DType::float32;
  flat_ = cast(reshape_codes(x, {x.rank() == 2 ? 1 : inferred, rows_, columns_}), wide);
}

Tensor MatrixStack::restore(const Tensor &y) const {
  std::vector<int64_t> codes;
  for (size_t i = 0; i + 2 < original_.rank(); ++i)
    codes.push_back(size_or_like(original_, i));
  for (size_t i = 1; i < y.rank(); ++i)
    codes.push_back(y.shape()[i]);
  Tensor restored = reshape_codes(y, codes, original_);
  return is_floating(y.dtype()) ? cast(restored, dtype_) : restored;
}

static Tensor index(int64_t rows, int64_t columns, int64_t axis) {
  return current_tracer()
      .op("iota", {},
          {{"shape", std::vector<int64_t>{1, rows, columns}},
           {"axis", axis},
           {"dtype", DType::int32}})
      .front();
}
Tensor row_index(int64_t rows, int64_t columns) { return index(rows, columns, 1); }
Tensor column_index(int64_t rows, int64_t columns) { return index(rows, columns, 2); }

Tensor identity(int64_t rows, int64_t columns, DType dtype) {
  return cast(equal(row_index(rows, columns), column_index(rows, columns)), dtype);
}

Tensor diagonal_of(const Tensor &x) {
  int64_t size = x.dim(-1);
  return sum(where(equal(row_index(size, size), column_index(size, size)), x, 0), -1);
}

Tensor transposed(const Tensor &x) { return swapaxes(x, 1, 2); }

Tensor rows_of(const Tensor &x, int64_t start, int64_t stop) {
  return get_item(x, {SliceAxis::all(), SliceAxis::range(start, stop), SliceAxis::all()});
}
Tensor columns_of(const Tensor &x, int64_t start, int64_t stop) {
  return get_item(x, {SliceAxis::all(), SliceAxis::all(), SliceAxis::range(start, stop)});
}

} // namespace horn::ops
