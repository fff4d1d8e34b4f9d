// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From the graph to kernels and their launches.
#ifndef HORN_LOWERING_PASSES
#define HORN_LOWERING_PASSES

include "mlir/Pass/PassBase.td"

def HornLowerToKernels : Pass<"horn-lower-to-kernels", "::mlir::ModuleOp"> {
  let summary = "turn the functions of the graph into drivers that launch kernels";
  let description = [{
    Each `horn.fused` group becomes a launch of a kernel, which is written for its kind of group and shared
    by all groups that differ only in sizes. Ops that move elements become views. The functions then take
    and return nothing: they read `kernel.input`s, `kernel.weight`s and sizes, and write `kernel.output`s.
    What a run needs to know of inputs, outputs and unknown sizes is kept in attributes of the module.

    ```mlir
    func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %y = horn.fused(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32> { ... horn.relu ... }
      return %y : tensor<?x4xf32>
    }
    ```
    becomes
    ```mlir
    func.func private @horn_elementwise_0(%y: !llvm.ptr, %x: !llvm.ptr, %n: i64, %begin: i64, %end: i64) { ... }
    func.func @forward() {
      %batch = kernel.symbol 0
      %n = arith.muli %batch, %c4 : i64
      %y = kernel.output 0 : !llvm.ptr
      %x = kernel.input 0 : !llvm.ptr
      kernel.launch @horn_elementwise_0(%y, %x, %n) tasks(%tasks) grain(%grain)
        : (!llvm.ptr, !llvm.ptr, i64) -> ()
      return
    }
    ```
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", "\"native\"", "the CPU to write kernels for, by LLVM's name">,
  ];
  let dependentDialects = ["::horn::kernel::KernelDialect", "::horn::ir::HornDialect", "::mlir::arith::ArithDialect",
                           "::mlir::scf::SCFDialect", "::mlir::math::MathDialect", "::mlir::vector::VectorDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

#endif
