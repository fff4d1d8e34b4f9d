// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/DumpDirectory.h"

#include "llvm/Support/FileSystem.h"

using namespace mlir;

namespace horn::support {

std::string moduleText(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/false).printNameLocAsPrefix(true);
  module.print(stream, flags);
  stream << "\n";
  return text;
}

LogicalResult dumpModule(ModuleOp module, StringRef directory, unsigned number, StringRef name) {
  std::string path =
      (directory + "/" + (number < 10 ? "0" : "") + Twine(number) + "-" + name + ".mlir").str();
  std::error_code error = llvm::sys::fs::create_directories(directory);
  if (!error) {
    llvm::raw_fd_ostream file(path, error);
    if (!error)
      file << moduleText(module);
  }
  if (error)
    return module.emitError() << "cannot write " << path << ": " << error.message();
  return success();
}

} // namespace horn::support
