// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices, convolutions and pooling windows.
#ifndef HORN_CONTRACTION_OPS
#define HORN_CONTRACTION_OPS

include "HornBase.td"

class Horn_TwoOperandOp<string mnemonic, list<Trait> traits = []>
    : Horn_Op<mnemonic, traits # [SameOperandsAndResultElementType]> {
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

def Horn_MatmulOp : Horn_TwoOperandOp<"matmul"> {
  let summary = "product of matrices on the last two axes";
  let description = [{
    Leading axes are broadcast. `transpose_a` and `transpose_b` swap the last two axes first.

    ```mlir
    %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false}
       : (tensor<?x784xf32>, tensor<784x10xf32>) -> tensor<?x10xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$a, Horn_Tensor:$b, BoolAttr:$transpose_a, BoolAttr:$transpose_b);
}

def Horn_ConvOp : Horn_TwoOperandOp<"conv"> {
  let summary = "convolution (cross-correlation), channels last";
  let description = [{
    `x [N, spatial..., C]`, `kernel [spatial..., C / groups, filters]`. Padding "same" gives
    `ceil(size / stride)` outputs with the odd element of padding at the end; "valid" pads nothing.

    ```mlir
    %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64,
                           padding = "same"} : (tensor<?x8x8x1xf32>, tensor<3x3x1x16xf32>) -> tensor<?x8x8x16xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations, I64Attr:$groups, StrAttr:$padding);
}

def Horn_ConvTransposeOp : Horn_TwoOperandOp<"conv_transpose", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "the gradient of a convolution, as Keras's Conv*Transpose";
  let description = [{
    `kernel [spatial..., filters, C]`; entries of `output_padding` are -1 where none is given.

    ```mlir
    %y = horn.conv_transpose %x, %k {strides = array<i64: 2>, dilations = array<i64: 1>, padding = "same",
                                     output_padding = array<i64: -1>}
       : (tensor<?x8x4xf32>, tensor<3x5x4xf32>) -> tensor<?x16x5xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations, StrAttr:$padding, DenseI64ArrayAttr:$output_padding);
}

def Horn_DepthwiseConvOp : Horn_TwoOperandOp<"depthwise_conv"> {
  let summary = "a convolution of each channel by itself";
  let description = [{
    `kernel [spatial..., C, multiplier]`; channel `c * multiplier + m` of the result comes from channel
    `c`.

    ```mlir
    %y = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"}
       : (tensor<?x8x8x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x6x6x4xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$kernel, DenseI64ArrayAttr:$strides,
                       DenseI64ArrayAttr:$dilations, StrAttr:$padding);
}

class Horn_PoolOp<string mnemonic, string formula> : Horn_Op<mnemonic> {
  let summary = formula # " of each window, channels last";
  let description = "Padding as for `horn.conv`; padded elements do not take part.\n\n```mlir\n%y = horn." # mnemonic #
    " %x {pool_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = \"valid\"} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32>\n```";
  let arguments = (ins Horn_Tensor:$x, DenseI64ArrayAttr:$pool_size, DenseI64ArrayAttr:$strides, StrAttr:$padding);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
  let extraClassDefinition = inferDefinition # [{
    ::llvm::LogicalResult $cppClass::shapeRule(
        Adaptor op, ::horn::ir::ShapeScope &scope, ::llvm::ArrayRef<::horn::ir::Dims> operands,
        ::llvm::SmallVectorImpl<::horn::ir::Dims> &results) {
      return ::horn::ir::detail::poolRule(scope, operands[0], op.getPoolSize(), op.getStrides(),
                                          op.getPadding(), results);
    }
  }];
}
def Horn_MaxPoolOp : Horn_PoolOp<"max_pool", "the largest element">;
def Horn_AveragePoolOp : Horn_PoolOp<"average_pool", "the mean">;

def Horn_PackOp : Horn_Op<"pack"> {
  let summary = "weights in column panels, as the contraction kernels read them";
  let description = [{
    `w [K..., N]` becomes `[ceil(N / width), K..., width]`, the last panel filled with zeros.

    ```mlir
    %p = horn.pack %w {width = 64 : i64} : (tensor<784x100xf32>) -> tensor<2x784x64xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$w, I64Attr:$width);
  let results = (outs Horn_Tensor:$panels);
  let assemblyFormat = "$w attr-dict `:` functional-type(operands, results)";
}

def Horn_PanelMatmulOp : Horn_TwoOperandOp<"panel_matmul", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "product with a matrix in column panels";
  let description = [{
    `horn.matmul` of `x [..., K]` with the first `columns` columns of the panels that `horn.pack` made of
    the matrix; or of `x [B, M, K]` with those of B matrices `[B, K, N]`, panels `[P, B, K, W]`.

    ```mlir
    %y = horn.panel_matmul %x, %p {columns = 100 : i64} : (tensor<?x784xf32>, tensor<2x784x64xf32>) -> tensor<?x100xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$panels, I64Attr:$columns);
}

def Horn_GateMatmulOp : Horn_TwoOperandOp<"gate_matmul", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "product with several matrices side by side, as a recurrent cell needs it";
  let description = [{
    `horn.matmul` of `x [..., K]` with a matrix `[K, G * units]`, the weights of G gates one behind the
    other. Its panels `[ceil(units / W), K, G, W]` hold W units of all gates, the last panel filled with
    zeros: so a kernel that has one panel's sums can compute the cell for these units.

    ```mlir
    %y = horn.gate_matmul %h, %p {units = 256 : i64} : (tensor<?x256xf32>, tensor<16x256x4x16xf32>) -> tensor<?x1024xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$panels, I64Attr:$units);
}

def Horn_PanelConvOp : Horn_TwoOperandOp<"panel_conv", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "convolution with a kernel in column panels";
  let description = [{
    `horn.conv` with the kernel whose panels `horn.pack` made: `panels [ceil(columns / width), spatial..., C,
    width]`. With several groups there are as many kernels, `panels [P, groups, spatial..., C / groups, width]`,
    and `columns` filters in each; or panels of the one kernel of small groups, `[P, spatial..., C / groups,
    width]` for `columns` filters in all.

    ```mlir
    %y = horn.panel_conv %x, %p {columns = 16 : i64, kernel_size = array<i64: 3, 3>, strides = array<i64: 1, 1>,
                                 dilations = array<i64: 1, 1>, padding = "same"}
       : (tensor<?x8x8x1xf32>, tensor<1x3x3x1x16xf32>) -> tensor<?x8x8x16xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$panels, I64Attr:$columns, DenseI64ArrayAttr:$kernel_size,
                       DenseI64ArrayAttr:$strides, DenseI64ArrayAttr:$dilations, StrAttr:$padding,
                       DefaultValuedAttr<I64Attr, "1">:$groups);
  let extraClassDeclaration = inferDeclaration # [{
    /// Whether there are several groups and panels of the one kernel of all of them.
    bool sharesPanels() {
      return getGroups() > 1 &&
             getPanels().getType().getRank() == static_cast<int64_t>(getKernelSize().size()) + 3;
    }
  }];
}

//===--- attention ------------------------------------------------------------------------------===//

def Horn_AttendOp : Horn_TwoOperandOp<"attend", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "rows of values, weighted by the softmax of scores";
  let description = [{
    `horn.matmul` of the softmax of `scores [..., M, T]` over their last axis with `values [..., T, H]`. Weights
    that the softmax gave are multiplied by `factors`, if there are any, as Keras does with masks. In one
    group with the product that the scores come from it is a kernel that keeps a block of them in a cache.

    ```mlir
    %y = horn.attend %s, %v : (tensor<?x12x128x128xf32>, tensor<?x12x128x64xf32>) -> tensor<?x12x128x64xf32>
    ```
  }];
  let arguments = (ins Horn_FloatTensor:$scores, Horn_FloatTensor:$values, Optional<Horn_FloatTensor>:$factors);
}

//===--- Winograd's convolution -----------------------------------------------------------------===//

def Horn_WinogradTilesOp : Horn_Op<"winograd_tiles", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "the tiles of a picture, transformed for Winograd's convolution";
  let description = [{
    Tiles of P x P pixels of `x [N, H, W, C]`, `pixels` = P - 2 apart, as `y [P^2, N * rows * columns, C]`:
    `y[P i + j]` is element (i, j) of `B^T d B` for each tile d (Lavin and Gray, "Fast Algorithms for
    Convolutional Neural Networks", 2015). `pixels` is 2 or 4. `low` elements of padding with zeros are in
    front of both spatial axes; behind them as many as the tiles reach beyond.

    ```mlir
    %v = horn.winograd_tiles %x {rows = 14 : i64, columns = 14 : i64, low = 1 : i64, pixels = 4 : i64}
       : (tensor<?x56x56x64xf32>) -> tensor<36x?x64xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, I64Attr:$rows, I64Attr:$columns, I64Attr:$low, I64Attr:$pixels);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def Horn_WinogradPixelsOp : Horn_Op<"winograd_pixels", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "pixels from the tiles of Winograd's convolution";
  let description = [{
    `A^T m A`, of `pixels` x `pixels`, of each tile m of `x [P^2, N * tiles, F]`, put together to
    `y [N, height, width, F]`.

    ```mlir
    %y = horn.winograd_pixels %m {height = 56 : i64, width = 56 : i64, pixels = 4 : i64}
       : (tensor<36x?x64xf32>) -> tensor<?x56x56x64xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, I64Attr:$height, I64Attr:$width, I64Attr:$pixels);
  let results = (outs Horn_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type(operands, results)";
}

def Horn_WinogradConvOp : Horn_TwoOperandOp<"winograd_conv", [DeclareOpInterfaceMethods<Horn_DecomposableInterface>]> {
  let summary = "a convolution of 3 x 3 by Winograd's algorithm, a block of tiles at a time";
  let description = [{
    `horn.winograd_tiles` of `x [N, H, W, C]`, their product with the `panels [P, (pixels + 2)^2, C, W]` of the
    transformed kernel, and `horn.winograd_pixels` of that, in one kernel whose tasks have blocks of tiles in the
    cache.

    ```mlir
    %y = horn.winograd_conv %x, %u {columns = 64 : i64, height = 56 : i64, width = 56 : i64, low = 1 : i64,
                                    pixels = 4 : i64}
       : (tensor<?x56x56x64xf32>, tensor<1x36x64x64xf32>) -> tensor<?x56x56x64xf32>
    ```
  }];
  let arguments = (ins Horn_Tensor:$x, Horn_Tensor:$panels, I64Attr:$columns, I64Attr:$height, I64Attr:$width,
                       I64Attr:$low, I64Attr:$pixels);
}

#endif
