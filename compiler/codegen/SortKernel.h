// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels that sort lines of dense tensors.
#pragma once

#include "compiler/codegen/Target.h"

#include "mlir/IR/BuiltinOps.h"

namespace horn::codegen {

/// Sorts each line, equal elements in their order; NaN counts as the largest. The result holds the
/// elements, or with `indices` their places in x (i32).
/// A launch passes: pointers (result, x, scratch of 2 * i32 for each element of x); the line's
/// length; the size of the inner axis. Dense; there is one task for each (outer, inner).
void emitSortKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                    mlir::Type element, bool descending, bool indices);

/// result[o, i, j] = x[o, indices[o, i, j], j]; an index outside gives NaN or the smallest integer.
/// A launch passes: pointers (result, x, indices); the lengths of lines of the indices and of x;
/// the size of the inner axis. Dense; there is one task for each (outer, inner).
void emitTakeAlongKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                         mlir::Type element, mlir::Type indexElement);

} // namespace horn::codegen
