// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

#include "dialects/kernel/KernelDialect.cpp.inc"

using namespace mlir;
using namespace horn::kernel;

void KernelDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/kernel/KernelOps.cpp.inc"
      >();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto kernel = symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getKernelAttr());
  if (!kernel)
    return emitOpError("refers to ")
           << getKernelAttr() << ", which is not a function of the module";
  // The range of tasks is passed behind the launch's arguments.
  ArrayRef<Type> parameters = kernel.getArgumentTypes();
  if (parameters.size() != getArguments().size() + 2 ||
      !llvm::equal(parameters.drop_back(2), getArguments().getTypes()))
    return emitOpError("arguments do not fit the kernel ") << getKernelAttr();
  return success();
}

#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.cpp.inc"
