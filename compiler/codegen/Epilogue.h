// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What kernels compute from a result before they store it, and from operands before they use them.
#pragma once

#include "compiler/codegen/RowKernel.h"

namespace horn::codegen {

/// Whether an epilogue has too many instructions to be unrolled over all results of a tile; null is
/// none.
bool isHeavyEpilogue(mlir::Block *epilogue);

/// The value that a body yields for its operands: `rows` point at their rows, in which they are
/// read at `column` (or at 0, where they are Broadcast).
mlir::Value emitBody(const Lanes &lanes, mlir::Block *body, llvm::ArrayRef<Access> operands,
                     llvm::ArrayRef<mlir::Value> rows, mlir::Value column, mlir::Value mask);

/// The value of an epilogue, whose argument 0 is the result and the others its operands, as above.
/// Without an epilogue the result itself.
mlir::Value emitEpilogue(const Lanes &lanes, mlir::Block *epilogue, mlir::Value result,
                         llvm::ArrayRef<Access> operands, llvm::ArrayRef<mlir::Value> rows,
                         mlir::Value column, mlir::Value mask);

/// The values of an epilogue with several results, whose first arguments are `sums`.
llvm::SmallVector<mlir::Value> emitEpilogues(const Lanes &lanes, mlir::Block *epilogue,
                                             llvm::ArrayRef<mlir::Value> sums,
                                             llvm::ArrayRef<Access> operands,
                                             llvm::ArrayRef<mlir::Value> rows, mlir::Value column,
                                             mlir::Value mask);

} // namespace horn::codegen
