// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much a graph has to compute, whatever the compiler makes of it.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn {

/// Floating-point operations of the products and convolutions of a function for inputs of these
/// shapes: two for each multiply-add. Loops count each round; element-wise ops do not count.
/// Errors: reported at the op whose shape cannot be inferred.
mlir::FailureOr<int64_t> countFlops(mlir::func::FuncOp function,
                                    llvm::ArrayRef<llvm::SmallVector<int64_t>> inputShapes);

} // namespace horn
