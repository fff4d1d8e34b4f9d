// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A small program as the lowering makes it, and its way through the backend.
#pragma once

#include "compiler/backend/Jit.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace horn::backend {

/// y [batch, 20] = 2 x + 2 bias, where 2 x goes through the arena and 2 bias is prepared; and
/// wide [max(batch, 3), 2] = batch.
extern const char *const kSampleText;
inline constexpr int64_t kColumns = 20;

/// A context with all dialects that kernels are written in.
std::unique_ptr<mlir::MLIRContext> makeContext();

/// Parses a module and lowers it to LLVM.
mlir::OwningOpRef<mlir::ModuleOp> lowerText(mlir::MLIRContext &context, llvm::StringRef text);

/// What a run of the sample program with the bias 0, 1, 2, ... gives for x = 0, 1, 2, ...
struct SampleRun {
  std::vector<float> y;
  std::vector<int64_t> wide;
};

/// Runs the program in a session of `threads` threads; an empty result after an error.
SampleRun runSample(const horn_program *program, int64_t batch, int32_t threads = 1);
SampleRun expectedRun(int64_t batch);

} // namespace horn::backend
