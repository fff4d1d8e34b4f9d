// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Engines.h"

#include "frontend/emit/CompiledModel.h"
#include "tools/horn/Files.h"

namespace horn::cli {

std::string_view engine_name(Engine engine) {
  switch (engine) {
  case Engine::interpreter:
    return "interpreter";
  case Engine::jit:
    return "jit";
  case Engine::aot:
    return "aot";
  }
  return "";
}

static std::vector<Array> run_compiled(const Model &model, const std::vector<Array> &inputs) {
  CompiledModel compiled(model);
  Session session(compiled);
  return session.run(inputs);
}

static std::vector<Array> run_ahead(const Model &model, const std::vector<Array> &inputs) {
  TemporaryFolder folder;
  std::filesystem::path library = folder.path() / "model.so";
  compile_to_file(model, library);
  return run_shared_object(library, inputs);
}

std::vector<Array> run_engine(Engine engine, const Model &model, const std::vector<Array> &inputs) {
  switch (engine) {
  case Engine::interpreter:
    return interpret(model, inputs);
  case Engine::jit:
    return run_compiled(model, inputs);
  case Engine::aot:
    return run_ahead(model, inputs);
  }
  return {};
}

} // namespace horn::cli
