// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The steps of kernel-to-llvm that are Horn's own; the rest are upstream conversions.
#pragma once

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"

namespace horn::backend {

/// On variables that a driver other than @prepare refers to.
inline constexpr llvm::StringLiteral kInForwardAttr = "kernel.in_forward";
/// On drivers: how many offsets their plan writes.
inline constexpr llvm::StringLiteral kNumBuffersAttr = "kernel.num_buffers";

#define HORN_RUNTIME_FUNCTION(constant, symbol)                                                    \
  inline constexpr llvm::StringLiteral constant = #symbol;
#include "compiler/backend/RuntimeFunctions.def"

/// Adds `func.func @output_shapes(symbols, shapes)` by the module's `horn.outputs`.
void addOutputShapes(mlir::ModuleOp module);

/// The value of symbol `index` of the module: calls `given` for the symbols of the inputs and
/// computes those of `horn.derived` from them.
mlir::Value buildSymbol(mlir::OpBuilder &builder, mlir::Location location, mlir::ModuleOp module,
                        int64_t index, llvm::function_ref<mlir::Value(int64_t)> given);

/// An expression of the module's symbols for readers: "max(batch, 3) * 2".
std::string symbolText(mlir::AffineExpr expr, mlir::ModuleOp module,
                       mlir::ArrayRef<std::string> names);

/// Lowers kernel.load, store, element and call.
mlir::LogicalResult lowerMemory(mlir::ModuleOp module);

/// Replaces extensions from bf16 and truncations to it by integer arithmetic: LLVM would call
/// functions of the compiler's own library.
void expandBFloat16(mlir::ModuleOp module);

/// Gives bf16 values of an LLVM function, which are only moved by now, the type i16: LLVM moves
/// vectors of bf16 by way of f32, with calls of functions that the runtime does not have.
void moveBFloat16AsIntegers(mlir::LLVM::LLVMFuncOp function);

/// Makes functions of the bodies of a driver's teams, whose own ops have been lowered.
mlir::LogicalResult outlineTeams(mlir::LLVM::LLVMFuncOp driver, mlir::Value pool);

/// Makes LLVM functions of all functions, and loads and stores of the ops about a run.
mlir::LogicalResult lowerFunctions(mlir::ModuleOp module);

} // namespace horn::backend
