// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The compiler's phases, from the graph to the LLVM dialect.
#pragma once

#include "compiler/codegen/Target.h"

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"

#include <functional>
#include <optional>
#include <string>

namespace mlir {
class DialectRegistry;
class MLIRContext;
class ModuleOp;
} // namespace mlir

namespace horn {

enum class Phase {
#define HORN_PHASE(name, description) name,
#include "compiler/Phases.def"
};

llvm::StringRef phaseName(Phase phase);
llvm::StringRef phaseDescription(Phase phase);
std::optional<Phase> phaseFromName(llvm::StringRef name);
llvm::ArrayRef<Phase> allPhases();

/// How the compiler may change what is rounded.
enum class Math {
  Exact, ///< the products and sums that the layers state
  Fast,  ///< other algorithms in f32 with errors some times as large (docs/numerics.md)
};

struct PipelineOptions {
  codegen::Target target = codegen::Target::host();
  /// The target for whose kernels weights are laid out, if that is another one: then `@prepare` can
  /// run here for code that cannot.
  std::optional<codegen::Target> layoutTarget;
  Math math = Math::Exact;
  Phase from = Phase::import; ///< the phase that the module has been through already
  Phase until = Phase::llvm;  ///< the last phase to run
  std::string dumpDirectory;  ///< where to write the module after each phase; empty writes nothing
  /// Called after each phase with the time it took, in seconds.
  std::function<void(Phase, double)> onPhase;
};

/// Registers the dialects that the phases use.
void registerDialects(mlir::DialectRegistry &registry);
/// Registers all passes of the project for tools that take them by name.
void registerPasses();

/// Runs the phases after `from` through `until`. Errors are diagnostics of the module's context.
llvm::LogicalResult runPipeline(mlir::ModuleOp module, const PipelineOptions &options);

} // namespace horn
