// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Parts of a module in the LLVM dialect, and their translation.
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace horn::backend {

/// Functions that are compiled together, with declarations of what they refer to.
struct ModulePart {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  bool isKernel;
};

/// Takes a module apart: the drivers first, then each kernel alone. The module is left without
/// functions and constants.
std::vector<ModulePart> splitModule(mlir::ModuleOp module);

/// The LLVM module of a part. May run on several parts at once, if the MLIR context allows threads.
llvm::Expected<std::unique_ptr<llvm::Module>> translate(mlir::ModuleOp module,
                                                        llvm::LLVMContext &context);

/// Makes translations to LLVM known to the module's context. To be called before `translate`.
void registerTranslations(mlir::ModuleOp module);

} // namespace horn::backend
