// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One LLVM module: its target, its optimisation, its machine code.
#pragma once

#include "compiler/codegen/Target.h"

#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace horn::backend {

/// How hard LLVM tries. Kernels are written as vectors of the right width, so no level vectorises
/// or unrolls loops.
enum class Effort { Driver, Kernel };

/// A machine for code that may stand anywhere in memory, for one thread and one effort: what LLVM
/// turns off for the sake of speed stays off in that machine.
///
/// **Errors**: LLVM was built without the host's architecture.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const codegen::Target &target, Effort effort);

/// Sets the module's layout and what all of its functions are compiled for.
void setTarget(llvm::Module &module, const llvm::TargetMachine &machine,
               const codegen::Target &target);

void optimize(llvm::Module &module, llvm::TargetMachine &machine, Effort effort);

enum class CodeKind { Object, Assembly };

/// The module's machine code as bytes of a file. The module is of no use after that.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
emitCode(llvm::Module &module, llvm::TargetMachine &machine, CodeKind kind);

} // namespace horn::backend
