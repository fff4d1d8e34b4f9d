// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the compiler says about its optimizations, in the words of the layers (`horn explain`).
#pragma once

#include "mlir/IR/Operation.h"

#include <string>

namespace horn {

/// The layer path of a location: the first name in it; empty if there is none.
llvm::StringRef layerPath(mlir::Location location);
/// The layer path of an op, or what the op is ("conv") where its location has no name.
std::string layerName(mlir::Operation *op);
/// The name of an op without its dialect: "reduce_mean".
llvm::StringRef shortName(mlir::Operation *op);

/// Reports that `pass` did something for the layer of `op`. Costs nothing unless remarks are on.
void remarkApplied(mlir::Operation *op, llvm::StringRef pass, const llvm::Twine &text);
/// Reports that `pass` left out an optimization that a reader may expect, and why.
void remarkMissed(mlir::Operation *op, llvm::StringRef pass, const llvm::Twine &text);

} // namespace horn
