// RUN: horn-opt %s --horn-winograd | FileCheck %s
// RUN: horn-opt %s --horn-winograd --horn-pack-weights | FileCheck %s --check-prefix=PACKED

horn.variable @k : tensor<3x3x64x96xf32> {kind = "weight"}
horn.variable @k512 : tensor<3x3x512x512xf32> {kind = "weight"}
horn.variable @k5 : tensor<5x5x64x96xf32> {kind = "weight"}

// CHECK-LABEL: @same
// CHECK-SAME: %[[X:.*]]: tensor<?x30x28x64xf32>
// PACKED-LABEL: @same
func.func @same(%x: tensor<?x30x28x64xf32>) -> tensor<?x30x28x96xf32> {
  // CHECK-DAG: %[[K:.*]] = horn.read @k
  // CHECK-DAG: %[[U:.*]] = horn.reshape %{{.*}} {shape = array<i64: 36, 64, 96>}
  // CHECK-DAG: %[[V:.*]] = horn.winograd_tiles %[[X]] {columns = 7 : i64, low = 1 : i64, pixels = 4 : i64, rows = 8 : i64} : (tensor<?x30x28x64xf32>) -> tensor<36x?x64xf32>
  // CHECK: %[[M:.*]] = horn.matmul %[[V]], %[[U]] {{.*}} -> tensor<36x?x96xf32>
  // CHECK: horn.winograd_pixels %[[M]] {height = 30 : i64, pixels = 4 : i64, width = 28 : i64} : (tensor<36x?x96xf32>) -> tensor<?x30x28x96xf32>
  // The transform of the kernel, which runs once, is not packed itself.
  // PACKED-COUNT-1: horn.pack {{.*}} : (tensor<36x64x96xf32>) -> tensor<2x36x64x48xf32>
  // PACKED: horn.panel_matmul {{.*}} : (tensor<36x?x64xf32>, tensor<2x36x64x48xf32>) -> tensor<36x?x96xf32>
  %k = horn.read @k : tensor<3x3x64x96xf32>
  %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x30x28x64xf32>, tensor<3x3x64x96xf32>) -> tensor<?x30x28x96xf32>
  return %y : tensor<?x30x28x96xf32>
}

// CHECK-LABEL: @valid
func.func @valid(%x: tensor<?x30x30x64xf32>) -> tensor<?x28x28x96xf32> {
  // CHECK: horn.winograd_tiles %{{.*}} {columns = 7 : i64, low = 0 : i64, pixels = 4 : i64, rows = 7 : i64}
  %k = horn.read @k : tensor<3x3x64x96xf32>
  %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x30x30x64xf32>, tensor<3x3x64x96xf32>) -> tensor<?x28x28x96xf32>
  return %y : tensor<?x28x28x96xf32>
}

// 7 x 7 pixels waste less of four tiles of 4 x 4 than they gain, but 36 matrices of 512 x 512 cost more to read
// than 16: tiles of 2 x 2.
// CHECK-LABEL: @small
func.func @small(%x: tensor<?x7x7x512xf32>) -> tensor<?x7x7x512xf32> {
  // CHECK-DAG: horn.reshape %{{.*}} {shape = array<i64: 16, 512, 512>}
  // CHECK-DAG: horn.winograd_tiles %{{.*}} {columns = 4 : i64, low = 1 : i64, pixels = 2 : i64, rows = 4 : i64} : (tensor<?x7x7x512xf32>) -> tensor<16x?x512xf32>
  // CHECK: horn.winograd_pixels %{{.*}} {height = 7 : i64, pixels = 2 : i64, width = 7 : i64}
  %k = horn.read @k512 : tensor<3x3x512x512xf32>
  %y = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x7x7x512xf32>, tensor<3x3x512x512xf32>) -> tensor<?x7x7x512xf32>
  return %y : tensor<?x7x7x512xf32>
}

// Strides, other windows, small pictures, unknown sizes and kernels that are inputs stay.
// CHECK-LABEL: @others
// CHECK-NOT: horn.winograd
// CHECK-COUNT-5: horn.conv
func.func @others(%x: tensor<?x28x28x64xf32>, %s: tensor<?x4x4x64xf32>, %u: tensor<?x?x?x64xf32>, %w: tensor<3x3x64x96xf32>) -> (tensor<?x14x14x96xf32>, tensor<?x28x28x96xf32>, tensor<?x4x4x96xf32>, tensor<?x?x?x96xf32>, tensor<?x28x28x96xf32>) {
  %k = horn.read @k : tensor<3x3x64x96xf32>
  %k5 = horn.read @k5 : tensor<5x5x64x96xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x28x28x64xf32>, tensor<3x3x64x96xf32>) -> tensor<?x14x14x96xf32>
  %1 = horn.conv %x, %k5 {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x28x28x64xf32>, tensor<5x5x64x96xf32>) -> tensor<?x28x28x96xf32>
  %2 = horn.conv %s, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x4x4x64xf32>, tensor<3x3x64x96xf32>) -> tensor<?x4x4x96xf32>
  %3 = horn.conv %u, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x?x?x64xf32>, tensor<3x3x64x96xf32>) -> tensor<?x?x?x96xf32>
  %4 = horn.conv %x, %w {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x28x28x64xf32>, tensor<3x3x64x96xf32>) -> tensor<?x28x28x96xf32>
  return %0, %1, %2, %3, %4 : tensor<?x14x14x96xf32>, tensor<?x28x28x96xf32>, tensor<?x4x4x96xf32>, tensor<?x?x?x96xf32>, tensor<?x28x28x96xf32>
}
