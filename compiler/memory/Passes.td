// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef HORN_COMPILER_MEMORY_PASSES
#define HORN_COMPILER_MEMORY_PASSES

include "mlir/Pass/PassBase.td"

def KernelAcquireVariables : Pass<"kernel-acquire-variables", "::mlir::ModuleOp"> {
  let summary = "lets @prepare have variables from their first to their last use";
  let description = [{
    The raw values of the weights need not be in memory all at once, nor beside all that is prepared
    from them.

    ```mlir
    %w = kernel.weight @w : !llvm.ptr
    %p = kernel.weight @w.panels : !llvm.ptr
    ...
    kernel.launch @pack(%p, %w) ...
    ```
    becomes
    ```mlir
    %p = kernel.weight @w.panels : !llvm.ptr
    ...
    %w = kernel.acquire @w : !llvm.ptr
    kernel.launch @pack(%p, %w) ...
    kernel.release @w
    ```
  }];
}

def KernelPlanArena : Pass<"kernel-plan-arena", "::mlir::ModuleOp"> {
  let summary = "gives buffers of the drivers their places in the arena";
  let description = [{
    Buffers whose lifetimes do not meet may share memory. They are placed by decreasing size, each at
    the lowest place that is free while it lives, where sizes are taken at usual values of the unknown
    dimensions. What holds for all values is the order that comes out of it: a buffer starts where the
    last of those below it ends. A function computes that for the values of a run: `@plan` for
    `@forward`, `@prepare_plan` for `@prepare`. It stores the offsets and returns the arena's bytes.

    The driver gets the attributes `kernel.arena_bytes`, at the usual values, and `kernel.live_bytes`,
    the most that is alive at once, which no plan can beat.

    ```mlir
    %a = kernel.buffer %bytes : !llvm.ptr
    kernel.launch @f(%a, %x) ...
    %b = kernel.buffer %bytes : !llvm.ptr
    kernel.launch @g(%b, %a) ...
    ```
    becomes
    ```mlir
    %a = kernel.buffer %bytes {index = 0 : i64} : !llvm.ptr
    ...
    func.func @plan(%symbols: !llvm.ptr, %offsets: !llvm.ptr) -> i64 {
      kernel.store %zero, %offsets[%zero] : i64 to !llvm.ptr
      kernel.store %a_end, %offsets[%one] : i64 to !llvm.ptr
      return %b_end : i64
    }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect"];
}

#endif
