// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// horn-opt: runs passes on a file of MLIR; the driver of the lit tests.
#include "compiler/Pipeline.h"

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  horn::registerDialects(registry);
  mlir::registerTransformsPasses();
  horn::registerPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Horn's optimizer driver\n", registry));
}
