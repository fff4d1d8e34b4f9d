// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The passes of the backend.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace horn::backend {

#define GEN_PASS_DECL
#include "compiler/backend/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/backend/Passes.h.inc"

} // namespace horn::backend
