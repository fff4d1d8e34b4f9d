// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Keras's activations that have a name of their own in the graph, each with a decomposition.
#ifndef HORN_ACTIVATION_OPS
#define HORN_ACTIVATION_OPS

include "HornBase.td"

class Horn_ActivationOp<string mnemonic, string formula>
    : Horn_ElementwiseOp<mnemonic, [DeclareOpInterfaceMethods<Horn_DecomposableInterface>,
                                    SameOperandsAndResultElementType], "firstElement(op)"> {
  let summary = "activation: " # formula;
  let description = "Computes `" # formula # "` for each element.\n\n```mlir\n%y = horn." # mnemonic #
                    " %x : tensor<?x4xf32>\n```";
  let arguments = (ins Horn_FloatTensor:$x);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` type($x)";
}

def Horn_SquareOp : Horn_ActivationOp<"square", "x * x"> { let arguments = (ins Horn_Tensor:$x); }
def Horn_ReciprocalOp : Horn_ActivationOp<"reciprocal", "1 / x">;
def Horn_SoftplusOp : Horn_ActivationOp<"softplus", "ln(1 + e^x)">;
def Horn_SiluOp : Horn_ActivationOp<"silu", "x * sigmoid(x)">;
def Horn_SeluOp : Horn_ActivationOp<"selu", "scale * elu(x, alpha)">;
def Horn_EluOp : Horn_ActivationOp<"elu", "x > 0 ? x : alpha * (e^x - 1)"> {
  let arguments = (ins Horn_FloatTensor:$x, F64Attr:$alpha);
}
def Horn_LeakyReluOp : Horn_ActivationOp<"leaky_relu", "x >= 0 ? x : negative_slope * x"> {
  let arguments = (ins Horn_FloatTensor:$x, F64Attr:$negative_slope);
}
def Horn_GeluOp : Horn_ActivationOp<"gelu", "x * Phi(x)"> {
  let description = [{
    `x / 2 * (1 + erf(x / sqrt 2))`, or with `approximate` the form with tanh
    (Hendrycks and Gimpel, 2016).

    ```mlir
    %y = horn.gelu %x {approximate = false} : tensor<?x4xf32>
    ```
  }];
  let arguments = (ins Horn_FloatTensor:$x, BoolAttr:$approximate);
}

#endif
