// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Replacing composite ops by what they stand for.
#pragma once

#include "mlir/IR/Operation.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace horn::ir {

/// Replaces each composite op inside `root` by its decomposition, until none is left but those that
/// `keep` names. Returns how many were replaced.
int64_t decomposeAll(
    mlir::Operation *root,
    llvm::function_ref<bool(mlir::Operation *)> keep = [](mlir::Operation *) { return false; });

} // namespace horn::ir
