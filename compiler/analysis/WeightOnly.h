// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which values of a function depend on weights alone, so that @prepare can compute them once.
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"

namespace horn {

/// The weight-only values of a function: reads of variables of kind "weight", constants, and what
/// pure ops without regions compute from them. Their shapes are known, as variables' are.
class WeightOnly {
public:
  explicit WeightOnly(mlir::func::FuncOp function);

  bool contains(mlir::Value value) const { return values.contains(value); }
  /// Looks at a value that a rewrite has built.
  void update(mlir::Value value);
  /// Forgets a value that a rewrite erases, whose address another may get.
  void erase(mlir::Value value) { values.erase(value); }

private:
  llvm::DenseSet<mlir::Value> values;
};

} // namespace horn
