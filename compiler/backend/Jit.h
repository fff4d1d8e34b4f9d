// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Programs compiled into this process.
#pragma once

#include "compiler/backend/ObjectCompiler.h"

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace horn::backend {

/// A program in memory. Its code is never writable and executable at once.
///
///     auto jit = JitProgram::create(module, {});
///     horn_model_create((*jit)->program(), find, context, pool, &model);
///
/// **Ownership**: models made from the program must be destroyed before it.
class JitProgram {
public:
  /// Compiles a module that kernel-to-llvm has lowered; its functions are taken out of it.
  static llvm::Expected<std::unique_ptr<JitProgram>> create(mlir::ModuleOp module,
                                                            const CompileOptions &options);
  /// Links objects of compileObjects().
  static llvm::Expected<std::unique_ptr<JitProgram>> create(std::vector<ObjectBuffer> objects);
  ~JitProgram();

  const horn_program *program() const { return program_; }

private:
  JitProgram(std::unique_ptr<llvm::orc::LLJIT> jit, const horn_program *program);

  std::unique_ptr<llvm::orc::LLJIT> jit_;
  const horn_program *program_;
};

} // namespace horn::backend
