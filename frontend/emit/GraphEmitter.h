// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Emits a model's graph as a module of the horn dialect.
#pragma once

#include "frontend/core/Network.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace horn::emit {

/// A module with `@forward` and the model's variables. Throws Error.
mlir::OwningOpRef<mlir::ModuleOp> emit_graph(Network &network);

} // namespace horn::emit
