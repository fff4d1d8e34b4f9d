// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels that pick, number and search elements.
#pragma once

#include "compiler/codegen/Target.h"

#include "mlir/IR/BuiltinOps.h"

namespace horn::codegen {

/// What an index outside the table gives.
enum class OutOfRange { Clip, Fill, Wrap };

/// result[o, i, :] = table[o, indices[i], :] on dense tensors.
/// A launch passes: pointers (result, table, indices); the number of indices, the rows of the
/// table, the elements of a row. There is one task for each (o, i).
void emitTakeKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                    mlir::Type element, mlir::Type indexElement, OutOfRange mode,
                    const Target &target);

/// result[indices[i], :] joined with updates[i, :] by `combine` ("set" or an element-wise op), in
/// the order of i; indices outside the rows are left out. Dense. A launch passes: pointers (result,
/// indices, updates); the number of indices, the rows of the result, the elements of a row, the
/// elements of a row that one task does. There is one task for each part of a row.
void emitScatterKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                       mlir::Type element, mlir::Type indexElement, llvm::StringRef combine);

/// result[o, i, j] = i on a dense tensor. A launch passes: the pointer; the sizes of i and j. There
/// is one task for each o.
void emitIotaKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                    mlir::Type element);

/// The first index of the largest or smallest element on a line; NaN counts as beyond both.
/// A launch passes: pointers (result, x); the line's length; the size of the inner axis. Dense;
/// there is one task for each (outer, inner).
void emitArgKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                   mlir::Type element, bool largest);

/// Running sums or products on a line. Arguments and tasks as for emitArgKernel.
struct CumulativeForm {
  llvm::StringRef op; ///< "add" or "multiply"
  bool reverse, exclusive;
};
void emitCumulativeKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                          mlir::Type element, const CumulativeForm &form);

} // namespace horn::codegen
