// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/Aot.h"

#include "compiler/backend/AotModule.h"
#include "compiler/backend/Linker.h"
#include "compiler/backend/MachineCode.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Target/TargetMachine.h"

namespace horn::backend {

llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes) {
  return llvm::writeToOutput(path, [&](llvm::raw_ostream &stream) {
    stream << bytes;
    return llvm::Error::success();
  });
}

llvm::Expected<std::string> findRuntime() {
  static int anchor; // an address in this executable
  std::string executable = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
  llvm::StringRef folder = llvm::sys::path::parent_path(executable);
  for (const char *relative : {"libhorn_runtime.a", "../lib/libhorn_runtime.a",
                               "../" HORN_LIBRARY_FOLDER "/libhorn_runtime.a"}) {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, relative);
    if (llvm::sys::fs::exists(path))
      return path.str().str();
  }
  return llvm::createStringError("libhorn_runtime.a is neither in " + folder + " nor in " + folder +
                                 "/../lib: reinstall Horn or say where the runtime is");
}

static ObjectBuffer textBuffer(std::string text) {
  return llvm::MemoryBuffer::getMemBufferCopy(text);
}

/// The object and the members of the runtime's archive, as one archive.
static llvm::Expected<ObjectBuffer> makeArchive(const llvm::MemoryBuffer &object,
                                                llvm::StringRef objectName,
                                                llvm::StringRef runtimePath) {
  auto file = llvm::MemoryBuffer::getFile(runtimePath, /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file)
    return llvm::createStringError("cannot read " + runtimePath + ": " + file.getError().message());
  auto runtime = llvm::object::Archive::create(**file);
  if (!runtime)
    return runtime.takeError();

  std::vector<llvm::NewArchiveMember> members;
  members.emplace_back(llvm::MemoryBufferRef(object.getBuffer(), objectName));
  llvm::Error error = llvm::Error::success();
  for (const llvm::object::Archive::Child &child : (*runtime)->children(error)) {
    auto member = llvm::NewArchiveMember::getOldMember(child, /*Deterministic=*/true);
    if (!member)
      return llvm::joinErrors(std::move(error), member.takeError());
    members.push_back(std::move(*member));
  }
  if (error)
    return std::move(error);
  return llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab,
                                    llvm::object::Archive::K_GNU, /*Deterministic=*/true,
                                    /*Thin=*/false);
}

/// The file without the runtime: text, assembly or object.
static llvm::Expected<ObjectBuffer> compileAlone(mlir::ModuleOp module, const ProgramInfo &program,
                                                 const WeightValues &values,
                                                 const AotOptions &options, AotOutput output) {
  auto machine = createTargetMachine(options.target, Effort::Kernel);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  auto whole = linkProgram(module, program, values, options, **machine, context);
  if (!whole)
    return whole.takeError();
  if (output == AotOutput::LlvmText) {
    std::string text;
    llvm::raw_string_ostream(text) << **whole;
    return textBuffer(std::move(text));
  }
  return emitCode(**whole, **machine,
                  output == AotOutput::Assembly ? CodeKind::Assembly : CodeKind::Object);
}

llvm::Expected<ObjectBuffer> compileAhead(mlir::ModuleOp module, const WeightValues &values,
                                          const AotOptions &given, AotOutput output) {
  llvm::Expected<ProgramInfo> program = describeProgram(module);
  if (!program)
    return program.takeError();
  AotOptions options = given;
  options.name = identifier(given.name.empty() ? program->name : given.name);
  auto object = compileAlone(module, *program, values, options, output);
  if (!object || (output != AotOutput::Archive && output != AotOutput::SharedLibrary))
    return object;

  llvm::Expected<std::string> runtime = options.runtime.empty() ? findRuntime() : options.runtime;
  if (!runtime)
    return runtime.takeError();
  if (output == AotOutput::Archive)
    return makeArchive(**object, options.name + ".o", *runtime);
  return linkSharedLibrary(**object, *runtime);
}

} // namespace horn::backend
