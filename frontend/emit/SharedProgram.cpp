// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Running a shared object that compile_to_file made.
#include "frontend/emit/Compilation.h"

#include <horn/runtime.h>

#include "llvm/Object/ELFObjectFile.h"

#include <dlfcn.h>

namespace horn {

/// The name of the function `<model>_program` of a shared object.
static std::string program_symbol(const std::filesystem::path &path) {
  auto binary = llvm::object::ObjectFile::createObjectFile(path.string());
  if (!binary)
    emit::fail(path.string(), llvm::toString(binary.takeError()));
  if (auto *elf = llvm::dyn_cast<llvm::object::ELFObjectFileBase>(binary->getBinary()))
    for (const auto &symbol : elf->getDynamicSymbolIterators())
      if (auto name = symbol.getName(); name && name->ends_with("_program"))
        return name->str();
  throw Error({.where = path.string(),
               .what = "this is no compiled model",
               .hint = "make one with horn compile"});
}

namespace {
/// A program in a shared object, for as long as it lives.
struct LoadedProgram {
  explicit LoadedProgram(const std::filesystem::path &path) : where(path.string()) {
    std::string symbol = program_symbol(path);
    library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
      throw Error({.where = where, .what = dlerror()});
    auto *function = reinterpret_cast<const horn_program *(*)()>(dlsym(library, symbol.c_str()));
    program = function();
  }
  ~LoadedProgram() {
    horn_session_destroy(session);
    horn_model_destroy(model);
    dlclose(library);
  }
  void check(horn_status status) const {
    if (status != HORN_OK)
      throw Error({.where = where, .what = horn_last_error()});
  }

  std::string where;
  void *library = nullptr;
  const horn_program *program = nullptr;
  horn_model *model = nullptr;
  horn_session *session = nullptr;
};
} // namespace

static horn_tensor tensor_of(const Array &array) {
  horn_tensor tensor{.data = array.bytes(),
                     .dtype = static_cast<int32_t>(array.dtype()),
                     .rank = static_cast<int32_t>(array.shape().rank()),
                     .shape = {}};
  std::copy(array.shape().begin(), array.shape().end(), tensor.shape);
  return tensor;
}

std::vector<Array> run_shared_object(const std::filesystem::path &path,
                                     const std::vector<Array> &inputs,
                                     std::shared_ptr<ThreadPool> pool) {
  LoadedProgram loaded(path);
  auto *threads = pool ? static_cast<horn_pool *>(pool->handle()) : nullptr;
  loaded.check(horn_model_create(loaded.program, nullptr, nullptr, threads, &loaded.model));
  loaded.check(horn_session_create(loaded.model, threads, &loaded.session));
  std::vector<horn_tensor> given, results(loaded.program->num_outputs);
  for (const Array &input : inputs)
    given.push_back(tensor_of(input));
  auto count = static_cast<int32_t>(given.size()),
       resultCount = static_cast<int32_t>(results.size());
  loaded.check(
      horn_session_output_shapes(loaded.session, given.data(), count, results.data(), resultCount));
  std::vector<Array> outputs;
  for (horn_tensor &result : results) {
    outputs.emplace_back(Shape(std::vector<int64_t>(result.shape, result.shape + result.rank)),
                         static_cast<DType>(result.dtype));
    result.data = outputs.back().bytes();
  }
  loaded.check(horn_session_run(loaded.session, given.data(), count, results.data(), resultCount));
  return outputs;
}

} // namespace horn
