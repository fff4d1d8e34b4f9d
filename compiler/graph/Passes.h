// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes on the graph; see Passes.td for what each does.
#pragma once

#include "mlir/Pass/Pass.h"

namespace horn::graph {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/graph/Passes.h.inc"

} // namespace horn::graph
