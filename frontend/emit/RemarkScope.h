// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Collects the compiler's remarks.
#pragma once

#include "frontend/emit/CompiledModel.h"

#include <mutex>

namespace mlir {
class MLIRContext;
}

namespace horn::emit {

/// While it lives, remarks of the process's context go to a list. Passes may work on several
/// threads, so all scopes that live at a time get all remarks.
class RemarkScope {
public:
  explicit RemarkScope(std::vector<Remark> &remarks);
  ~RemarkScope();
  RemarkScope(const RemarkScope &) = delete;

private:
  std::vector<Remark> &remarks_;
};

/// Turns remarks on in a context; called once, when the context is made.
void enable_remarks(mlir::MLIRContext &context);

} // namespace horn::emit
