// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The graph dialect: Keras's operations on ranked tensors, by value.
#ifndef HORN_DIALECT
#define HORN_DIALECT

include "mlir/IR/OpBase.td"

def Horn_Dialect : Dialect {
  let name = "horn";
  let cppNamespace = "::horn::ir";
  let summary = "Keras's operations on tensors";
  let description = [{
    The graph that the frontend emits and the graph passes rewrite. Ops have value semantics, the
    granularity of `keras.ops` and Keras's names. Dimensions may be unknown (`?`). Weights are
    symbols (`horn.variable`) whose bytes stay outside the IR.

    Layouts: images are channels last (`[N, spatial..., C]`), convolution kernels are
    `[spatial..., C / groups, filters]`.
  }];
  let hasConstantMaterializer = 1;
}

#endif
