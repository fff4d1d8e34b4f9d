// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The reference interpreter: runs a function of horn ops one op at a time with plain loops. It is
// the oracle that tests compare compiled code with; clarity and exactness come before speed.
#pragma once

#include "compiler/reference/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringMap.h"

namespace horn::reference {

enum class Precision : uint8_t {
  AsTyped, ///< each op computes in double and rounds once to its element type
  F64,     ///< floats are never rounded below double; for bounds of the error of other runs
};

/// The values of variables by symbol.
using Variables = llvm::StringMap<Tensor>;

struct Options {
  Precision precision = Precision::AsTyped;
  /// Where horn.keep and horn.assign store, and horn.read looks first; give one map to @prepare and
  /// then to @forward. Without a map, stored values end with the run.
  Variables *stored = nullptr;
};

/// Gives the value of a variable that the run has not stored itself, or failure if there is none.
using VariableSource = llvm::function_ref<mlir::FailureOr<Tensor>(llvm::StringRef symbol)>;

/// Runs a function on inputs of the shapes and element types of its arguments. Composite ops run as
/// their decompositions; the function itself stays as it is. With Precision::F64 all outputs that
/// are floats have element type f64.
/// **Numerics**: sums and products of floats accumulate in double in row-major order and round
/// once.
/// **Errors**: MLIR diagnostics at the locations of the ops, such as for shapes that do not fit.
mlir::FailureOr<std::vector<Tensor>> interpret(mlir::func::FuncOp function,
                                               llvm::ArrayRef<Tensor> inputs,
                                               VariableSource variables, Options options = {});

} // namespace horn::reference
