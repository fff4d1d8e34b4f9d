// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Types, traits and base classes of the horn ops.
#ifndef HORN_BASE
#define HORN_BASE

include "HornDialect.td"
include "HornInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Horn_Bool : AnyTypeOf<[I1], "bool">;
def Horn_Float : AnyTypeOf<[F32, F64, F16, BF16]>;
def Horn_Integer : AnyTypeOf<[I8, I16, I32, I64, UI8, UI16, UI32, UI64]>;
def Horn_Element : AnyTypeOf<[F32, F64, F16, BF16, I1, I8, I16, I32, I64, UI8, UI16, UI32, UI64]>;

def Horn_Tensor : RankedTensorOf<[Horn_Element], [], "tensor">;
def Horn_FloatTensor : RankedTensorOf<[Horn_Float], [], "tensor of floating-point elements">;
def Horn_IntegerTensor : RankedTensorOf<[Horn_Integer], [], "tensor of integers">;
def Horn_BitsTensor : RankedTensorOf<[Horn_Bool, Horn_Integer], [], "tensor of integers or bools">;
def Horn_BoolTensor : RankedTensorOf<[Horn_Bool], [], "tensor of bools">;

/// An op whose result types follow from its operands and attributes by one shape rule.
/// `elementRule` is the C++ expression (of `op`, an adaptor) for the element type of its result.
class Horn_Op<string mnemonic, list<Trait> traits = [], string elementRule = "firstElement(op)">
    : Op<Horn_Dialect, mnemonic,
         traits # [Pure, DeclareOpInterfaceMethods<InferTypeOpInterface>,
                   DeclareOpInterfaceMethods<Horn_ShapeRuleInterface>]> {
  string inferDeclaration = [{
    /// Result shapes from an adaptor, which need not belong to an op yet.
    static ::llvm::LogicalResult shapeRule(Adaptor op, ::horn::ir::ShapeScope &scope,
                                           ::llvm::ArrayRef<::horn::ir::Dims> operands,
                                           ::llvm::SmallVectorImpl<::horn::ir::Dims> &results);
  }];
  string inferDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      using namespace ::horn::ir::detail;
      Adaptor op(operands, attributes, properties, regions);
      return inferTypesByRule($cppClass::shapeRule, context, location, op, }] # elementRule # [{, types);
    }
    ::llvm::LogicalResult $cppClass::resultShapes(
        ::horn::ir::ShapeScope &scope, ::llvm::ArrayRef<::horn::ir::Dims> operands,
        ::llvm::SmallVectorImpl<::horn::ir::Dims> &results) {
      return shapeRule(Adaptor(*this), scope, operands, results);
    }
  }];
  let extraClassDeclaration = inferDeclaration;
  let extraClassDefinition = inferDefinition;
}

/// Marks ops that compute each result element from one element of each operand.
def Horn_Elementwise : NativeOpTrait<"Elementwise"> { let cppNamespace = "::horn::ir"; }

/// An element-wise op: operands are broadcast against one another as NumPy does.
class Horn_ElementwiseOp<string mnemonic, list<Trait> traits, string elementRule>
    : Horn_Op<mnemonic, traits # [Horn_Elementwise], elementRule> {
  let extraClassDefinition = inferDefinition # [{
    ::llvm::LogicalResult $cppClass::shapeRule(
        Adaptor op, ::horn::ir::ShapeScope &scope, ::llvm::ArrayRef<::horn::ir::Dims> operands,
        ::llvm::SmallVectorImpl<::horn::ir::Dims> &results) {
      return ::horn::ir::detail::broadcastRule(scope, operands, results);
    }
  }];
}

/// Ops whose result has the shape of their operand. `check` is the C++ expression (of `op`, an
/// adaptor, with `scope` and `operands`) that tells whether the attributes fit that shape.
class Horn_SameShapeOp<string mnemonic, string elementRule, list<Trait> traits = [],
                       string check = "checkAxes(scope, {static_cast<int64_t>(op.getAxis())}, operands[0].size())">
    : Horn_Op<mnemonic, traits, elementRule> {
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = inferDefinition # [{
    ::llvm::LogicalResult $cppClass::shapeRule(
        Adaptor op, ::horn::ir::ShapeScope &scope, ::llvm::ArrayRef<::horn::ir::Dims> operands,
        ::llvm::SmallVectorImpl<::horn::ir::Dims> &results) {
      using namespace ::horn::ir::detail;
      results.push_back(operands[0]);
      return }] # check # [{;
    }
  }];
}

#endif
