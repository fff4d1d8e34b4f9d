// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A lowered module as object code: one object for each kernel and one for the rest.
#pragma once

#include "compiler/backend/ObjectCache.h"
#include "compiler/backend/Program.h"
#include "compiler/codegen/Target.h"

#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <vector>

namespace horn::backend {

struct CompileOptions {
  codegen::Target target = codegen::Target::host();
  unsigned numThreads = 0; ///< that compile; 0 for one per core
  std::string cacheDirectory = ObjectCache::defaultDirectory(); ///< empty to cache nothing
};

using ObjectBuffer = std::unique_ptr<llvm::MemoryBuffer>;

/// Compiles a module that kernel-to-llvm has lowered; its functions are taken out of it. The first
/// object has the drivers and `horn_program`, whose weights are given at load; the others a kernel
/// each.
llvm::Expected<std::vector<ObjectBuffer>> compileObjects(mlir::ModuleOp module,
                                                         const CompileOptions &options);

} // namespace horn::backend
