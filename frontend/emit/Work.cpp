// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How much a model has to compute.
#include "compiler/analysis/Work.h"
#include "dialects/horn/Decompose.h"
#include "dialects/horn/HornModuleOps.h"
#include "frontend/emit/Compilation.h"
#include "frontend/emit/CompiledModel.h"
#include "frontend/emit/GraphEmitter.h"
#include "frontend/emit/MlirContext.h"

#include "mlir/IR/BuiltinOps.h"

namespace horn {

int64_t count_flops(const Model &model, const std::vector<Array> &inputs) {
  emit::DiagnosticScope diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module = emit::emit_graph(*model.network());
  // Composites such as attention hide products; a transposed convolution is one itself.
  ir::decomposeAll(*module, [](mlir::Operation *op) {
    return op->getName().stripDialect() == "conv_transpose";
  });
  llvm::SmallVector<llvm::SmallVector<int64_t>> shapes;
  for (const Array &input : inputs)
    shapes.emplace_back(input.shape().begin(), input.shape().end());
  auto forward = module->lookupSymbol<mlir::func::FuncOp>(ir::kForward);
  mlir::FailureOr<int64_t> flops = countFlops(forward, shapes);
  if (mlir::failed(flops))
    emit::fail(model.name(), diagnostics.text());
  return *flops;
}

} // namespace horn
