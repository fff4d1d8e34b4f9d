// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/ObjectCompiler.h"

#include "compiler/backend/MachineCode.h"
#include "compiler/backend/ProgramDescriptor.h"
#include "compiler/backend/SplitModule.h"

#include "mlir/IR/MLIRContext.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

#include <atomic>
#include <numeric>
#include <thread>

using namespace mlir;

namespace horn::backend {

/// The numbers of the parts, the largest part first: so no thread is left with a large one when the
/// others have ended.
static std::vector<size_t> bySize(const std::vector<ModulePart> &parts) {
  std::vector<size_t> sizes(parts.size()), order(parts.size());
  for (auto [size, part] : llvm::zip_equal(sizes, parts))
    // A kernel is optimised, so that it takes longer than a driver of as many ops.
    ModuleOp(*part.module).walk([&](Operation *) { size += part.isKernel ? 4 : 1; });
  std::iota(order.begin(), order.end(), size_t{0});
  llvm::sort(order, [&](size_t a, size_t b) {
    return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : a < b;
  });
  return order;
}

namespace {
/// The work on the parts of a module, shared by threads.
class PartCompiler {
public:
  PartCompiler(ModuleOp module, const ProgramInfo &program, const CompileOptions &options)
      : program(program), options(options), cache(options.cacheDirectory),
        parts(splitModule(module)), order(bySize(parts)), objects(parts.size()),
        errors(parts.size()) {}

  void run();
  llvm::Expected<std::vector<ObjectBuffer>> take();

private:
  void work();
  llvm::Expected<ObjectBuffer> compile(ModulePart &part);

  const ProgramInfo &program;
  const CompileOptions &options;
  const ObjectCache cache;
  std::vector<ModulePart> parts;
  std::vector<size_t> order; ///< in which parts are compiled
  std::vector<ObjectBuffer> objects;
  std::vector<std::string> errors; ///< as texts: an llvm::Error may not wait for its reader
  std::atomic<size_t> next = 0;
  std::atomic<bool> hasStored = false;
};
} // namespace

llvm::Expected<ObjectBuffer> PartCompiler::compile(ModulePart &part) {
  Effort effort = part.isKernel ? Effort::Kernel : Effort::Driver;
  auto machine = createTargetMachine(options.target, effort);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  context.setDiscardValueNames(true);
  llvm::Expected<std::unique_ptr<llvm::Module>> module = translate(*part.module, context);
  part.module = nullptr; // its memory is for the next
  if (!module)
    return module.takeError();
  if (!part.isKernel) {
    auto global = emitProgram(**module, program, {.level = options.target.level});
    if (!global)
      return global.takeError();
  }
  setTarget(**module, **machine, options.target);
  std::string key = cache.isEnabled() ? cache.key(**module, options.target, effort) : "";
  if (ObjectBuffer object = cache.load(key))
    return object;
  optimize(**module, **machine, effort);
  auto object = emitCode(**module, **machine, CodeKind::Object);
  if (object && cache.isEnabled()) {
    cache.store(key, **object);
    hasStored = true;
  }
  return object;
}

/// Compiles parts until there are none left.
void PartCompiler::work() {
  for (size_t n = next++; n < parts.size(); n = next++) {
    size_t i = order[n];
    if (auto object = compile(parts[i]))
      objects[i] = std::move(*object);
    else
      errors[i] = llvm::toString(object.takeError());
  }
}

void PartCompiler::run() {
  size_t wanted = options.numThreads ? options.numThreads : std::thread::hardware_concurrency();
  // Without threads MLIR does not lock what the translations share.
  if (!(*parts.front().module)->getContext()->isMultithreadingEnabled())
    wanted = 1;
  std::vector<std::thread> helpers;
  for (size_t i = 1; i < std::min(wanted, parts.size()); ++i)
    helpers.emplace_back([this] { work(); });
  work();
  for (std::thread &helper : helpers)
    helper.join();
  if (hasStored)
    cache.prune();
}

llvm::Expected<std::vector<ObjectBuffer>> PartCompiler::take() {
  for (const std::string &error : errors)
    if (!error.empty())
      return llvm::createStringError(error);
  return std::move(objects);
}

llvm::Expected<std::vector<ObjectBuffer>> compileObjects(ModuleOp module,
                                                         const CompileOptions &options) {
  llvm::Expected<ProgramInfo> program = describeProgram(module);
  if (!program)
    return program.takeError();
  registerTranslations(module);
  PartCompiler compiler(module, *program, options);
  compiler.run();
  return compiler.take();
}

} // namespace horn::backend
