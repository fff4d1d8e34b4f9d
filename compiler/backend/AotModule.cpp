// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/AotModule.h"

#include "compiler/backend/MachineCode.h"
#include "compiler/backend/SplitModule.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/IPO/GlobalDCE.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace mlir;

namespace horn::backend {

/// One part, optimised.
static llvm::Expected<std::unique_ptr<llvm::Module>>
compilePart(const ModulePart &part, const ProgramInfo &program, const WeightValues &values,
            const AotOptions &options, llvm::TargetMachine &machine, llvm::LLVMContext &context) {
  auto module = translate(*part.module, context);
  if (!module)
    return module.takeError();
  if (!part.isKernel) {
    auto global =
        emitProgram(**module, program, {.level = options.target.level, .values = &values});
    if (!global)
      return global.takeError();
  }
  setTarget(**module, machine, options.target);
  optimize(**module, machine, part.isKernel ? Effort::Kernel : Effort::Driver);
  return module;
}

static llvm::Error link(llvm::Module &whole, std::unique_ptr<llvm::Module> part) {
  std::string name = part->getName().str();
  if (llvm::Linker::linkModules(whole, std::move(part)))
    return llvm::createStringError("cannot link '" + name + "' into the program");
  return llvm::Error::success();
}

/// Hides all but the entry functions and drops what none of them needs, such as `prepare`.
static void hide(llvm::Module &module, const llvm::StringSet<> &entries) {
  llvm::internalizeModule(
      module, [&](const llvm::GlobalValue &value) { return entries.contains(value.getName()); });
  llvm::ModuleAnalysisManager analyses;
  llvm::PassBuilder().registerModuleAnalyses(analyses);
  llvm::GlobalDCEPass().run(module, analyses);
}

llvm::Expected<std::unique_ptr<llvm::Module>>
linkProgram(ModuleOp module, const ProgramInfo &program, const WeightValues &values,
            const AotOptions &options, llvm::TargetMachine &machine, llvm::LLVMContext &context) {
  auto entry = makeEntryModule(program, options.name, context);
  if (!entry)
    return entry.takeError();
  setTarget(**entry, machine, options.target);
  optimize(**entry, machine, Effort::Driver);
  llvm::StringSet<> entries;
  for (const llvm::Function &function : **entry)
    if (!function.isDeclaration() && !function.hasLocalLinkage())
      entries.insert(function.getName());

  registerTranslations(module);
  OwningOpRef<ModuleOp> copy = module.clone();
  for (const ModulePart &part : splitModule(*copy)) {
    auto compiled = compilePart(part, program, values, options, machine, context);
    if (!compiled)
      return compiled.takeError();
    if (llvm::Error error = link(**entry, std::move(*compiled)))
      return std::move(error);
  }
  hide(**entry, entries);
  return entry;
}

} // namespace horn::backend
