// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Variables, constants, loops over time and fused groups.
#ifndef HORN_MODULE_OPS
#define HORN_MODULE_OPS

include "HornBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

def Horn_VariableOp : Op<Horn_Dialect, "variable", [Symbol]> {
  let summary = "declares a variable whose value is kept outside the IR";
  let description = [{
    `kind` is "weight" (given with the model), "prepared" (computed by `@prepare` from weights) or
    "state" (changed by a run; every session has its own).

    ```mlir
    horn.variable @dense.kernel : tensor<784x64xf32> {kind = "weight"}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Horn_Tensor>:$type,
                       DefaultValuedStrAttr<StrAttr, "weight">:$kind);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
  let hasVerifier = 1;
}

def Horn_ReadOp : Op<Horn_Dialect, "read", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                            MemoryEffects<[MemRead]>]> {
  let summary = "the value of a variable";
  let description = [{
    ```mlir
    %w = horn.read @dense.kernel : tensor<784x64xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Horn_Tensor:$value);
  let assemblyFormat = "$variable `:` type($value) attr-dict";
}

def Horn_AssignOp : Op<Horn_Dialect, "assign", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                                MemoryEffects<[MemWrite]>]> {
  let summary = "sets a state variable";
  let description = [{
    ```mlir
    horn.assign @lstm.h, %h : tensor<8x64xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable, Horn_Tensor:$value);
  let assemblyFormat = "$variable `,` $value `:` type($value) attr-dict";
}

def Horn_KeepOp : Op<Horn_Dialect, "keep", [DeclareOpInterfaceMethods<SymbolUserOpInterface>,
                                            MemoryEffects<[MemWrite]>]> {
  let summary = "stores a prepared value, in @prepare";
  let description = [{
    ```mlir
    horn.keep @dense.panels, %p : tensor<1x784x64xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable, Horn_Tensor:$value);
  let assemblyFormat = "$variable `,` $value `:` type($value) attr-dict";
}

def Horn_ConstantOp : Op<Horn_Dialect, "constant", [Pure, ConstantLike, AllTypesMatch<["value", "result"]>]> {
  let summary = "a small constant";
  let description = [{
    Weights are variables, not constants; these are the scalars and short vectors of formulas.

    ```mlir
    %c = horn.constant dense<2.0> : tensor<f32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Horn_Tensor:$result);
  let assemblyFormat = "$value attr-dict";
  let hasFolder = 1;
}

def Horn_YieldOp : Op<Horn_Dialect, "yield", [Pure, Terminator, ReturnLike,
                                              ParentOneOf<["ScanOp", "FusedOp"]>]> {
  let summary = "ends the body of a scan or a fused group";
  let description = [{
    ```mlir
    horn.yield %h, %y : tensor<?x8xf32>, tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Horn_ScanOp : Op<Horn_Dialect, "scan", [AttrSizedOperandSegments, RecursiveMemoryEffects,
                                            SingleBlock]> {
  let summary = "a loop over time with carried values";
  let description = [{
    Runs the body once for each index of axis 1 of the sequences. Block arguments: the carried values,
    then one slice of each sequence (axis 1 dropped). The body yields the new carried values and the
    step's outputs. Results: the last carried values, then the outputs stacked along axis 1 in the
    order of processing. `reverse` walks from the last index to the first.

    ```mlir
    %h, %ys = horn.scan carried(%h0 : tensor<?x8xf32>) sequences(%x : tensor<?x5x4xf32>) -> (tensor<?x8xf32>, tensor<?x5x8xf32>) {
    ^bb0(%h_t: tensor<?x8xf32>, %x_t: tensor<?x4xf32>):
      ...
      horn.yield %h_next, %y : tensor<?x8xf32>, tensor<?x8xf32>
    } {reverse = false}
    ```
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$carried, Variadic<Horn_Tensor>:$sequences, BoolAttr:$reverse);
  let results = (outs Variadic<Horn_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `carried` `(` ($carried^ `:` type($carried))? `)` `sequences` `(` ($sequences^ `:` type($sequences))? `)`
    `->` `(` type($results) `)` $body attr-dict
  }];
  let hasVerifier = 1;
}

def Horn_FusedOp : Op<Horn_Dialect, "fused", [Pure, IsolatedFromAbove,
                                              SingleBlock]> {
  let summary = "a group of ops that becomes one kernel";
  let description = [{
    The body holds the ops of the group: at most one contraction, pooling or reduction, and the
    element-wise ops around it.

    ```mlir
    %y = horn.fused(%x, %w, %b) : (tensor<?x784xf32>, tensor<16x784x64xf32>, tensor<1000xf32>) -> tensor<?x1000xf32> {
    ^bb0(%x0: tensor<?x784xf32>, %w0: tensor<16x784x64xf32>, %b0: tensor<1000xf32>):
      ...
      horn.yield %r : tensor<?x1000xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$inputs);
  let results = (outs Variadic<Horn_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "`(` ($inputs^)? `)` `:` functional-type($inputs, $results) $body attr-dict";
  let hasVerifier = 1;
}

#endif
