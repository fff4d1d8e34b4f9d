// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef HORN_COMPILER_BACKEND_PASSES
#define HORN_COMPILER_BACKEND_PASSES

include "mlir/Pass/PassBase.td"

def KernelToLLVM : Pass<"kernel-to-llvm", "::mlir::ModuleOp"> {
  let summary = "makes LLVM functions of kernels and drivers";
  let description = [{
    A kernel becomes a task of the runtime's pool, a driver a function of the run's frame (see
    `horn_frame` in runtime.h), and the shapes of the outputs a function `@output_shapes`. Buffers must
    have been planned (`kernel-plan-arena`). `horn.variable` ops and the module's attributes stay: the
    program's descriptor is made from them.

    `math` ops must be those with an instruction: fma, sqrt, floor, ceil, trunc, roundeven, absf, ...
    Others are refused, since LLVM would make library calls of them.

    ```mlir
    func.func private @twice(%y: !llvm.ptr, %n: i64, %begin: i64, %end: i64) attributes {kernel.kernel} {
      %x = kernel.load %y[%begin] : f32 from !llvm.ptr
      ...
    func.func @forward() {
      %y = kernel.output 0 : !llvm.ptr
      kernel.launch @twice(%y, %n) tasks(%n) grain(%n) : (!llvm.ptr, i64) -> ()
    ```
    becomes
    ```mlir
    llvm.func hidden @twice(%arguments: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
      %y = llvm.load %arguments : !llvm.ptr -> !llvm.ptr
      ...
    llvm.func @forward(%frame: !llvm.ptr) {
      ...
      llvm.call @horn_parallel_for(%pool, %twice, %arguments, %n, %n) : (...) -> ()
    ```
  }];
  let dependentDialects = [
    "::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect", "::mlir::cf::ControlFlowDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
}

#endif
