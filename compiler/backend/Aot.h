// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs compiled ahead of time, as files that a C compiler links.
#pragma once

#include "compiler/backend/ObjectCompiler.h"
#include "compiler/backend/ProgramDescriptor.h"

namespace horn::backend {

/// What a program becomes.
enum class AotOutput {
  LlvmText,     ///< .ll, optimised
  Assembly,     ///< .s
  Object,       ///< .o, to be linked with the runtime
  Archive,      ///< .a, with the runtime in it
  SharedLibrary ///< .so, with the runtime in it
};

struct AotOptions {
  codegen::Target target = codegen::Target::host();
  std::string name;    ///< of the C functions; the module's if empty
  std::string runtime; ///< libhorn_runtime.a; looked for beside the executable if empty
};

/// The bytes of a file with the program and its C functions (see headerText()). The same module,
/// values and options give the same bytes.
///
/// `values` has every weight that `forward` reads, prepared ones included: so there is no `prepare`
/// in the program. The module must have been lowered by kernel-to-llvm and is not changed.
/// **Errors**: a missing value; no runtime; no linker, or what it said.
llvm::Expected<ObjectBuffer> compileAhead(mlir::ModuleOp module, const WeightValues &values,
                                          const AotOptions &options, AotOutput output);

/// A C header for the program, which includes <stdint.h> alone. `name` as in AotOptions.
std::string headerText(const ProgramInfo &program, llvm::StringRef name);

/// Writes a file under another name and renames it, so that nobody sees half of it.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes);

/// libhorn_runtime.a beside this executable or in ../lib of it.
llvm::Expected<std::string> findRuntime();

} // namespace horn::backend
