// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Linking shared libraries by the system's compiler or linker.
#pragma once

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace horn::backend {

/// Links an object with the runtime into a shared library.
///
/// **Errors**: there is no C compiler; what it wrote to its standard error.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
linkSharedLibrary(const llvm::MemoryBuffer &object, llvm::StringRef runtimeArchive);

} // namespace horn::backend
