// RUN: horn-opt %s --horn-pack-weights | FileCheck %s
// RUN: horn-opt %s --horn-pack-weights="lanes=8 registers=16" | FileCheck %s --check-prefix=AVX2
// RUN: horn-opt %s --horn-pack-weights --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

horn.variable @w10 : tensor<32x10xf32> {kind = "weight"}
horn.variable @w100 : tensor<32x100xf32> {kind = "weight"}
horn.variable @w80 : tensor<32x80xf64> {kind = "weight"}
horn.variable @wt : tensor<24x32xf32> {kind = "weight"}
horn.variable @w16 : tensor<32x10xf16> {kind = "weight"}
horn.variable @k : tensor<3x3x4x48xf32> {kind = "weight"}
horn.variable @k24 : tensor<3x3x4x24xf32> {kind = "weight"}
horn.variable @d : tensor<3x3x16x2xf32> {kind = "weight"}

// CHECK-LABEL: @narrow
// CHECK-SAME: (%[[X:.*]]: tensor<?x32xf32>)
// AVX2-LABEL: @narrow
// REMARK-DAG: weights of dense packed into panels of 16 columns
func.func @narrow(%x: tensor<?x32xf32>) -> tensor<?x10xf32> {
  // CHECK: %[[W:.*]] = horn.read @w10
  // CHECK: %[[P:.*]] = horn.pack %[[W]] {width = 16 : i64} : (tensor<32x10xf32>) -> tensor<1x32x16xf32>
  // CHECK: horn.panel_matmul %[[X]], %[[P]] {columns = 10 : i64}
  // AVX2: horn.pack %{{.*}} {width = 16 : i64}
  %w = horn.read @w10 : tensor<32x10xf32>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x32xf32>, tensor<32x10xf32>) -> tensor<?x10xf32> loc("dense")
  return %y : tensor<?x10xf32>
}

// CHECK-LABEL: @wide
// AVX2-LABEL: @wide
func.func @wide(%x: tensor<?x5x32xf32>) -> tensor<?x5x100xf32> {
  // CHECK: horn.pack %{{.*}} {width = 64 : i64} : (tensor<32x100xf32>) -> tensor<2x32x64xf32>
  // CHECK: horn.panel_matmul %{{.*}} {columns = 100 : i64} : (tensor<?x5x32xf32>, tensor<2x32x64xf32>) -> tensor<?x5x100xf32>
  // AVX2: horn.pack %{{.*}} {width = 24 : i64}
  %w = horn.read @w100 : tensor<32x100xf32>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x5x32xf32>, tensor<32x100xf32>) -> tensor<?x5x100xf32>
  return %y : tensor<?x5x100xf32>
}

// Half as many f64 fill a vector: 80 columns are 10 vectors of 8, two panels of four and half a one.
// CHECK-LABEL: @doubles
func.func @doubles(%x: tensor<?x32xf64>) -> tensor<?x80xf64> {
  // CHECK: horn.pack %{{.*}} {width = 32 : i64} : (tensor<32x80xf64>) -> tensor<3x32x32xf64>
  %w = horn.read @w80 : tensor<32x80xf64>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x32xf64>, tensor<32x80xf64>) -> tensor<?x80xf64>
  return %y : tensor<?x80xf64>
}

// CHECK-LABEL: @transposed
func.func @transposed(%x: tensor<?x32xf32>) -> tensor<?x24xf32> {
  // CHECK: %[[T:.*]] = horn.transpose %{{.*}} {permutation = array<i64: 1, 0>} : (tensor<24x32xf32>) -> tensor<32x24xf32>
  // CHECK: horn.pack %[[T]]
  // CHECK: horn.panel_matmul
  %w = horn.read @wt : tensor<24x32xf32>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x32xf32>, tensor<24x32xf32>) -> tensor<?x24xf32>
  return %y : tensor<?x24xf32>
}

// CHECK-LABEL: @convolution
func.func @convolution(%x: tensor<?x9x9x4xf32>) -> tensor<?x5x5x48xf32> {
  // CHECK: %[[P:.*]] = horn.pack %{{.*}} {width = 48 : i64} : (tensor<3x3x4x48xf32>) -> tensor<1x3x3x4x48xf32>
  // CHECK: horn.panel_conv %{{.*}}, %[[P]] {columns = 48 : i64, dilations = array<i64: 1, 1>, kernel_size = array<i64: 3, 3>, padding = "same", strides = array<i64: 2, 2>}
  %k = horn.read @k : tensor<3x3x4x48xf32>
  %y = horn.conv %x, %k {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x48xf32>) -> tensor<?x5x5x48xf32>
  return %y : tensor<?x5x5x48xf32>
}

// CHECK-LABEL: @insideScan
func.func @insideScan(%h: tensor<?x32xf32>, %xs: tensor<?x7x32xf32>) -> tensor<?x7x10xf32> {
  // CHECK: horn.scan
  // CHECK: horn.panel_matmul
  %w = horn.read @w10 : tensor<32x10xf32>
  %last, %ys = horn.scan carried(%h : tensor<?x32xf32>) sequences(%xs : tensor<?x7x32xf32>) -> (tensor<?x32xf32>, tensor<?x7x10xf32>) {
  ^bb0(%state: tensor<?x32xf32>, %x: tensor<?x32xf32>):
    %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x32xf32>, tensor<32x10xf32>) -> tensor<?x10xf32>
    horn.yield %state, %y : tensor<?x32xf32>, tensor<?x10xf32>
  } {reverse = false}
  return %ys : tensor<?x7x10xf32>
}

// CHECK-LABEL: @twoActivations
// REMARK-DAG: matmul of scores not packed: its right operand is computed in each run
func.func @twoActivations(%x: tensor<?x5x32xf32>, %y: tensor<?x32x5xf32>) -> tensor<?x5x5xf32> {
  // CHECK: horn.matmul
  %z = horn.matmul %x, %y {transpose_a = false, transpose_b = false} : (tensor<?x5x32xf32>, tensor<?x32x5xf32>) -> tensor<?x5x5xf32> loc("scores")
  return %z : tensor<?x5x5xf32>
}

// Groups of 24 filters have panels of their own.
// CHECK-LABEL: @groups
func.func @groups(%x: tensor<?x9x9x8xf32>) -> tensor<?x9x9x48xf32> {
  // CHECK: %[[A:.*]] = horn.reshape %{{.*}} {shape = array<i64: 3, 3, 4, 2, 24>}
  // CHECK: %[[T:.*]] = horn.transpose %[[A]] {permutation = array<i64: 3, 0, 1, 2, 4>}
  // CHECK: %[[P:.*]] = horn.pack %[[T]] {width = 32 : i64} : (tensor<2x3x3x4x24xf32>) -> tensor<1x2x3x3x4x32xf32>
  // CHECK: horn.panel_conv %{{.*}}, %[[P]] {columns = 24 : i64, {{.*}}groups = 2 : i64, {{.*}} -> tensor<?x9x9x48xf32>
  %k = horn.read @k : tensor<3x3x4x48xf32>
  %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 2 : i64, padding = "same"} : (tensor<?x9x9x8xf32>, tensor<3x3x4x48xf32>) -> tensor<?x9x9x48xf32> loc("grouped")
  return %y : tensor<?x9x9x48xf32>
}

// Four groups of 4 filters share a vector of 16, two one of 8.
// CHECK-LABEL: @smallGroups
// AVX2-LABEL: @smallGroups
func.func @smallGroups(%x: tensor<?x9x9x24xf32>) -> tensor<?x9x9x24xf32> {
  // CHECK: %[[P:.*]] = horn.pack %{{.*}} {width = 16 : i64} : (tensor<3x3x4x24xf32>) -> tensor<2x3x3x4x16xf32>
  // CHECK: horn.panel_conv %{{.*}}, %[[P]] {columns = 24 : i64, {{.*}}groups = 6 : i64
  // AVX2: horn.pack %{{.*}} {width = 8 : i64}
  %k = horn.read @k24 : tensor<3x3x4x24xf32>
  %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 6 : i64, padding = "same"} : (tensor<?x9x9x24xf32>, tensor<3x3x4x24xf32>) -> tensor<?x9x9x24xf32>
  return %y : tensor<?x9x9x24xf32>
}

// Groups of 3 fill neither a vector nor a panel.
// CHECK-LABEL: @oddGroups
// REMARK-DAG: conv of odd not packed: its groups have too few filters for a panel
func.func @oddGroups(%x: tensor<?x9x9x32xf32>) -> tensor<?x9x9x24xf32> {
  // CHECK: horn.conv
  %k = horn.read @k24 : tensor<3x3x4x24xf32>
  %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 8 : i64, padding = "same"} : (tensor<?x9x9x32xf32>, tensor<3x3x4x24xf32>) -> tensor<?x9x9x24xf32> loc("odd")
  return %y : tensor<?x9x9x24xf32>
}

// Two filters a channel are groups of two.
// CHECK-LABEL: @multiplier
func.func @multiplier(%x: tensor<?x9x9x16xf32>) -> tensor<?x9x9x32xf32> {
  // CHECK: %[[K:.*]] = horn.reshape %{{.*}} {shape = array<i64: 3, 3, 1, 32>}
  // CHECK: %[[P:.*]] = horn.pack %[[K]] {width = 16 : i64}
  // CHECK: horn.panel_conv %{{.*}}, %[[P]] {columns = 32 : i64, {{.*}}groups = 16 : i64
  %k = horn.read @d : tensor<3x3x16x2xf32>
  %y = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x9x9x16xf32>, tensor<3x3x16x2xf32>) -> tensor<?x9x9x32xf32>
  return %y : tensor<?x9x9x32xf32>
}

// CHECK-LABEL: @half
// REMARK-DAG: matmul of small not packed: only f32 and f64 have panel kernels
func.func @half(%x: tensor<?x32xf16>) -> tensor<?x10xf16> {
  // CHECK: horn.matmul
  %w = horn.read @w16 : tensor<32x10xf16>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x32xf16>, tensor<32x10xf16>) -> tensor<?x10xf16> loc("small")
  return %y : tensor<?x10xf16>
}

horn.variable @left : tensor<32x64xf32> {kind = "weight"}
horn.variable @right : tensor<32x70xf32> {kind = "weight"}
horn.variable @upper : tensor<64x32xf32> {kind = "weight"}

// Matrices side by side are packed one by one where panels end with them, into one tensor.
// CHECK-LABEL: @joined
// AVX2-LABEL: @joined
func.func @joined(%x: tensor<?x32xf32>) -> tensor<?x134xf32> {
  // CHECK: %[[L:.*]] = horn.pack %{{.*}} {width = 48 : i64} : (tensor<32x134xf32>)
  // CHECK: horn.panel_matmul %{{.*}}, %[[L]] {columns = 134 : i64}
  %l = horn.read @left : tensor<32x64xf32>
  %r = horn.read @right : tensor<32x70xf32>
  %w = horn.concatenate %l, %r {axis = 1 : i64} : (tensor<32x64xf32>, tensor<32x70xf32>) -> tensor<32x134xf32>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x32xf32>, tensor<32x134xf32>) -> tensor<?x134xf32>
  return %y : tensor<?x134xf32>
}

// CHECK-LABEL: @joinedByPanels
func.func @joinedByPanels(%x: tensor<?x32xf32>) -> tensor<?x128xf32> {
  // CHECK: %[[A:.*]] = horn.transpose %{{.*}} {permutation = array<i64: 1, 0>} : (tensor<64x32xf32>) -> tensor<32x64xf32>
  // CHECK: %[[B:.*]] = horn.transpose %{{.*}} {permutation = array<i64: 1, 0>} : (tensor<64x32xf32>) -> tensor<32x64xf32>
  // CHECK: %[[L:.*]] = horn.pack %[[A]] {width = 64 : i64} : (tensor<32x64xf32>) -> tensor<1x32x64xf32>
  // CHECK: %[[R:.*]] = horn.pack %[[B]] {width = 64 : i64} : (tensor<32x64xf32>) -> tensor<1x32x64xf32>
  // CHECK: %[[P:.*]] = horn.concatenate %[[L]], %[[R]] {axis = 0 : i64}
  // CHECK: horn.panel_matmul %{{.*}}, %[[P]] {columns = 128 : i64}
  %u = horn.read @upper : tensor<64x32xf32>
  %v = horn.negative %u : tensor<64x32xf32>
  %w = horn.concatenate %u, %v {axis = 0 : i64} : (tensor<64x32xf32>, tensor<64x32xf32>) -> tensor<128x32xf32>
  %y = horn.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x32xf32>, tensor<128x32xf32>) -> tensor<?x128xf32>
  return %y : tensor<?x128xf32>
}
