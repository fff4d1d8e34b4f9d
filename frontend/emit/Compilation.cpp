// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/emit/Compilation.h"

#include "frontend/emit/GraphEmitter.h"
#include "frontend/emit/MlirContext.h"
#include "frontend/emit/RemarkScope.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"

#include <chrono>

using namespace mlir;

namespace horn::emit {

void fail(const std::string &where, const std::string &text) {
  ErrorParts parts{.where = where, .what = text};
  if (text.find("has no kernel") != std::string::npos)
    throw UnsupportedError(std::move(parts));
  throw Error(std::move(parts));
}

static codegen::Target target_named(const std::string &cpu) {
  llvm::Expected<codegen::Target> target = codegen::Target::named(cpu);
  if (!target)
    fail("cpu", llvm::toString(target.takeError()));
  return *target;
}

codegen::Target target_of(const CompileOptions &options) { return target_named(options.cpu); }

static Math math_named(const std::string &name) {
  if (name != "exact" && name != "fast")
    throw Error(
        {.where = "math", .what = "unknown mode '" + name + "'", .expected = "exact or fast"});
  return name == "fast" ? Math::Fast : Math::Exact;
}

/// The phase that a file of a dump holds, by its name: "02-groups.mlir".
static Phase phase_of_file(const std::filesystem::path &path) {
  std::string stem = path.stem().string();
  size_t dash = stem.rfind('-');
  std::optional<Phase> phase =
      phaseFromName(dash == std::string::npos ? stem : stem.substr(dash + 1));
  if (!phase)
    throw Error({.where = path.string(),
                 .what = "cannot tell the phase of this IR from its name",
                 .expected = "a name such as 02-groups.mlir, as --dump writes it"});
  return *phase;
}

static OwningOpRef<ModuleOp> start(const Model &model, const CompileOptions &options,
                                   PipelineOptions &pipeline) {
  if (options.resume_from.empty())
    return emit_graph(*model.network());
  pipeline.from = phase_of_file(options.resume_from);
  DiagnosticScope diagnostics;
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(options.resume_from.string(), &context());
  if (!module)
    fail(options.resume_from.string(), diagnostics.text());
  return module;
}

OwningOpRef<ModuleOp> compile_module(const Model &model, const CompileOptions &options, Phase until,
                                     CompilationLog &log) {
  PipelineOptions pipeline;
  pipeline.target = target_of(options);
  if (!options.layout_cpu.empty())
    pipeline.layoutTarget = target_named(options.layout_cpu);
  pipeline.math = math_named(options.math);
  pipeline.until = until;
  pipeline.dumpDirectory = options.dump.string();
  auto begin = std::chrono::steady_clock::now();
  OwningOpRef<ModuleOp> module = start(model, options, pipeline);
  double emission = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  pipeline.onPhase = [&](Phase phase, double seconds) {
    if (phase == Phase::import)
      seconds += emission;
    log.phases.push_back({phaseName(phase).str(), seconds});
    if (options.on_phase)
      options.on_phase(log.phases.back().name, seconds);
  };
  RemarkScope remarks(log.remarks);
  DiagnosticScope diagnostics;
  if (failed(runPipeline(*module, pipeline)))
    fail(model.name(), diagnostics.text().empty() ? "compilation failed" : diagnostics.text());
  return module;
}

} // namespace horn::emit
