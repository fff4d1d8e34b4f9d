// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef KERNEL_OPS
#define KERNEL_OPS

include "KernelDialect.td"
include "mlir/Dialect/LLVMIR/LLVMTypes.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Kernel_Op<string mnemonic, list<Trait> traits = []> : Op<Kernel_Dialect, mnemonic, traits>;

//===--- what a run is given -------------------------------------------------------------------===//

def Kernel_SymbolOp : Kernel_Op<"symbol", [Pure]> {
  let summary = "the size of an unknown dimension in this run";
  let description = [{
    ```mlir
    %batch = kernel.symbol 0
    ```
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs I64:$size);
  let assemblyFormat = "$index attr-dict";
}

def Kernel_InputOp : Kernel_Op<"input", [Pure]> {
  let summary = "the memory of an input of the model";
  let description = [{
    ```mlir
    %image = kernel.input 0
    ```
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$index attr-dict `:` type($pointer)";
}

def Kernel_OutputOp : Kernel_Op<"output", [Pure]> {
  let summary = "the memory of an output of the model";
  let description = [{
    ```mlir
    %digit = kernel.output 0
    ```
  }];
  let arguments = (ins I64Attr:$index);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$index attr-dict `:` type($pointer)";
}

def Kernel_WeightOp : Kernel_Op<"weight", [Pure]> {
  let summary = "the memory of a variable";
  let description = [{
    ```mlir
    %bias = kernel.weight @dense.bias : !llvm.ptr
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$variable attr-dict `:` type($pointer)";
}

def Kernel_AcquireOp : Kernel_Op<"acquire"> {
  let summary = "the memory of a variable, until it is released";
  let description = [{
    For `@prepare`, which then has the raw value of a variable in memory only from its first to its last
    use. When there is no value, the driver returns here.

    ```mlir
    %kernel = kernel.acquire @conv2d.kernel : !llvm.ptr
    kernel.launch @pack(%panels, %kernel) ...
    kernel.release @conv2d.kernel
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$variable attr-dict `:` type($pointer)";
}

def Kernel_ReleaseOp : Kernel_Op<"release"> {
  let summary = "ends the use of a variable's memory";
  let description = [{
    ```mlir
    kernel.release @conv2d.kernel
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let assemblyFormat = "$variable attr-dict";
}

def Kernel_ConstantOp : Kernel_Op<"constant", [Pure]> {
  let summary = "the memory of a small constant";
  let description = [{
    ```mlir
    %scales = kernel.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32> -> !llvm.ptr
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$value attr-dict `->` type($pointer)";
}

def Kernel_BufferOp : Kernel_Op<"buffer", [MemoryEffects<[MemAlloc]>]> {
  let summary = "temporary memory in the arena";
  let description = [{
    Uninitialised, aligned to 64 bytes. It lives from its first to its last use; memory planning gives
    it an `index` into the table of offsets that the planning function computes.

    ```mlir
    %b = kernel.buffer %bytes : !llvm.ptr
    %c = kernel.buffer %bytes {index = 3 : i64} : !llvm.ptr
    ```
  }];
  let arguments = (ins I64:$bytes, OptionalAttr<I64Attr>:$index);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$bytes attr-dict `:` type($pointer)";
}

def Kernel_ElementOp : Kernel_Op<"element", [Pure]> {
  let summary = "the address of an element";
  let description = [{
    ```mlir
    %p = kernel.element %base[%offset] : f32
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$base, I64:$index, TypeAttr:$elementType);
  let results = (outs LLVM_AnyPointer:$pointer);
  let assemblyFormat = "$base `[` $index `]` attr-dict `:` $elementType `->` type($pointer) `from` type($base)";
}

//===--- launches --------------------------------------------------------------------------------===//

def Kernel_LaunchOp : Kernel_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs the tasks of a kernel, on several threads if there is work for them";
  let description = [{
    Every task from 0 to `tasks` is done once; a thread gets at least `grain` of them. The arguments are
    pointers and i64.

    `apart` is for the only launch of a loop in a team: its tasks in runs of so many, of which each needs
    nothing that other runs wrote in the rounds before. If there are enough runs, each thread has some
    of its own in all rounds and waits for nobody.

    ```mlir
    kernel.launch @relu(%y, %x, %n) tasks(%blocks) grain(%grain)
      : (!llvm.ptr, !llvm.ptr, i64) -> ()
    kernel.launch @cell(%h, %x) tasks(%tasks) grain(%grain) {apart = 4 : i64}
      : (!llvm.ptr, !llvm.ptr) -> ()
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<AnyTypeOf<[LLVM_AnyPointer, I64]>>:$arguments,
                       I64:$tasks, I64:$grain, OptionalAttr<I64Attr>:$apart);
  let assemblyFormat = [{
    $kernel `(` $arguments `)` `tasks` `(` $tasks `)` `grain` `(` $grain `)` attr-dict
    `:` functional-type($arguments, results)
  }];
}

def Kernel_TeamOp : Kernel_Op<"team", [RecursiveMemoryEffects, SingleBlock, NoTerminator]> {
  let summary = "launches that one team of threads runs together";
  let description = [{
    For loops over time, whose launches are short and many. Every thread of the team, at most `limit` of
    them, runs the body; the tasks of each launch inside are split among them, always in the same way, and
    no thread goes on behind a launch before all have done their tasks. The body has no effect but its
    launches'.

    ```mlir
    kernel.team limit(%tasks) {
      scf.for %step = %zero to %steps step %one : i64 {
        kernel.launch @cell(%h, %x) tasks(%tasks) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
      }
    }
    ```
  }];
  let arguments = (ins I64:$limit);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`limit` `(` $limit `)` $body attr-dict";
}

def Kernel_TeamsOp : Kernel_Op<"teams", [RecursiveMemoryEffects, SingleBlock, NoTerminator]> {
  let summary = "teams that may run side by side";
  let description = [{
    For loops over time that do not depend on one another, as the two directions of a recurrent layer: the
    body holds a `kernel.team` for each and nothing else. The threads are shared out among the teams, or
    the teams run one after the other on all threads, whichever is quicker by `nanoseconds`, which are
    about how long each takes one thread. Buffers must be made outside, as no team is before another.

    ```mlir
    kernel.teams nanoseconds(%a, %b) {
      kernel.team limit(%tasks) { ... }
      kernel.team limit(%tasks) { ... }
    }
    ```
  }];
  let arguments = (ins Variadic<I64>:$nanoseconds);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`nanoseconds` `(` $nanoseconds `)` $body attr-dict";
  let hasVerifier = 1;
}

//===--- memory inside kernels ----------------------------------------------------------------===//

def Kernel_LoadOp : Kernel_Op<"load", [MemoryEffects<[MemRead]>]> {
  let summary = "loads an element or a vector of neighbours";
  let description = [{
    Bools are bytes in memory and i1 here. With a mask, lanes that are off read nothing and are 0.

    ```mlir
    %s = kernel.load %p[%i] : f32 from !llvm.ptr
    %v = kernel.load %p[%i] mask %m : vector<16xi1> : vector<16xf32> from !llvm.ptr
    ```
  }];
  let arguments = (ins LLVM_AnyPointer:$base, I64:$index, Optional<VectorOfAnyRankOf<[I1]>>:$mask);
  let results = (outs AnyType:$value);
  let assemblyFormat = "$base `[` $index `]` (`mask` $mask^ `:` type($mask))? attr-dict `:` type($value) `from` type($base)";
}

def Kernel_StoreOp : Kernel_Op<"store", [MemoryEffects<[MemWrite]>]> {
  let summary = "stores an element or a vector of neighbours";
  let description = [{
    ```mlir
    kernel.store %v, %p[%i] mask %m : vector<16xi1> : vector<16xf32> to !llvm.ptr
    ```
  }];
  let arguments = (ins AnyType:$value, LLVM_AnyPointer:$base, I64:$index, Optional<VectorOfAnyRankOf<[I1]>>:$mask);
  let assemblyFormat = "$value `,` $base `[` $index `]` (`mask` $mask^ `:` type($mask))? attr-dict `:` type($value) `to` type($base)";
}

def Kernel_CallOp : Kernel_Op<"call", [Pure]> {
  let summary = "a function of the C library, for each lane";
  let description = [{
    For functions that are too rare for an own polynomial: sinf, powf, ... All operands and the result
    have one type, float or double or a vector of them.

    ```mlir
    %y = kernel.call "sinf"(%x) : (vector<16xf32>) -> vector<16xf32>
    ```
  }];
  let arguments = (ins StrAttr:$function, Variadic<AnyType>:$operands);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$function `(` $operands `)` attr-dict `:` functional-type($operands, $result)";
}

#endif
