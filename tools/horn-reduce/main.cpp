// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn-reduce: makes a file of MLIR smaller while a script still finds its fault.
#include "compiler/Pipeline.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  horn::registerDialects(registry);
  mlir::registerTransformsPasses();
  horn::registerPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
