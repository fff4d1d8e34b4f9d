// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/backend/Linker.h"

#include "compiler/backend/Aot.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

namespace horn::backend {

/// The system's C compiler: it knows where the C library and what belongs to it is; a linker does
/// not.
static llvm::Expected<std::string> findCompiler() {
  for (const char *name : {"cc", "clang", "gcc"})
    if (auto path = llvm::sys::findProgramByName(name))
      return *path;
  return llvm::createStringError("no linker found: install a C compiler (cc), or write an object "
                                 "(.o) or archive (.a) and link it elsewhere");
}

static std::string readText(llvm::StringRef path) {
  auto file = llvm::MemoryBuffer::getFile(path);
  return file ? (*file)->getBuffer().trim().str() : "";
}

/// Runs a command; its standard error goes to `log`.
static llvm::Error runCommand(llvm::ArrayRef<std::string> command, llvm::StringRef log) {
  std::vector<llvm::StringRef> words(command.begin(), command.end());
  std::optional<llvm::StringRef> redirects[] = {std::nullopt, log, log};
  std::string problem;
  int status = llvm::sys::ExecuteAndWait(command.front(), words, std::nullopt, redirects,
                                         /*SecondsToWait=*/0, /*MemoryLimit=*/0, &problem);
  if (status == 0)
    return llvm::Error::success();
  std::string text = readText(log);
  return llvm::createStringError("linking by " + command.front() +
                                 " failed: " + (text.empty() ? problem : text));
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
linkSharedLibrary(const llvm::MemoryBuffer &object, llvm::StringRef runtimeArchive) {
  auto compiler = findCompiler();
  if (!compiler)
    return compiler.takeError();
  llvm::SmallString<128> folder;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("horn", folder))
    return llvm::createStringError("cannot make a temporary folder: " + error.message());
  auto clean = llvm::scope_exit([&] { llvm::sys::fs::remove_directories(folder); });
  auto inFolder = [&](const char *name) { return (folder + "/" + name).str(); };

  std::string objectPath = inFolder("model.o"), libraryPath = inFolder("model.so");
  if (llvm::Error error = writeFile(objectPath, object.getBuffer()))
    return std::move(error);
  std::vector<std::string> command = {*compiler,   "-shared",  "-Wl,--build-id=none", "-o",
                                      libraryPath, objectPath, runtimeArchive.str(),  "-lpthread",
                                      "-lm"};
  if (llvm::Error error = runCommand(command, inFolder("log")))
    return std::move(error);
  auto library = llvm::MemoryBuffer::getFile(libraryPath, /*IsText=*/false,
                                             /*RequiresNullTerminator=*/false,
                                             /*IsVolatile=*/true); // read, as the file goes
  if (!library)
    return llvm::createStringError("the linker wrote nothing: " + library.getError().message());
  return std::move(*library);
}

} // namespace horn::backend
