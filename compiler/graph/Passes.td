// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Passes on the graph: horn ops on tensors.
#ifndef HORN_GRAPH_PASSES
#define HORN_GRAPH_PASSES

include "mlir/Pass/PassBase.td"

def HornDecompose : Pass<"horn-decompose"> {
  let summary = "replace composite ops by the simpler ops they stand for";
  let description = [{
    Rewrites every op with the `Decomposable` interface, such as `horn.softmax`, `horn.batch_norm` and
    `horn.gelu`, except those named in `keep`. Locations stay those of the composite.

    ```mlir
    %y = horn.silu %x : tensor<?x4xf32>
    ```
    becomes
    ```mlir
    %0 = horn.sigmoid %x : tensor<?x4xf32>
    %y = horn.multiply %x, %0 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let options = [
    ListOption<"keep", "keep", "std::string", "ops to leave as they are, by name: horn.softmax,...">,
  ];
  let statistics = [
    Statistic<"numDecomposed", "decomposed", "composite ops replaced">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def FindRows : Pass<"horn-find-rows", "::mlir::func::FuncOp"> {
  let summary = "mark a function that computes the rows of a batch apart from one another";
  let description = [{
    `@forward` gets the attribute `horn.rows_apart` if its one unknown size is the first axis of all inputs and
    results, and each row of the results depends on the same row of the inputs and on weights alone. The
    runtime may then go through a large batch in parts whose temporaries stay in the caches. The pass runs
    before others spread rows over several axes.

    ```mlir
    func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
      %y = horn.relu %x : tensor<?x4xf32>
      return %y : tensor<?x4xf32>
    }
    ```
    becomes `func.func @forward(...) -> ... attributes {horn.rows_apart} { ... }`.
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def FoldScale : Pass<"horn-fold-scale", "::mlir::func::FuncOp"> {
  let summary = "fold scales and shifts by weights into the contractions next to them";
  let description = [{
    Batch normalisation, once decomposed, is a multiplication and an addition by values that depend on
    weights alone. Next to a matmul, conv or depthwise_conv with weights the scale becomes part of the
    weights and the shift part of the bias; `horn-hoist-prepare` then has them computed once. With w, s
    and b weight-only, s and b varying along the last axis at most, and a single use of what is taken
    apart (f and g stand for contractions; g pads nothing):

        f(x, w) * s = f(x, w * s)             f(x * s, w) = f(x, s * w)
        (y + b) * s = y * s + b * s           g(x + b, w) = g(x, w) + g(b, w)
        (y + b) + c = y + (b + c)

    Results change by rounding, as different numbers are multiplied.

    ```mlir
    %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
    %y = horn.multiply %0, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
    ```
    becomes
    ```mlir
    %0 = horn.multiply %w, %s : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
    %y = horn.matmul %x, %0 {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def SinkReshapes : Pass<"horn-sink-reshapes", "::mlir::func::FuncOp"> {
  let summary = "compute element-wise on products before their columns are split into heads";
  let description = [{
    The projections of attention are products whose columns a `horn.reshape` splits into heads and
    features; bias and scale come behind it. They move in front, so that they become part of the
    product. Their operands must differ along these two axes at most. Of several unknown sizes the other
    axes must be known to be the same.

    ```mlir
    %0 = horn.matmul %x, %w {...} : (tensor<?x128x768xf32>, tensor<768x768xf32>) -> tensor<?x128x768xf32>
    %1 = horn.reshape %0 {shape = array<i64: -2, 128, 12, 64>} : (tensor<?x128x768xf32>) -> tensor<?x128x12x64xf32>
    %y = horn.add %1, %b : (tensor<?x128x12x64xf32>, tensor<12x64xf32>) -> tensor<?x128x12x64xf32>
    ```
    becomes
    ```mlir
    %0 = horn.matmul %x, %w {...} : (tensor<?x128x768xf32>, tensor<768x768xf32>) -> tensor<?x128x768xf32>
    %1 = horn.reshape %b {shape = array<i64: 768>} : (tensor<12x64xf32>) -> tensor<768xf32>
    %2 = horn.add %0, %1 : (tensor<?x128x768xf32>, tensor<768xf32>) -> tensor<?x128x768xf32>
    %y = horn.reshape %2 {shape = array<i64: -2, 128, 12, 64>} : (tensor<?x128x768xf32>) -> tensor<?x128x12x64xf32>
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def HoistStrides : Pass<"horn-hoist-strides", "::mlir::func::FuncOp"> {
  let summary = "compute only the pixels that pointwise convolutions with strides read";
  let description = [{
    Where all users of a value are `horn.conv` with windows of one pixel and the same strides, the
    strides move in front of the element-wise ops and into the convolution that compute it, as long as
    these have no other user. What cannot move further stays a `horn.slice`, which costs nothing. In
    ResNet50 this saves three quarters of the last convolution of three stages.

    ```mlir
    %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, padding = "valid", ...} : ...
    %1 = horn.add %0, %s : ...
    %y = horn.conv %1, %w {strides = array<i64: 2, 2>, padding = "valid", ...} : ...
    ```
    becomes, with windows of one pixel,
    ```mlir
    %0 = horn.conv %x, %k {strides = array<i64: 2, 2>, padding = "valid", ...} : ...
    %1 = horn.slice %s {steps = array<i64: 1, 2, 2, 1>, ...} : ...
    %2 = horn.add %0, %1 : ...
    %y = horn.conv %2, %w {strides = array<i64: 1, 1>, padding = "valid", ...} : ...
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def SplitMeans : Pass<"horn-split-means", "::mlir::func::FuncOp"> {
  let summary = "take means of depthwise convolutions by the sums of their lines";
  let description = [{
    The mean of each channel behind a depthwise convolution, as squeeze and excitation take it, becomes a
    sum over the last spatial axis, which the convolution's kernel gives beside its result
    (`horn-form-groups`), and a sum of those: the picture is not read again.

    ```mlir
    %m = horn.reduce_mean %y {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x14x14x240xf32>) -> tensor<?x240xf32>
    ```
    becomes, where `%y` is computed from a `horn.depthwise_conv`,
    ```mlir
    %0 = horn.reduce_sum %y {axes = array<i64: 2>, keepdims = false} : (tensor<?x14x14x240xf32>) -> tensor<?x14x240xf32>
    %1 = horn.reduce_sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<?x14x240xf32>) -> tensor<?x240xf32>
    %m = horn.divide %1, %c196 : (tensor<?x240xf32>, tensor<f32>) -> tensor<?x240xf32>
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def SplitPools : Pass<"horn-split-pools", "::mlir::func::FuncOp"> {
  let summary = "take the maxima of large windows along one axis after the other";
  let description = [{
    The largest element of a window is the largest of its lines' largest, and neighbouring windows share
    these: 7 + 7 comparisons do for 7 x 7 elements. Windows of few elements stay, as they are read once.

    ```mlir
    %y = horn.max_pool %x {pool_size = array<i64: 7, 7>, strides = array<i64: 1, 1>, ...} : ...
    ```
    becomes
    ```mlir
    %0 = horn.max_pool %x {pool_size = array<i64: 7, 1>, strides = array<i64: 1, 1>, ...} : ...
    %y = horn.max_pool %0 {pool_size = array<i64: 1, 7>, strides = array<i64: 1, 1>, ...} : ...
    ```
  }];
  let options = [
    Option<"minElements", "min-elements", "int64_t", "25", "fewest elements of a window">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def Winograd : Pass<"horn-winograd", "::mlir::func::FuncOp"> {
  let summary = "compute convolutions of 3 x 3 by Winograd's F(2x2, 3x3) or F(4x4, 3x3)";
  let description = [{
    For `math=fast` alone: 4/9 or a quarter of the multiplications, and larger errors (docs/numerics.md has
    them measured). Windows of 3 x 3 with strides 1 over f32 pictures of known size become the transform of
    tiles, 16 or 36 products of matrices, and the transform of these to pixels. An estimate of the products,
    transforms and weights to read chooses the form: larger tiles waste more where pictures are small, and have
    more weights. Convolutions that neither form makes faster stay, as do those with few channels.

    ```mlir
    %y = horn.conv %x, %k {strides = array<i64: 1, 1>, padding = "same", ...} : (tensor<?x56x56x64xf32>, tensor<3x3x64x64xf32>) -> ...
    ```
    becomes, with %u computed from %k in `@prepare`,
    ```mlir
    %v = horn.winograd_tiles %x {rows = 14 : i64, columns = 14 : i64, low = 1 : i64, pixels = 4 : i64} : (tensor<?x56x56x64xf32>) -> tensor<36x?x64xf32>
    %m = horn.matmul %v, %u {...} : (tensor<36x?x64xf32>, tensor<36x64x64xf32>) -> tensor<36x?x64xf32>
    %y = horn.winograd_pixels %m {height = 56 : i64, width = 56 : i64, pixels = 4 : i64} : (tensor<36x?x64xf32>) -> tensor<?x56x56x64xf32>
    ```
  }];
  let options = [
    Option<"minChannels", "min-channels", "int64_t", "48", "fewest channels and filters">,
    Option<"pixels", "pixels", "int64_t", "0", "along an axis of a tile, 2 or 4; 0 chooses what is cheaper">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def FuseCells : Pass<"horn-fuse-cells", "::mlir::func::FuncOp"> {
  let summary = "make one kernel of a step of a recurrent cell";
  let description = [{
    In the body of a `horn.scan`, a product with a weight whose columns are cut into up to four gates of
    equal size becomes a group with the element-wise ops behind the cut: the kernel has the sums of
    all gates of some units in registers, and goes on to the new states. The weight gets panels that hold
    all gates of these units side by side. The group has one result for each use outside of it, so that
    each can be written where it stays. A product that is not cut is grouped in the same way.

    A group ends where an op is not element-wise or needs another product of its own results: a GRU with
    reset_after=False has two. It must run before horn-pack-weights, and after gradients are taken.

    ```mlir
    %s = horn.matmul %h, %u {...} : (tensor<?x8xf32>, tensor<8x32xf32>) -> tensor<?x32xf32>
    %z = horn.add %x, %s : ...
    %i = horn.slice %z {starts = array<i64: 0, 0>, limits = array<i64: ..., 8>, ...} : ...
    ...
    horn.yield %h_next, %c_next, %h_next : ...
    ```
    becomes, with %p made of %u in `@prepare`,
    ```mlir
    %xi = horn.slice %x {starts = array<i64: 0, 0>, limits = array<i64: ..., 8>, ...} : ...
    %r:3 = horn.fused(%h, %p, %xi, ..., %c) : ... {
    ^bb0(...):
      %s = horn.gate_matmul %h0, %p0 {units = 8 : i64} : (tensor<?x8xf32>, tensor<1x8x4x16xf32>) -> tensor<?x32xf32>
      %si = horn.slice %s {...} : ...
      %i = horn.add %xi0, %si : ...
      ...
      horn.yield %h_next, %c_next, %h_next : ...
    }
    horn.yield %r#0, %r#1, %r#2 : ...
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "f32 elements in a vector register; f64 has half as many">,
    Option<"registers", "registers", "int64_t", "32", "vector registers of the machine">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def JoinProducts : Pass<"horn-join-products", "::mlir::func::FuncOp"> {
  let summary = "make one product of several with the same left operand";
  let description = [{
    Products of f32 or f64 with weight-only matrices on the right and one left operand, such as those that
    make queries, keys and values, become one with the matrices side by side. Element-wise ops by columns
    behind them (the same ones with other vectors, as biases) are joined too. The results are slices of
    columns.

    Products with anything else behind them stay apart, as it would no longer be part of their kernel; and
    so do those whose results are not read by products of matrices through views, as others want them
    dense or in a place of their own. The joined panels must not be filled less than those
    of the single products, and no weights may be held twice.

    ```mlir
    %0 = horn.matmul %x, %w0 {...} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
    %y = horn.add %0, %b0 : (tensor<?x9x48xf32>, tensor<48xf32>) -> tensor<?x9x48xf32>
    %1 = horn.matmul %x, %w1 {...} : (tensor<?x9x32xf32>, tensor<32x16xf32>) -> tensor<?x9x16xf32>
    %z = horn.add %1, %b1 : (tensor<?x9x16xf32>, tensor<16xf32>) -> tensor<?x9x16xf32>
    ```
    becomes
    ```mlir
    %w = horn.concatenate %w0, %w1 {axis = 1 : i64} : (tensor<32x48xf32>, tensor<32x16xf32>) -> tensor<32x64xf32>
    %0 = horn.matmul %x, %w {...} : (tensor<?x9x32xf32>, tensor<32x64xf32>) -> tensor<?x9x64xf32>
    %b = horn.concatenate %b0, %b1 {axis = 0 : i64} : (tensor<48xf32>, tensor<16xf32>) -> tensor<64xf32>
    %1 = horn.add %0, %b : (tensor<?x9x64xf32>, tensor<64xf32>) -> tensor<?x9x64xf32>
    %y = horn.slice %1 {starts = array<i64: 0, 0, 0>, ...} : (tensor<?x9x64xf32>) -> tensor<?x9x48xf32>
    %z = horn.slice %1 {starts = array<i64: 0, 0, 48>, ...} : (tensor<?x9x64xf32>) -> tensor<?x9x16xf32>
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "f32 elements in a vector register; f64 has half as many">,
    Option<"registers", "registers", "int64_t", "32", "vector registers of the machine">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def PackWeights : Pass<"horn-pack-weights", "::mlir::func::FuncOp"> {
  let summary = "give matmul and conv with weights the panels that their kernels read";
  let description = [{
    Rewrites products of f32 or f64 with a weight-only matrix (or one for each of a known number of
    matrices on the left), and convolutions with weight-only kernels, to `horn.panel_matmul` and `horn.panel_conv` on `horn.pack`. The width of the
    panels is a number of vector registers that suits the number of columns and of registers
    (compiler/codegen/TileSizes.h). A transposed matrix gets an explicit `horn.transpose` first.
    Groups have panels of their own. Where one or more fill a vector (compiler/codegen/GroupLanes.h) all share
    panels of one vector; depthwise convolutions with several filters a channel become such groups.

    ```mlir
    %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x784xf32>, tensor<784x10xf32>) -> tensor<?x10xf32>
    ```
    becomes
    ```mlir
    %0 = horn.pack %w {width = 16 : i64} : (tensor<784x10xf32>) -> tensor<1x784x16xf32>
    %y = horn.panel_matmul %x, %0 {columns = 10 : i64} : (tensor<?x784xf32>, tensor<1x784x16xf32>) -> tensor<?x10xf32>
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "f32 elements in a vector register; f64 has half as many">,
    Option<"registers", "registers", "int64_t", "32", "vector registers of the machine">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def BlockWinograd : Pass<"horn-block-winograd", "::mlir::func::FuncOp"> {
  let summary = "compute Winograd's convolutions of large pictures a block of tiles at a time";
  let description = [{
    The transform of tiles, the packed products and the transform to pixels become one `horn.winograd_conv`,
    whose tasks keep a block of tiles in the second cache from the first step to the last. So large
    pictures do not go through memory twice. A block reads all weights, so that it must have enough
    tiles: many channels stay as they are, and so do small pictures, which would have few blocks to share.

    ```mlir
    %v = horn.winograd_tiles %x {...} : (tensor<?x56x56x64xf32>) -> tensor<36x?x64xf32>
    %m = horn.panel_matmul %v, %u {columns = 64 : i64} : (tensor<36x?x64xf32>, tensor<1x36x64x64xf32>) -> tensor<36x?x64xf32>
    %y = horn.winograd_pixels %m {...} : (tensor<36x?x64xf32>) -> tensor<?x56x56x64xf32>
    ```
    becomes
    ```mlir
    %y = horn.winograd_conv %x, %u {columns = 64 : i64, height = 56 : i64, width = 56 : i64, low = 1 : i64,
                                    pixels = 4 : i64} : (tensor<?x56x56x64xf32>, tensor<1x36x64x64xf32>) -> tensor<?x56x56x64xf32>
    ```
  }];
  let options = [
    Option<"lanes", "lanes", "int64_t", "16", "f32 elements in a vector register">,
    Option<"registers", "registers", "int64_t", "32", "vector registers of the machine">,
  ];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def ExposePadding : Pass<"horn-expose-padding", "::mlir::func::FuncOp"> {
  let summary = "state the padding of convolutions as ops of their own";
  let description = [{
    A `horn.panel_conv` with padding "same" over known sizes becomes a `horn.pad` and one with padding
    "valid". The producer of the padded tensor can then write into its interior, which saves the copy.

    ```mlir
    %y = horn.panel_conv %x, %p {kernel_size = array<i64: 3, 3>, padding = "same", ...} : ...
    ```
    becomes
    ```mlir
    %0 = horn.pad %x {low = array<i64: 0, 1, 1, 0>, high = array<i64: 0, 1, 1, 0>, ...} : ...
    %y = horn.panel_conv %0, %p {kernel_size = array<i64: 3, 3>, padding = "valid", ...} : ...
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def HoistPrepare : Pass<"horn-hoist-prepare", "::mlir::ModuleOp"> {
  let summary = "move what depends on weights alone from @forward to @prepare";
  let description = [{
    Every maximal computation on weights, in loops over time too, moves to `@prepare`, which runs when
    weights are set; `@forward` reads its result from a variable of kind "prepared". Weights as they
    are or only reshaped stay, as reading them is free, and so do small values of constants alone. Run
    `cse` before: equal computations then share a variable. Names come from layers and variables:
    `dense.kernel.panels`, `conv2d.shift`.

    ```mlir
    func.func @forward(%x: tensor<?x784xf32>) -> tensor<?x10xf32> {
      %w = horn.read @dense.kernel : tensor<784x10xf32>
      %p = horn.pack %w {width = 16 : i64} : (tensor<784x10xf32>) -> tensor<1x784x16xf32>
      ...
    ```
    becomes
    ```mlir
    horn.variable @dense.kernel.panels : tensor<1x784x16xf32> {kind = "prepared"}
    func.func @prepare() {
      %w = horn.read @dense.kernel : tensor<784x10xf32>
      %p = horn.pack %w {width = 16 : i64} : (tensor<784x10xf32>) -> tensor<1x784x16xf32>
      horn.keep @dense.kernel.panels, %p : tensor<1x784x16xf32>
      return
    }
    func.func @forward(%x: tensor<?x784xf32>) -> tensor<?x10xf32> {
      %p = horn.read @dense.kernel.panels : tensor<1x784x16xf32>
      ...
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect", "::mlir::func::FuncDialect"];
}

def FuseAttention : Pass<"horn-fuse-attention", "::mlir::func::FuncOp"> {
  let summary = "gather attention into groups that keep the scores in a cache";
  let description = [{
    The product of queries and keys, element-wise ops on the scores (scale, bias, mask), the softmax over
    their last axis and the product with values become one `horn.fused` around `horn.attend`, if nobody
    else reads what is between. Cheap ops that make masks are copied into the group, so that a mask need not
    be in memory; indices along an axis (`horn.iota`) become short vectors. Softmax is found decomposed.

    Keys and values that several heads share stand in the graph repeated for each head. The group reads
    them as they were before: it has an axis of groups of heads and one of the heads in a group, or where there
    is one query the heads in its place.

    Depths must be known and at most 256, elements f32 or f64. It runs just before other
    groups are formed, behind all that differentiation would see.

    ```mlir
    %s = horn.matmul %q, %k {...} : (tensor<?x12x128x64xf32>, tensor<?x12x64x128xf32>) -> tensor<?x12x128x128xf32>
    %0 = horn.reduce_max %s {axes = array<i64: 3>, keepdims = true} : ...
    %1 = horn.subtract %s, %0 : ...
    %2 = horn.exp %1 : ...
    %3 = horn.reduce_sum %2 {axes = array<i64: 3>, keepdims = true} : ...
    %4 = horn.divide %2, %3 : ...
    %y = horn.matmul %4, %v {...} : (tensor<?x12x128x128xf32>, tensor<?x12x128x64xf32>) -> tensor<?x12x128x64xf32>
    ```
    becomes
    ```mlir
    %y = horn.fused(%q, %k, %v) : (...) -> tensor<?x12x128x64xf32> {
    ^bb0(%q0: tensor<?x12x128x64xf32>, %k0: tensor<?x12x64x128xf32>, %v0: tensor<?x12x128x64xf32>):
      %0 = horn.matmul %q0, %k0 {...} : ...
      %1 = horn.attend %0, %v0 : ...
      horn.yield %1 : tensor<?x12x128x64xf32>
    }
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def FormGroups : Pass<"horn-form-groups", "::mlir::func::FuncOp"> {
  let summary = "wrap ops that become one kernel into horn.fused";
  let description = [{
    In this order, in the function's body and in loops over time:

    1. Contractions and pooling windows take the element-wise ops behind them of the same shape, as long
       as the values between have no users outside.
    2. Rows: element-wise ops with sums, means, maxima or minima along the last axis in between that
       lead to one result of full shape, such as softmax and layer normalisation.
    3. Other reductions take element-wise ops behind them, and those before them of their operand's shape.
    4. Products whose rows are pixels or rows of a matrix (1 x 1 convolutions, dense layers) take what is
       left of light element-wise ops in front of them, and a depthwise convolution that nothing else
       uses: a task computes its rows of the left operand first.
    5. What is left of element-wise ops: each result takes the producers that only it uses.

    A group has one result, at most 24 ops and 12 inputs, and own copies of constants of one element.
    Ops that move data, reads and constants stay outside.

    ```mlir
    %0 = horn.panel_matmul %x, %p {columns = 10 : i64} : (tensor<?x784xf32>, tensor<1x784x16xf32>) -> tensor<?x10xf32>
    %y = horn.relu %0 : tensor<?x10xf32>
    ```
    becomes
    ```mlir
    %y = horn.fused(%x, %p) : (tensor<?x784xf32>, tensor<1x784x16xf32>) -> tensor<?x10xf32> {
    ^bb0(%x0: tensor<?x784xf32>, %p0: tensor<1x784x16xf32>):
      %0 = horn.panel_matmul %x0, %p0 {columns = 10 : i64} : (tensor<?x784xf32>, tensor<1x784x16xf32>) -> tensor<?x10xf32>
      %1 = horn.relu %0 : tensor<?x10xf32>
      horn.yield %1 : tensor<?x10xf32>
    }
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

def GatherScans : Pass<"horn-gather-scans", "::mlir::func::FuncOp"> {
  let summary = "put loops over time that do not depend on one another side by side";
  let description = [{
    The two directions of a bidirectional layer, or recurrent layers on parallel branches, stand far apart,
    with what needs the first in front of the second. This moves them next to each other; the lowering then
    gives each a team of its own, and the runtime lets these share the threads. The loops need not have the
    same number of steps or anything else in common. Loops that set variables stay, and so
    does what is behind an op that does.

    ```mlir
    %a = horn.scan carried(%h : ...) sequences(%x : ...) -> (...) {...} {reverse = false}
    %r = horn.relu %a : tensor<?x8xf32>
    %y = horn.tanh %x : tensor<?x5x8xf32>
    %b = horn.scan carried(%h : ...) sequences(%y : ...) -> (...) {...} {reverse = true}
    ```
    becomes
    ```mlir
    %y = horn.tanh %x : tensor<?x5x8xf32>
    %a = horn.scan carried(%h : ...) sequences(%x : ...) -> (...) {...} {reverse = false}
    %b = horn.scan carried(%h : ...) sequences(%y : ...) -> (...) {...} {reverse = true}
    %r = horn.relu %a : tensor<?x8xf32>
    ```
  }];
  let dependentDialects = ["::horn::ir::HornDialect"];
}

#endif
