// RUN: horn-opt %s | horn-opt | FileCheck %s

// CHECK-LABEL: @matmul
func.func @matmul(%a: tensor<?x1x3x4xf32>, %b: tensor<7x5x4xf32>) {
  // CHECK: horn.matmul %{{.*}}, %{{.*}} {transpose_a = false, transpose_b = true} : {{.*}} -> tensor<?x7x3x5xf32>
  %0 = horn.matmul %a, %b {transpose_a = false, transpose_b = true} : (tensor<?x1x3x4xf32>, tensor<7x5x4xf32>) -> tensor<?x7x3x5xf32>
  return
}

// CHECK-LABEL: @convolutions
func.func @convolutions(%x: tensor<?x8x?x4xf32>, %k: tensor<3x2x2x6xf32>, %d: tensor<3x3x4x2xf32>) {
  // CHECK: horn.conv {{.*}} -> tensor<?x4x?x6xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 2 : i64, padding = "same"}
     : (tensor<?x8x?x4xf32>, tensor<3x2x2x6xf32>) -> tensor<?x4x?x6xf32>
  // CHECK: horn.depthwise_conv {{.*}} -> tensor<?x4x?x8xf32>
  %1 = horn.depthwise_conv %x, %d {strides = array<i64: 1, 1>, dilations = array<i64: 2, 1>, padding = "valid"}
     : (tensor<?x8x?x4xf32>, tensor<3x3x4x2xf32>) -> tensor<?x4x?x8xf32>
  return
}

// CHECK-LABEL: @transposed
func.func @transposed(%x: tensor<?x8x4xf32>, %k: tensor<3x5x4xf32>) {
  // CHECK: horn.conv_transpose {{.*}} -> tensor<?x16x5xf32>
  %0 = horn.conv_transpose %x, %k {strides = array<i64: 2>, dilations = array<i64: 1>, padding = "same", output_padding = array<i64: -1>}
     : (tensor<?x8x4xf32>, tensor<3x5x4xf32>) -> tensor<?x16x5xf32>
  // CHECK: horn.conv_transpose {{.*}} -> tensor<?x17x5xf32>
  %1 = horn.conv_transpose %x, %k {strides = array<i64: 2>, dilations = array<i64: 1>, padding = "valid", output_padding = array<i64: -1>}
     : (tensor<?x8x4xf32>, tensor<3x5x4xf32>) -> tensor<?x17x5xf32>
  return
}

// CHECK-LABEL: @windows
func.func @windows(%x: tensor<?x7x4xf32>, %w: tensor<3x100xf32>) {
  // CHECK: horn.max_pool {{.*}} -> tensor<?x3x4xf32>
  %0 = horn.max_pool %x {pool_size = array<i64: 2>, strides = array<i64: 2>, padding = "valid"} : (tensor<?x7x4xf32>) -> tensor<?x3x4xf32>
  // CHECK: horn.average_pool {{.*}} -> tensor<?x4x4xf32>
  %1 = horn.average_pool %x {pool_size = array<i64: 2>, strides = array<i64: 2>, padding = "same"} : (tensor<?x7x4xf32>) -> tensor<?x4x4xf32>
  // CHECK: horn.pack %{{.*}} {width = 64 : i64} : (tensor<3x100xf32>) -> tensor<2x3x64xf32>
  %2 = horn.pack %w {width = 64 : i64} : (tensor<3x100xf32>) -> tensor<2x3x64xf32>
  return
}
