// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether the rows of a batch are computed apart from one another.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn {

/// Whether a function of horn ops computes each row (index on axis 0) of its results from the same
/// row of its inputs and from weights, so that a batch can be gone through in parts of any size.
///
/// That needs one unknown size, the first axis of all inputs and results, and ops that are known to
/// keep rows apart: what is not known, such as loops over time and assigned variables, is taken not
/// to.
bool keepsRowsApart(mlir::func::FuncOp function);

} // namespace horn
