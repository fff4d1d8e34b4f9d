// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Tensors as strided views of memory. Ops that only move elements (transpose, slice, reverse,
// broadcast, most reshapes) become views and cost nothing.
#pragma once

#include "dialects/horn/ShapeScope.h"

#include "mlir/IR/Value.h"

namespace horn::lowering {

/// Where the elements of a tensor are: base[offset + sum of index * stride], in elements.
struct View {
  mlir::Value base; ///< pointer
  mlir::AffineExpr offset;
  ir::Dims shape, strides;
  mlir::Type element;

  unsigned rank() const { return shape.size(); }
};

/// Strides of a dense row-major tensor.
ir::Dims rowMajorStrides(ir::ShapeScope &scope, llvm::ArrayRef<mlir::AffineExpr> shape);
bool isContiguous(ir::ShapeScope &scope, const View &view);
/// Whether neighbours on the last axis are neighbours in memory.
bool hasUnitStride(const View &view);

View transposed(const View &view, llvm::ArrayRef<int64_t> permutation);
View reversed(ir::ShapeScope &scope, const View &view, llvm::ArrayRef<int64_t> axes);
View sliced(ir::ShapeScope &scope, const View &view, llvm::ArrayRef<int64_t> starts,
            llvm::ArrayRef<int64_t> limits, llvm::ArrayRef<int64_t> steps);
/// The part of `view` that starts at `start` on one axis and has `count` elements there.
View narrowed(const View &view, unsigned axis, mlir::AffineExpr start, mlir::AffineExpr count);
/// NumPy's broadcasting: repeated axes get stride 0.
View broadcast(ir::ShapeScope &scope, const View &view, llvm::ArrayRef<mlir::AffineExpr> shape);
/// The view under another shape, or nothing if that needs a copy.
std::optional<View> reshaped(ir::ShapeScope &scope, const View &view,
                             llvm::ArrayRef<mlir::AffineExpr> shape);

/// Merges neighbouring axes that all stride lists pass through evenly, and drops axes of size 1, so
/// that loops get few and long. `keepLast` axes at the end are left alone.
void collapseAxes(ir::ShapeScope &scope, ir::Dims &shape, llvm::MutableArrayRef<ir::Dims *> strides,
                  unsigned keepLast);

} // namespace horn::lowering
