// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Ops that stand for several simpler ones, each with its decomposition.
#ifndef HORN_COMPOSITE_OPS
#define HORN_COMPOSITE_OPS

include "HornBase.td"

class Horn_CompositeOp<string mnemonic, string check>
    : Horn_SameShapeOp<mnemonic, "firstElement(op)",
                       [DeclareOpInterfaceMethods<Horn_DecomposableInterface>], check>;

class Horn_SoftmaxLikeOp<string mnemonic, string formula> : Horn_CompositeOp<mnemonic, "checkAxes(scope, op.getAxes(), operands[0].size())"> {
  let summary = formula;
  let description = formula # ", over all `axes` together, computed with the largest element subtracted.\n\n```mlir\n%y = horn." #
                    mnemonic # " %x {axes = array<i64: 1>} : (tensor<?x10xf32>) -> tensor<?x10xf32>\n```";
  let arguments = (ins Horn_FloatTensor:$x, DenseI64ArrayAttr:$axes);
}
def Horn_SoftmaxOp : Horn_SoftmaxLikeOp<"softmax", "e^x / sum(e^x)">;
def Horn_LogSoftmaxOp : Horn_SoftmaxLikeOp<"log_softmax", "x - ln sum(e^x)">;

def Horn_BatchNormOp : Horn_CompositeOp<
    "batch_norm", "checkNormal(scope, {static_cast<int64_t>(op.getAxis())}, operands)"> {
  let summary = "normalisation by given statistics";
  let description = [{
    `(x - mean) * gamma * rsqrt(variance + epsilon) + beta` along `axis`; the vectors have the size of
    that axis (Ioffe and Szegedy, 2015; the form for inference).

    ```mlir
    %y = horn.batch_norm %x, %gamma, %beta, %mean, %variance {epsilon = 0.001 : f64, axis = 3 : i64}
       : (tensor<?x8x8x4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x8x8x4xf32>
    ```
  }];
  let arguments = (ins Horn_FloatTensor:$x, Horn_FloatTensor:$gamma, Horn_FloatTensor:$beta,
                       Horn_FloatTensor:$mean, Horn_FloatTensor:$variance, F64Attr:$epsilon, I64Attr:$axis);
}

def Horn_LayerNormOp : Horn_CompositeOp<"layer_norm", "checkNormal(scope, op.getAxes(), operands)"> {
  let summary = "normalisation by the statistics of each sample";
  let description = [{
    `(x - mean(x)) * rsqrt(var(x) + epsilon) * gamma + beta` with statistics over `axes`; gamma and beta
    have the shape of those axes (Ba et al., 2016).

    ```mlir
    %y = horn.layer_norm %x, %gamma, %beta {axes = array<i64: 1>, epsilon = 0.001 : f64}
       : (tensor<?x8xf32>, tensor<8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
    ```
  }];
  let arguments = (ins Horn_FloatTensor:$x, Horn_FloatTensor:$gamma, Horn_FloatTensor:$beta,
                       DenseI64ArrayAttr:$axes, F64Attr:$epsilon);
}

#endif
