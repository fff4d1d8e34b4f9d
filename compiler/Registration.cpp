// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Dialects and passes, for the tools that take them by name.
#include "compiler/Pipeline.h"

#include "compiler/backend/Passes.h"
#include "compiler/graph/Passes.h"
#include "compiler/lowering/Passes.h"
#include "compiler/memory/Passes.h"
#include "dialects/horn/Horn.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace horn {

void registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<ir::HornDialect, kernel::KernelDialect, mlir::arith::ArithDialect,
                  mlir::cf::ControlFlowDialect, mlir::func::FuncDialect, mlir::LLVM::LLVMDialect,
                  mlir::math::MathDialect, mlir::scf::SCFDialect, mlir::vector::VectorDialect>();
}

void registerPasses() {
  graph::registerPasses();
  lowering::registerPasses();
  memory::registerPasses();
  backend::registerPasses();
}

} // namespace horn
