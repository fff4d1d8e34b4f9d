// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Bodies of element-wise ops and of reductions along a row, as code for one row.
#pragma once

#include "compiler/codegen/RowKernel.h"

namespace horn::codegen {

/// One operand or the result of a body, at a row.
struct RowPointer {
  Access access;
  mlir::Value row;        ///< element 0
  mlir::Value laneStride; ///< from element to element; null unless Strided
};

/// Writes elements [first, last) of a row of the result: what `body` yields for its arguments, the
/// operands, each read in the same place. Reductions are over these elements.
void emitRowBody(const Lanes &lanes, mlir::Block *body, llvm::ArrayRef<RowPointer> operands,
                 const RowPointer &result, mlir::Value first, mlir::Value last);

} // namespace horn::codegen
