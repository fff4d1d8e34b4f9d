// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn-lsp-server: tells editors about MLIR files with Horn's dialects.

#include "compiler/Pipeline.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  horn::registerDialects(registry);
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
