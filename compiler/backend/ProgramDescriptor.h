// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The horn_program of a module, as constants.
#pragma once

#include "compiler/backend/Program.h"

#include "llvm/ADT/StringMap.h"

namespace llvm {
class GlobalVariable;
class Module;
} // namespace llvm

namespace horn::backend {

/// The values of weights by their names. What is named must live until the objects are written.
using WeightValues = llvm::StringMap<llvm::StringRef>;

/// The name of the program in the JIT.
inline constexpr llvm::StringLiteral kProgramSymbol = "horn_program";

struct DescriptorOptions {
  std::string level; ///< the instruction set that the runtime checks for
  /// Null makes a program whose weights are given at load. Otherwise the values that `forward`
  /// reads become constants of the program, and there is no `prepare`.
  const WeightValues *values = nullptr;
};

/// Adds the global variable `horn_program` to the module of the drivers.
///
/// With values, weights that `forward` does not read stay in the table without a value, as
/// variables that nobody needs: so the numbers of the others are those of the JIT.
/// **Errors**: a value is missing or has the wrong size.
llvm::Expected<llvm::GlobalVariable *> emitProgram(llvm::Module &module, const ProgramInfo &program,
                                                   const DescriptorOptions &options);

} // namespace horn::backend
