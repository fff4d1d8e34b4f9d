// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The horn dialect. Ops stand in one header a family (HornElementwiseOps.h, ...): include those
// that a file needs, as each costs seconds of compile time.
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/horn/ShapeScope.h"

namespace horn::ir {

/// Trait of ops that compute each result element from one element of each operand.
template <typename Op> class Elementwise : public mlir::OpTrait::TraitBase<Op, Elementwise> {};
/// Trait of reductions with a combining function and a start value.
template <typename Op> class Reduction : public mlir::OpTrait::TraitBase<Op, Reduction> {};

/// Names of the functions of a module.
inline constexpr llvm::StringLiteral kForward = "forward";
/// On @forward, then on the module: the rows of a batch are computed apart from one another.
inline constexpr llvm::StringLiteral kRowsApartAttr = "horn.rows_apart";
inline constexpr llvm::StringLiteral kPrepare = "prepare";

} // namespace horn::ir

#include "dialects/horn/HornInterfaces.h.inc"

#include "dialects/horn/HornDialect.h.inc"
