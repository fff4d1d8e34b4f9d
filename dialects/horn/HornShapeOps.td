// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that move elements without computing: views, joins, look-ups.
#ifndef HORN_SHAPE_OPS
#define HORN_SHAPE_OPS

include "HornBase.td"

class Horn_MoveOp<string mnemonic, list<Trait> traits = [], string elementRule = "firstElement(op)">
    : Horn_Op<mnemonic, traits, elementRule> {
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Horn_ReshapeOp : Horn_MoveOp<"reshape"> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    Entries of `shape`: a size; -1 for the one that follows from the others; -2 for the size that the
    operand has on the same axis; -3 - k for the size of axis k of `like`.

    ```mlir
    %y = horn.reshape %x {shape = array<i64: -2, -1>} : (tensor<?x4x5xf32>) -> tensor<?x20xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Optional<Horn_Tensor>:$like, DenseI64ArrayAttr:$shape);
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Horn_BroadcastToOp : Horn_MoveOp<"broadcast_to"> {
  let summary = "repeats axes of size 1 as NumPy's broadcast_to does";
  let description = [{
    Entries of `shape` as for `horn.reshape`; -2 counts axes from the last one.

    ```mlir
    %y = horn.broadcast_to %x {shape = array<i64: 3, 4>} : (tensor<4xf32>) -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Optional<Horn_Tensor>:$like, DenseI64ArrayAttr:$shape);
  let hasFolder = 1;
}

def Horn_TransposeOp : Horn_MoveOp<"transpose"> {
  let summary = "permutes the axes";
  let description = [{
    Axis `i` of the result is axis `permutation[i]` of the operand.

    ```mlir
    %y = horn.transpose %x {permutation = array<i64: 1, 0>} : (tensor<3x4xf32>) -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Horn_ConcatenateOp : Horn_MoveOp<"concatenate", [SameOperandsAndResultElementType]> {
  let summary = "joins tensors along an axis";
  let description = [{
    ```mlir
    %y = horn.concatenate %a, %b {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x3xf32>) -> tensor<?x5xf32>
    ```
  }];
  let arguments = (ins Variadic<Horn_Tensor>:$xs, I64Attr:$axis);
  let hasFolder = 1;
}

def Horn_SliceOp : Horn_MoveOp<"slice"> {
  let summary = "Python's slicing x[start:limit:step] on every axis";
  let description = [{
    Negative starts and limits count from the end; the largest and smallest int64 stand for an open
    end. Steps may be negative, not 0.

    ```mlir
    %y = horn.slice %x {starts = array<i64: 0, 1>, limits = array<i64: 9223372036854775807, 3>,
                        steps = array<i64: 1, 1>} : (tensor<?x4xf32>) -> tensor<?x2xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$limits,
                       DenseI64ArrayAttr:$steps);
  let hasFolder = 1;
}

def Horn_PadOp : Horn_MoveOp<"pad"> {
  let summary = "puts a constant around and between the elements";
  let description = [{
    `low` and `high` elements before and after each axis, `interior` ones between neighbours.

    ```mlir
    %y = horn.pad %x {low = array<i64: 0, 1>, high = array<i64: 0, 2>, interior = array<i64: 0, 0>,
                      value = 0.0 : f64} : (tensor<?x4xf32>) -> tensor<?x7xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                       DenseI64ArrayAttr:$interior, F64Attr:$value);
  let hasFolder = 1;
}

def Horn_ReverseOp : Horn_MoveOp<"reverse"> {
  let summary = "turns axes around";
  let description = [{
    ```mlir
    %y = horn.reverse %x {axes = array<i64: 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$axes);
}

def Horn_TakeOp : Horn_MoveOp<"take", [], "elementOf(op.getTable())"> {
  let summary = "picks slices of a table by index";
  let description = [{
    The result's shape is `table[:axis] + indices + table[axis+1:]`. `mode` says what an index
    outside the table gives: the nearest row ("clip"), NaN or the smallest integer ("fill", where
    -n to -1 count from the end), or the row modulo the size ("wrap").

    ```mlir
    %y = horn.take %table, %ids {axis = 0 : i64, mode = "clip"} : (tensor<26x8xf32>, tensor<?x11xi32>) -> tensor<?x11x8xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$table, Horn_IntegerTensor:$indices, I64Attr:$axis, StrAttr:$mode);
  let hasVerifier = 1;
}

def Horn_TakeAlongAxisOp : Horn_MoveOp<"take_along_axis"> {
  let summary = "picks elements along an axis by an index tensor of the same rank";
  let description = [{
    NumPy's take_along_axis; the other axes are broadcast. Negative indices count from the end.

    ```mlir
    %y = horn.take_along_axis %x, %ids {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x2xi32>) -> tensor<?x2xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_IntegerTensor:$indices, I64Attr:$axis);
}

def Horn_ScatterOp : Horn_MoveOp<"scatter"> {
  let summary = "puts rows into a copy of a tensor, by index";
  let description = [{
    The operand's copy with `updates[i]` put into row `indices[i]` of its first axis, in the order of `i`:
    in place of what is there ("set"), or joined with it ("add", "multiply", "maximum", "minimum").
    Rows outside the tensor are left out; negative indices are outside.

    ```mlir
    %y = horn.scatter %x, %ids, %rows {combine = "add"} : (tensor<9x4xf32>, tensor<?xi32>, tensor<?x4xf32>) -> tensor<9x4xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_IntegerTensor:$indices, Horn_Tensor:$updates, StrAttr:$combine);
  let hasVerifier = 1;
}

def Horn_IotaOp : Horn_MoveOp<"iota", [], "op.getDtype()"> {
  let summary = "each element is its own index along an axis";
  let description = [{
    Entries of `shape` as for `horn.reshape`, without -1 and -2.

    ```mlir
    %y = horn.iota {shape = array<i64: 3, 4>, axis = 1 : i64, dtype = i32} : () -> tensor<3x4xi32>
    ```
  }];
  let arguments = (ins Optional<Horn_Tensor>:$like, DenseI64ArrayAttr:$shape, I64Attr:$axis, TypeAttr:$dtype);
}

#endif
