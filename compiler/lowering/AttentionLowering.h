// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attention, as launches of its kernel.
#pragma once

#include "compiler/lowering/FunctionLowering.h"
#include "dialects/horn/HornContractionOps.h"

namespace horn::lowering {

/// A group that ends in attention.
llvm::LogicalResult lowerAttention(FunctionLowering &lowering, mlir::Operation *fused,
                                   ir::AttendOp attend);

} // namespace horn::lowering
