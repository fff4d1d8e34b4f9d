// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that combine elements along axes.
#ifndef HORN_REDUCE_OPS
#define HORN_REDUCE_OPS

include "HornBase.td"

/// Marks the reductions that have a combining function and a start value.
def Horn_Reduction : NativeOpTrait<"Reduction"> { let cppNamespace = "::horn::ir"; }

class Horn_ReduceOp<string mnemonic, string formula, Type tensor = Horn_Tensor>
    : Horn_Op<mnemonic, [Horn_Reduction]> {
  let summary = formula # " along axes";
  let description = "Combines the elements along `axes`, which are dropped or, with `keepdims`, kept with "
                    "size 1.\n\n```mlir\n%y = horn." # mnemonic #
                    " %x {axes = array<i64: 1>, keepdims = false} : (tensor<?x4xf32>) -> tensor<?xf32>\n```";
  let arguments = (ins tensor:$x, DenseI64ArrayAttr:$axes, BoolAttr:$keepdims);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = inferDefinition # [{
    ::llvm::LogicalResult $cppClass::shapeRule(
        Adaptor op, ::horn::ir::ShapeScope &scope, ::llvm::ArrayRef<::horn::ir::Dims> operands,
        ::llvm::SmallVectorImpl<::horn::ir::Dims> &results) {
      return ::horn::ir::detail::reduceRule(scope, operands[0], op.getAxes(), op.getKeepdims(), results);
    }
  }];
}
def Horn_ReduceSumOp : Horn_ReduceOp<"reduce_sum", "the sum">;
def Horn_ReduceMeanOp : Horn_ReduceOp<"reduce_mean", "the mean", Horn_FloatTensor>;
def Horn_ReduceMaxOp : Horn_ReduceOp<"reduce_max", "the largest element, NaN if one is NaN,">;
def Horn_ReduceMinOp : Horn_ReduceOp<"reduce_min", "the smallest element, NaN if one is NaN,">;
def Horn_ReduceProdOp : Horn_ReduceOp<"reduce_prod", "the product">;
def Horn_ReduceAnyOp : Horn_ReduceOp<"reduce_any", "whether any is true", Horn_BoolTensor>;
def Horn_ReduceAllOp : Horn_ReduceOp<"reduce_all", "whether all are true", Horn_BoolTensor>;

class Horn_ArgOp<string mnemonic, string formula> : Horn_Op<mnemonic, [], "int32Element(op)"> {
  let summary = "index of the " # formula # " along an axis";
  let description = "The first index if several are equal.\n\n```mlir\n%y = horn." # mnemonic #
                    " %x {axis = 1 : i64, keepdims = false} : (tensor<?x4xf32>) -> tensor<?xi32>\n```";
  let arguments = (ins Horn_Tensor:$x, I64Attr:$axis, BoolAttr:$keepdims);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = inferDefinition # [{
    ::llvm::LogicalResult $cppClass::shapeRule(
        Adaptor op, ::horn::ir::ShapeScope &scope, ::llvm::ArrayRef<::horn::ir::Dims> operands,
        ::llvm::SmallVectorImpl<::horn::ir::Dims> &results) {
      return ::horn::ir::detail::reduceRule(scope, operands[0], {static_cast<int64_t>(op.getAxis())},
                                            op.getKeepdims(), results);
    }
  }];
}
def Horn_ArgmaxOp : Horn_ArgOp<"argmax", "largest element">;
def Horn_ArgminOp : Horn_ArgOp<"argmin", "smallest element">;

class Horn_CumulativeOp<string mnemonic, string formula> : Horn_SameShapeOp<mnemonic, "firstElement(op)"> {
  let summary = "running " # formula # " along an axis";
  let description = "`exclusive` leaves the element itself out, `reverse` runs from the end.\n\n```mlir\n%y = horn." #
                    mnemonic # " %x {axis = 1 : i64, reverse = false, exclusive = false} : (tensor<?x4xf32>) -> tensor<?x4xf32>\n```";
  let arguments = (ins Horn_Tensor:$x, I64Attr:$axis, BoolAttr:$reverse, BoolAttr:$exclusive);
}
def Horn_CumulativeSumOp : Horn_CumulativeOp<"cumulative_sum", "sum">;
def Horn_CumulativeProdOp : Horn_CumulativeOp<"cumulative_prod", "product">;

def Horn_SortOp : Horn_SameShapeOp<"sort", "firstElement(op)"> {
  let summary = "sorts along an axis";
  let description = [{
    NaN counts as the largest value.

    ```mlir
    %y = horn.sort %x {axis = 1 : i64, descending = false} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, I64Attr:$axis, BoolAttr:$descending);
}
def Horn_ArgsortOp : Horn_SameShapeOp<"argsort", "int32Element(op)"> {
  let summary = "the indices that sort along an axis, equal elements in their order";
  let description = [{
    ```mlir
    %y = horn.argsort %x {axis = 1 : i64, descending = false} : (tensor<?x4xf32>) -> tensor<?x4xi32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, I64Attr:$axis, BoolAttr:$descending);
}

#endif
