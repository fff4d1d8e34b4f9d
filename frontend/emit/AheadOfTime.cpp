// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Files from models: objects, libraries, texts.
#include "compiler/backend/Aot.h"
#include "compiler/support/DumpDirectory.h"
#include "frontend/emit/Compilation.h"

#include <horn/runtime.h>

#include <dlfcn.h>

namespace horn {

using backend::AotOutput;

std::vector<PhaseInfo> compiler_phases() {
  std::vector<PhaseInfo> phases;
  for (Phase phase : allPhases())
    phases.push_back({phaseName(phase).str(), phaseDescription(phase).str()});
  return phases;
}

/// Weights as they are after `prepare`, by name, in the memory of a compiled model.
static backend::WeightValues prepared_values(const CompiledModel &model) {
  auto *program = static_cast<const horn_program *>(model.program());
  auto *runtime = static_cast<const horn_model *>(model.runtime_model());
  backend::WeightValues values;
  for (int32_t i = 0; i < program->num_weights; ++i) {
    const horn_weight_info &weight = program->weights[i];
    const void *bytes = horn_model_weight(runtime, i);
    if (!bytes)
      continue;
    int64_t size = backend::dtypeBytes(static_cast<horn_dtype>(weight.tensor.dtype));
    for (int32_t axis = 0; axis < weight.tensor.rank; ++axis)
      size *= weight.tensor.shape[axis];
    values[weight.tensor.name] =
        llvm::StringRef(static_cast<const char *>(bytes), static_cast<size_t>(size));
  }
  return values;
}

static std::optional<AotOutput> output_of(const std::string &suffix) {
  static const std::pair<const char *, AotOutput> outputs[] = {{".ll", AotOutput::LlvmText},
                                                               {".s", AotOutput::Assembly},
                                                               {".o", AotOutput::Object},
                                                               {".a", AotOutput::Archive},
                                                               {".so", AotOutput::SharedLibrary}};
  for (const auto &[name, output] : outputs)
    if (suffix == name)
      return output;
  return std::nullopt;
}

/// The bytes of a compiled file, and the C header if asked for.
static backend::ObjectBuffer compile_bytes(const Model &model, const CompileOptions &options,
                                           AotOutput output, std::string *header) {
  emit::CompilationLog log;
  auto module = emit::compile_module(model, options, Phase::llvm, log);
  // `prepare` runs on this machine; the code that it prepares for may be another's.
  CompileOptions preparing{.cpu = "native",
                           .layout_cpu = options.cpu,
                           .resume_from = options.resume_from,
                           .math = options.math};
  CompiledModel prepared(model, preparing);
  backend::AotOptions ahead;
  ahead.target = emit::target_of(options);
  ahead.name = options.name;
  auto bytes = backend::compileAhead(*module, prepared_values(prepared), ahead, output);
  if (!bytes)
    emit::fail(model.name(), llvm::toString(bytes.takeError()));
  if (header) {
    auto program = backend::describeProgram(*module);
    if (!program)
      emit::fail(model.name(), llvm::toString(program.takeError()));
    *header = backend::headerText(*program, options.name);
  }
  return std::move(*bytes);
}

std::string phase_text(const Model &model, const std::string &phase,
                       const CompileOptions &options) {
  if (auto output = output_of("." + phase);
      output == AotOutput::LlvmText || output == AotOutput::Assembly)
    return compile_bytes(model, options, *output, nullptr)->getBuffer().str();
  std::optional<Phase> until = phaseFromName(phase);
  if (!until) {
    std::string names;
    for (const PhaseInfo &info : compiler_phases())
      names += info.name + ", ";
    throw Error({.what = "there is no phase \"" + phase + "\"", .expected = names + "ll or s"});
  }
  emit::CompilationLog log;
  auto module = emit::compile_module(model, options, *until, log);
  return support::moduleText(*module);
}

static void write_bytes(const std::filesystem::path &path, llvm::StringRef bytes) {
  if (llvm::Error error = backend::writeFile(path.string(), bytes))
    emit::fail(path.string(), llvm::toString(std::move(error)));
}

void compile_to_file(const Model &model, const std::filesystem::path &path,
                     const std::filesystem::path &header, const CompileOptions &options) {
  if (path.extension() == ".mlir") {
    write_bytes(path, phase_text(model, "graph", options));
    return;
  }
  std::optional<AotOutput> output = output_of(path.extension().string());
  if (!output)
    throw Error({.where = path.string(),
                 .what = "the suffix does not say what to compile to",
                 .expected = ".o, .a, .so, .ll, .s or .mlir"});
  std::string text;
  backend::ObjectBuffer bytes =
      compile_bytes(model, options, *output, header.empty() ? nullptr : &text);
  write_bytes(path, bytes->getBuffer());
  if (!header.empty())
    write_bytes(header, text);
}

} // namespace horn
