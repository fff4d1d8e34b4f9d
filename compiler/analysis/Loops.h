// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which loops over time may run side by side.
#pragma once

#include "dialects/horn/HornModuleOps.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace horn {

/// Whether an op or one inside it sets a variable. Nothing that does may change places.
bool setsVariables(mlir::Operation *op);

/// Whether an op or one inside it uses a result of one of `producers`.
bool usesResultsOf(mlir::Operation *op, const llvm::SmallPtrSetImpl<mlir::Operation *> &producers);

/// `first` and the loops that stand right behind it, as long as none needs another's results or
/// sets variables.
llvm::SmallVector<ir::ScanOp> loopsSideBySide(ir::ScanOp first);

} // namespace horn
