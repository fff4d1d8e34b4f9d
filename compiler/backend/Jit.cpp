// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/Jit.h"

#include "compiler/backend/ProgramDescriptor.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h"
#include "llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h"
#include "llvm/Support/TargetSelect.h"

namespace horn::backend {

namespace orc = llvm::orc;

/// An LLJIT that links objects and does nothing else: it compiles no IR, starts no thread and looks
/// at no constructors.
static llvm::Expected<std::unique_ptr<orc::LLJIT>> createLinker() {
  llvm::InitializeNativeTarget();
  orc::LLJITBuilder builder;
  builder.setObjectLinkingLayerCreator([](orc::ExecutionSession &session) {
    return std::make_unique<orc::ObjectLinkingLayer>(session);
  });
  builder.setPlatformSetUp(orc::setUpInactivePlatform);
  builder.setLinkProcessSymbolsByDefault(false);
  return builder.create();
}

/// Makes the runtime and the process's C library known.
static llvm::Error addProcessSymbols(orc::LLJIT &jit) {
  orc::JITDylib &library = jit.getMainJITDylib();
  orc::SymbolMap symbols;
  auto add = [&](llvm::StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(function),
                                          llvm::JITSymbolFlags::Exported |
                                              llvm::JITSymbolFlags::Callable};
  };
#define HORN_RUNTIME_FUNCTION(constant, symbol) add(#symbol, &symbol);
#include "compiler/backend/RuntimeFunctions.def"
  if (llvm::Error error = library.define(orc::absoluteSymbols(std::move(symbols))))
    return error;
  auto process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      jit.getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  library.addGenerator(std::move(*process));
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<JitProgram>> JitProgram::create(std::vector<ObjectBuffer> objects) {
  llvm::Expected<std::unique_ptr<orc::LLJIT>> jit = createLinker();
  if (!jit)
    return jit.takeError();
  if (llvm::Error error = addProcessSymbols(**jit))
    return std::move(error);
  for (ObjectBuffer &object : objects)
    if (llvm::Error error = (*jit)->addObjectFile(std::move(object)))
      return std::move(error);
  llvm::Expected<orc::ExecutorAddr> address = (*jit)->lookup(kProgramSymbol);
  if (!address)
    return address.takeError();
  return std::unique_ptr<JitProgram>(
      new JitProgram(std::move(*jit), address->toPtr<const horn_program *>()));
}

llvm::Expected<std::unique_ptr<JitProgram>> JitProgram::create(mlir::ModuleOp module,
                                                               const CompileOptions &options) {
  llvm::Expected<std::vector<ObjectBuffer>> objects = compileObjects(module, options);
  if (!objects)
    return objects.takeError();
  return create(std::move(*objects));
}

JitProgram::JitProgram(std::unique_ptr<orc::LLJIT> jit, const horn_program *program)
    : jit_(std::move(jit)), program_(program) {}

JitProgram::~JitProgram() = default;

} // namespace horn::backend
