// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The pass kernel-to-llvm: Horn's own steps, then the upstream conversions at once.
#include "compiler/backend/Lowering.h"
#include "compiler/backend/Passes.h"

#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/UBToLLVM/UBToLLVM.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/IR/Threading.h"

using namespace mlir;

namespace horn::backend {

#define GEN_PASS_DEF_KERNELTOLLVM
#include "compiler/backend/Passes.h.inc"

/// Whether a math op is an instruction or a few, and never a call of the library.
static bool isInstruction(Operation *op) {
  return isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::CopySignOp, math::CountLeadingZerosOp,
             math::CountTrailingZerosOp, math::CtPopOp, math::FloorOp, math::FmaOp, math::IsNaNOp,
             math::IsInfOp, math::IsFiniteOp, math::RoundEvenOp, math::SqrtOp, math::TruncOp>(op);
}

static LogicalResult checkMath(ModuleOp module) {
  WalkResult result = module.walk([](Operation *op) {
    if (!isa_and_nonnull<math::MathDialect>(op->getDialect()) || isInstruction(op))
      return WalkResult::advance();
    op->emitOpError("is no instruction: write a polynomial or a kernel.call");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// Vector ops that LLVM has nothing like, as others that it has. The patterns are for one
/// dimension.
static void addVectorExpansions(RewritePatternSet &patterns) {
  vector::populateVectorStepLoweringPatterns(patterns);
  vector::populateVectorMaskOpLoweringPatterns(patterns);
  vector::populateVectorMaskMaterializationPatterns(patterns, /*force32BitVectorIndices=*/false);
  vector::populateVectorInsertExtractStridedSliceTransforms(patterns);
}

/// Everything that is left, to the LLVM dialect: each function for itself, and several at once.
static LogicalResult convertToLLVM(ModuleOp module) {
  MLIRContext *context = module.getContext();
  LLVMTypeConverter converter(context);
  LLVMConversionTarget target(*context);
  target.addLegalOp<ModuleOp, ir::VariableOp>();

  RewritePatternSet patterns(context);
  populateSCFToControlFlowConversionPatterns(patterns);
  cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
  arith::populateCeilFloorDivExpandOpsPatterns(patterns);
  arith::populateArithToLLVMConversionPatterns(converter, patterns);
  populateMathToLLVMConversionPatterns(converter, patterns);
  addVectorExpansions(patterns);
  populateVectorToLLVMConversionPatterns(converter, patterns);
  ub::populateUBToLLVMConversionPatterns(converter, patterns);
  FrozenRewritePatternSet frozen(std::move(patterns));
  SmallVector<Operation *> ops;
  for (Operation &op : *module.getBody())
    ops.push_back(&op);
  return failableParallelForEach(context, ops, [&](Operation *op) {
    if (failed(applyFullConversion(op, target, frozen)))
      return failure();
    if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op))
      moveBFloat16AsIntegers(function);
    return success();
  });
}

namespace {
struct KernelToLLVM : impl::KernelToLLVMBase<KernelToLLVM> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    addOutputShapes(module);
    expandBFloat16(module);
    if (failed(checkMath(module)) || failed(lowerMemory(module)) ||
        failed(lowerFunctions(module)) || failed(convertToLLVM(module)))
      return signalPassFailure();
  }
};
} // namespace

} // namespace horn::backend
