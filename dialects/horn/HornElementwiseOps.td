// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that compute each element of the result from one element of each operand.
#ifndef HORN_ELEMENTWISE_OPS
#define HORN_ELEMENTWISE_OPS

include "HornBase.td"

class Horn_UnaryOp<string mnemonic, string formula, Type tensor = Horn_FloatTensor,
                   list<Trait> traits = []>
    : Horn_ElementwiseOp<mnemonic, traits # [SameOperandsAndResultElementType],
                         "firstElement(op)"> {
  let summary = "element-wise: " # formula;
  let description = "Computes `" # formula # "` for each element.\n\n```mlir\n%y = horn." # mnemonic #
                    " %x : tensor<?x4xf32>\n```";
  let arguments = (ins tensor:$x);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Horn_NegativeOp : Horn_UnaryOp<"negative", "-x", Horn_Tensor>;
def Horn_AbsoluteOp : Horn_UnaryOp<"absolute", "|x|", Horn_Tensor>;
def Horn_SignOp : Horn_UnaryOp<"sign", "-1, 0 or 1", Horn_Tensor>;
def Horn_ExpOp : Horn_UnaryOp<"exp", "e^x">;
def Horn_Expm1Op : Horn_UnaryOp<"expm1", "e^x - 1">;
def Horn_LogOp : Horn_UnaryOp<"log", "ln x">;
def Horn_Log1pOp : Horn_UnaryOp<"log1p", "ln(1 + x)">;
def Horn_SqrtOp : Horn_UnaryOp<"sqrt", "sqrt(x)">;
def Horn_RsqrtOp : Horn_UnaryOp<"rsqrt", "1 / sqrt(x)">;
def Horn_SinOp : Horn_UnaryOp<"sin", "sin x">;
def Horn_CosOp : Horn_UnaryOp<"cos", "cos x">;
def Horn_TanOp : Horn_UnaryOp<"tan", "tan x">;
def Horn_ArcsinOp : Horn_UnaryOp<"arcsin", "asin x">;
def Horn_ArccosOp : Horn_UnaryOp<"arccos", "acos x">;
def Horn_ArctanOp : Horn_UnaryOp<"arctan", "atan x">;
def Horn_SinhOp : Horn_UnaryOp<"sinh", "sinh x">;
def Horn_CoshOp : Horn_UnaryOp<"cosh", "cosh x">;
def Horn_ArcsinhOp : Horn_UnaryOp<"arcsinh", "asinh x">;
def Horn_ArccoshOp : Horn_UnaryOp<"arccosh", "acosh x">;
def Horn_ArctanhOp : Horn_UnaryOp<"arctanh", "atanh x">;
def Horn_TanhOp : Horn_UnaryOp<"tanh", "tanh x">;
def Horn_SigmoidOp : Horn_UnaryOp<"sigmoid", "1 / (1 + e^-x)">;
def Horn_ErfOp : Horn_UnaryOp<"erf", "erf x">;
def Horn_ErfinvOp : Horn_UnaryOp<"erfinv", "the inverse of erf">;
def Horn_FloorOp : Horn_UnaryOp<"floor", "the largest integer <= x">;
def Horn_CeilOp : Horn_UnaryOp<"ceil", "the smallest integer >= x">;
def Horn_RoundOp : Horn_UnaryOp<"round", "the nearest integer, ties to even">;
def Horn_TruncOp : Horn_UnaryOp<"trunc", "x without its fraction">;
def Horn_ReluOp : Horn_UnaryOp<"relu", "max(x, 0)", Horn_Tensor>;
def Horn_LogicalNotOp : Horn_UnaryOp<"logical_not", "not x", Horn_BoolTensor>;
def Horn_BitwiseNotOp : Horn_UnaryOp<"bitwise_not", "~x", Horn_BitsTensor>;

class Horn_TestOp<string mnemonic, string formula>
    : Horn_ElementwiseOp<mnemonic, [], "boolElement(op)"> {
  let summary = "element-wise: " # formula;
  let description = "Tells whether `" # formula # "` for each element.\n\n```mlir\n%y = horn." #
                    mnemonic # " %x : tensor<?xf32> -> tensor<?xi1>\n```";
  let arguments = (ins Horn_FloatTensor:$x);
  let results = (outs Horn_BoolTensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}
def Horn_IsnanOp : Horn_TestOp<"isnan", "x is NaN">;
def Horn_IsinfOp : Horn_TestOp<"isinf", "x is infinite">;
def Horn_IsfiniteOp : Horn_TestOp<"isfinite", "x is neither NaN nor infinite">;

class Horn_BinaryOp<string mnemonic, string formula, Type tensor = Horn_Tensor,
                    list<Trait> traits = []>
    : Horn_ElementwiseOp<mnemonic, traits # [SameOperandsAndResultElementType],
                         "firstElement(op)"> {
  let summary = "element-wise with broadcasting: " # formula;
  let description = "Computes `" # formula # "`, broadcasting shapes as NumPy does.\n\n```mlir\n%c = horn." #
                    mnemonic # " %a, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>\n```";
  let arguments = (ins tensor:$a, tensor:$b);
  let results = (outs Horn_Tensor:$c);
  let assemblyFormat = "$a `,` $b attr-dict `:` functional-type(operands, results)";
}

def Horn_AddOp : Horn_BinaryOp<"add", "a + b", Horn_Tensor, [Commutative]> { let hasFolder = 1; }
def Horn_SubtractOp : Horn_BinaryOp<"subtract", "a - b"> { let hasFolder = 1; }
def Horn_MultiplyOp : Horn_BinaryOp<"multiply", "a * b", Horn_Tensor, [Commutative]> { let hasFolder = 1; }
def Horn_DivideOp : Horn_BinaryOp<"divide", "a / b"> { let hasFolder = 1; }
def Horn_FloorDivideOp : Horn_BinaryOp<"floor_divide", "floor(a / b)">;
def Horn_ModOp : Horn_BinaryOp<"mod", "a - b * floor(a / b)">;
def Horn_PowerOp : Horn_BinaryOp<"power", "a^b">;
def Horn_MaximumOp : Horn_BinaryOp<"maximum", "max(a, b), NaN if one is", Horn_Tensor, [Commutative]>;
def Horn_MinimumOp : Horn_BinaryOp<"minimum", "min(a, b), NaN if one is", Horn_Tensor, [Commutative]>;
def Horn_Arctan2Op : Horn_BinaryOp<"arctan2", "atan2(a, b)", Horn_FloatTensor>;
def Horn_LogicalAndOp : Horn_BinaryOp<"logical_and", "a and b", Horn_BoolTensor, [Commutative]>;
def Horn_LogicalOrOp : Horn_BinaryOp<"logical_or", "a or b", Horn_BoolTensor, [Commutative]>;
def Horn_LogicalXorOp : Horn_BinaryOp<"logical_xor", "a xor b", Horn_BoolTensor, [Commutative]>;
def Horn_BitwiseAndOp : Horn_BinaryOp<"bitwise_and", "a & b", Horn_BitsTensor, [Commutative]>;
def Horn_BitwiseOrOp : Horn_BinaryOp<"bitwise_or", "a | b", Horn_BitsTensor, [Commutative]>;
def Horn_BitwiseXorOp : Horn_BinaryOp<"bitwise_xor", "a ^ b", Horn_BitsTensor, [Commutative]>;
def Horn_LeftShiftOp : Horn_BinaryOp<"left_shift", "a << b", Horn_BitsTensor>;
def Horn_RightShiftOp : Horn_BinaryOp<"right_shift", "a >> b", Horn_BitsTensor>;

def SameTypeOperandElements
    : PredOpTrait<"operands have the same element type",
        CPred<"::mlir::getElementTypeOrSelf($_op.getOperand(0).getType()) == "
              "::mlir::getElementTypeOrSelf($_op.getOperand(1).getType())">>;
class Horn_CompareOp<string mnemonic, string formula>
    : Horn_ElementwiseOp<mnemonic, [SameTypeOperandElements], "boolElement(op)"> {
  let summary = "element-wise with broadcasting: " # formula;
  let description = "Tells whether `" # formula # "`, broadcasting shapes as NumPy does.\n\n```mlir\n%c = horn." #
                    mnemonic # " %a, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xi1>\n```";
  let arguments = (ins Horn_Tensor:$a, Horn_Tensor:$b);
  let results = (outs Horn_BoolTensor:$c);
  let assemblyFormat = "$a `,` $b attr-dict `:` functional-type(operands, results)";
}
def Horn_EqualOp : Horn_CompareOp<"equal", "a == b">;
def Horn_NotEqualOp : Horn_CompareOp<"not_equal", "a != b">;
def Horn_LessOp : Horn_CompareOp<"less", "a < b">;
def Horn_LessEqualOp : Horn_CompareOp<"less_equal", "a <= b">;
def Horn_GreaterOp : Horn_CompareOp<"greater", "a > b">;
def Horn_GreaterEqualOp : Horn_CompareOp<"greater_equal", "a >= b">;

def Horn_SelectOp : Horn_ElementwiseOp<"select", [], "elementOf(op.getA())"> {
  let summary = "element-wise with broadcasting: condition ? a : b";
  let description = [{
    Takes `a` where the condition holds, else `b`, broadcasting shapes as NumPy does.

    ```mlir
    %y = horn.select %c, %a, %b : (tensor<?x4xi1>, tensor<4xf32>, tensor<f32>) -> tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Horn_BoolTensor:$condition, Horn_Tensor:$a, Horn_Tensor:$b);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$condition `,` $a `,` $b attr-dict `:` functional-type(operands, results)";
}

def Horn_CastOp : Horn_ElementwiseOp<"cast", [], "op.getDtype()"> {
  let summary = "converts the element type";
  let description = [{
    Converts each element as C++ does: floats to integers truncate, anything to bool tests for
    non-zero, floats round to nearest even.

    ```mlir
    %y = horn.cast %x {dtype = f32} : (tensor<?xi32>) -> tensor<?xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, TypeAttr:$dtype);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasFolder = 1;
  let hasCanonicalizeMethod = 1;
}

def Horn_BitcastOp : Horn_ElementwiseOp<"bitcast", [], "op.getDtype()"> {
  let summary = "the same bits as another element type of the same width";
  let description = [{
    ```mlir
    %y = horn.bitcast %x {dtype = i32} : (tensor<?xf32>) -> tensor<?xi32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, TypeAttr:$dtype);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
