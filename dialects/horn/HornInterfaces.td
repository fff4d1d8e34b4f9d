// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef HORN_INTERFACES
#define HORN_INTERFACES

include "mlir/IR/OpBase.td"

def Horn_ShapeRuleInterface : OpInterface<"ShapeRule"> {
  let cppNamespace = "::horn::ir";
  let description = [{
    The one statement of an op's result shapes. It works on symbolic dimensions, so that it serves
    result types (unknown dimensions become `?`) as well as the compiler's plans for any batch size.
  }];
  let methods = [
    InterfaceMethod<
      "Computes the result shapes from the operands' shapes.",
      "::llvm::LogicalResult", "resultShapes",
      (ins "::horn::ir::ShapeScope &":$scope, "::llvm::ArrayRef<::horn::ir::Dims>":$operands,
           "::llvm::SmallVectorImpl<::horn::ir::Dims> &":$results)>,
  ];
}

def Horn_DecomposableInterface : OpInterface<"Decomposable"> {
  let cppNamespace = "::horn::ir";
  let description = [{
    A composite op, which can be replaced by simpler ones. The interpreter and autodiff see only
    what decomposition leaves; code generation may take the composite as it is.
  }];
  let methods = [
    InterfaceMethod<
      "Builds the equivalent ops before this one and returns the values of its results.",
      "::llvm::SmallVector<::mlir::Value>", "decompose", (ins "::mlir::OpBuilder &":$builder)>,
  ];
}

#endif
