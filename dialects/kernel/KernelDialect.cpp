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

LogicalResult TeamsOp::verify() {
  Block &block = getBody().front();
  if (block.getOperations().size() != getNanoseconds().size() ||
      !llvm::all_of(block, [](Operation &op) { return isa<TeamOp>(op); }))
    return emitOpError("must hold one kernel.team for each of its operands and nothing else");
  bool makesBuffers =
      getBody().walk([](BufferOp) { return WalkResult::interrupt(); }).wasInterrupted();
  if (makesBuffers)
    return emitOpError("must not make buffers: its teams might get the same memory");
  return success();
}

#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.cpp.inc"
