// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbered files with the IR after each phase.
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace horn::support {

/// Writes `<directory>/<number>-<name>.mlir`, with layer paths as names of values and as locations,
/// so that the file can be parsed and compiled further. Large constants are no part of the IR.
llvm::LogicalResult dumpModule(mlir::ModuleOp module, llvm::StringRef directory, unsigned number,
                               llvm::StringRef name);
/// The same text in memory.
std::string moduleText(mlir::ModuleOp module);

} // namespace horn::support
