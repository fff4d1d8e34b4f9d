// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches on buffers, and the loads and stores inside kernels.
#ifndef KERNEL_DIALECT
#define KERNEL_DIALECT

include "mlir/IR/OpBase.td"

def Kernel_Dialect : Dialect {
  let name = "kernel";
  let cppNamespace = "::horn::kernel";
  let summary = "kernels, their launches and their memory";
  let description = [{
    What the graph becomes: `@forward` is a straight line (or loops over time) of `kernel.launch` on
    buffers; each kernel is a function of pointers and sizes that works on a range of tasks. Kernels
    are written with `scf`, `arith`, `math` and `vector`; memory is reached by `kernel.load` and
    `kernel.store` through plain pointers and element indices, so that one kernel serves all sizes.

    A kernel is a `func.func` with the attribute `kernel.kernel`; its last two arguments are the first
    task and the end of its range:

    ```mlir
    func.func private @relu(%y: !llvm.ptr, %x: !llvm.ptr, %n: i64, %begin: i64, %end: i64)
        attributes {kernel.kernel} { ... }
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

#endif
