// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Takes a fused group apart into what comes before its anchor and what comes behind.
#pragma once

#include "compiler/support/Blocks.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

namespace horn::lowering {

/// A part of a group as a body of its own.
struct GroupBody {
  support::OwnedBlock block;
  /// The group's operands that the arguments stand for (behind the anchor's result, if it has it).
  llvm::SmallVector<unsigned> operands;
  bool isEmpty = true; ///< it computes nothing: its value is argument 0

  mlir::Block *blockOrNull() const { return isEmpty ? nullptr : block.get(); }
};

/// What is computed from the anchor's result, which is argument 0.
GroupBody epilogueOf(mlir::Operation *fused, mlir::Operation *anchor);
/// The same, up to `value`.
GroupBody bodyBetween(mlir::Operation *fused, mlir::Operation *anchor, mlir::Value value);
/// What `value`, an operand of the anchor, is computed from.
GroupBody prologueOf(mlir::Operation *fused, mlir::Value value);

} // namespace horn::lowering
