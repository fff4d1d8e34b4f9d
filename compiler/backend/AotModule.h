// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// All of an ahead-of-time program as one LLVM module.
#pragma once

#include "compiler/backend/Aot.h"

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace horn::backend {

/// The optimised module. Each kernel was optimised alone, as for the JIT, so both have the same
/// code. Only the C functions of the program can be seen from outside.
llvm::Expected<std::unique_ptr<llvm::Module>>
linkProgram(mlir::ModuleOp module, const ProgramInfo &program, const WeightValues &values,
            const AotOptions &options, llvm::TargetMachine &machine, llvm::LLVMContext &context);

/// A module with the C functions `<name>_run`, `<name>_program`, `<name>_error`, `<name>_release`.
llvm::Expected<std::unique_ptr<llvm::Module>>
makeEntryModule(const ProgramInfo &program, llvm::StringRef name, llvm::LLVMContext &context);

/// The parameters of `<name>_run` that have names of the program: inputs, symbols and outputs, made
/// distinct and no words of C.
struct EntryNames {
  std::vector<std::string> inputs, symbols, outputs;
};
EntryNames entryNames(const ProgramInfo &program);

} // namespace horn::backend
