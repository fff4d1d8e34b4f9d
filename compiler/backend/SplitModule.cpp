// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/SplitModule.h"

#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Module.h"

using namespace mlir;

namespace horn::backend {

static ModulePart makePart(ModuleOp module, StringRef name, bool isKernel) {
  return {ModuleOp::create(module.getLoc(), name), isKernel};
}

static void move(Operation *op, ModulePart &part) {
  op->remove();
  // The translation would look for the dialects of these attributes.
  op->setDiscardableAttrs(DictionaryAttr::get(op->getContext()));
  part.module->push_back(op);
}

/// Declares the functions that the part refers to and does not have.
static void addDeclarations(ModulePart &part, const SymbolTable &all) {
  SymbolTable own(*part.module);
  llvm::SetVector<StringAttr> names;
  part.module->walk([&](Operation *op) {
    if (auto address = dyn_cast<LLVM::AddressOfOp>(op))
      names.insert(address.getGlobalNameAttr().getAttr());
    else if (auto call = dyn_cast<LLVM::CallOp>(op); call && call.getCalleeAttr())
      names.insert(call.getCalleeAttr().getAttr()); // others go through the frame
  });
  for (StringAttr name : names) {
    if (own.lookup(name))
      continue;
    auto function = all.lookup<LLVM::LLVMFuncOp>(name);
    auto copy = cast<LLVM::LLVMFuncOp>(function->cloneWithoutRegions());
    copy->setDiscardableAttrs(DictionaryAttr::get(copy->getContext()));
    part.module->push_back(copy);
  }
}

std::vector<ModulePart> splitModule(ModuleOp module) {
  SymbolTable all(module);
  std::vector<ModulePart> parts;
  parts.push_back(makePart(module, "program", /*isKernel=*/false));
  // Constants belong to the drivers.
  for (auto global : llvm::make_early_inc_range(module.getOps<LLVM::GlobalOp>()))
    move(global, parts.front());
  for (auto function : llvm::make_early_inc_range(module.getOps<LLVM::LLVMFuncOp>())) {
    if (function.isExternal())
      continue;
    bool isKernel = function->hasAttr(kernel::kKernelAttr);
    if (isKernel)
      parts.push_back(makePart(module, function.getSymName(), /*isKernel=*/true));
    move(function, isKernel ? parts.back() : parts.front());
  }
  for (ModulePart &part : parts)
    addDeclarations(part, all);
  return parts;
}

void registerTranslations(ModuleOp module) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
}

llvm::Expected<std::unique_ptr<llvm::Module>> translate(ModuleOp module,
                                                        llvm::LLVMContext &context) {
  StringRef name = module.getName().value_or("program");
  std::unique_ptr<llvm::Module> made =
      translateModuleToLLVMIR(module, context, name, /*disableVerification=*/true);
  if (!made)
    return llvm::createStringError("cannot translate '" + name + "' to LLVM");
  return made;
}

} // namespace horn::backend
