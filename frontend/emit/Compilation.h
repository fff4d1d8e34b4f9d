// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A module on its way through the compiler, with the words for what goes wrong.
#pragma once

#include "frontend/emit/CompiledModel.h"

#include "compiler/Pipeline.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace horn::emit {

/// What the compiler said and how long it took.
struct CompilationLog {
  std::vector<PhaseTime> phases;
  std::vector<Remark> remarks;
};

/// Emits the model's graph, or parses `options.resume_from`, and runs the phases through `until`.
/// Throws Error with the compiler's message.
mlir::OwningOpRef<mlir::ModuleOp> compile_module(const Model &model, const CompileOptions &options,
                                                 Phase until, CompilationLog &log);
/// The target that the options name. Throws Error.
codegen::Target target_of(const CompileOptions &options);
/// Throws Error with the message of an LLVM error.
[[noreturn]] void fail(const std::string &where, const std::string &text);

} // namespace horn::emit
