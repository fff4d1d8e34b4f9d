// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The kernel dialect: launches on buffers, and memory inside kernels.
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace horn::kernel {
/// The attribute that marks a function as a kernel.
inline constexpr llvm::StringLiteral kKernelAttr = "kernel.kernel";
} // namespace horn::kernel

#include "dialects/kernel/KernelDialect.h.inc"
#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.h.inc"
