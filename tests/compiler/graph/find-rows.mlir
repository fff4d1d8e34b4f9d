// RUN: horn-opt %s --split-input-file --horn-find-rows | FileCheck %s

// Convolutions, pooling, reductions of other axes and element-wise ops keep rows apart.
horn.variable @k : tensor<3x3x4x8xf32> {kind = "weight"}
horn.variable @w : tensor<8x5xf32> {kind = "weight"}
// CHECK: @forward
// CHECK-SAME: attributes {horn.rows_apart}
func.func @forward(%x: tensor<?x8x8x4xf32>) -> tensor<?x5xf32> {
  %k = horn.read @k : tensor<3x3x4x8xf32>
  %w = horn.read @w : tensor<8x5xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x8x8x4xf32>, tensor<3x3x4x8xf32>) -> tensor<?x8x8x8xf32>
  %1 = horn.max_pool %0 {pool_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "valid"} : (tensor<?x8x8x8xf32>) -> tensor<?x4x4x8xf32>
  %2 = horn.reduce_mean %1 {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x4x4x8xf32>) -> tensor<?x8xf32>
  %3 = horn.matmul %2, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x5xf32>) -> tensor<?x5xf32>
  %4 = horn.relu %3 : tensor<?x5xf32>
  return %4 : tensor<?x5xf32>
}

// -----

// The mean of a batch joins its rows.
// CHECK: @forward
// CHECK-NOT: horn.rows_apart
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = horn.reduce_mean %x {axes = array<i64: 0>, keepdims = true} : (tensor<?x4xf32>) -> tensor<1x4xf32>
  %1 = horn.subtract %x, %0 : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// -----

// So does a product of the batch with itself.
// CHECK: @forward
// CHECK-NOT: horn.rows_apart
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x?xf32> {
  %0 = horn.matmul %x, %x {transpose_a = false, transpose_b = true} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// A second unknown size.
// CHECK: @forward
// CHECK-NOT: horn.rows_apart
func.func @forward(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = horn.relu %x : tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

// -----

// A result without rows.
// CHECK: @forward
// CHECK-NOT: horn.rows_apart
func.func @forward(%x: tensor<?x4xf32>) -> tensor<4xf32> {
  %0 = horn.reduce_sum %x {axes = array<i64: 0>, keepdims = false} : (tensor<?x4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// A batch that moves to another axis and back is left alone; reversing it mixes rows.
// CHECK: @forward
// CHECK-NOT: horn.rows_apart
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %0 = horn.reverse %x {axes = array<i64: 0>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// -----

// State that a run changes.
horn.variable @s : tensor<4xf32> {kind = "state"}
// CHECK: @forward
// CHECK-NOT: horn.rows_apart
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %s = horn.read @s : tensor<4xf32>
  %0 = horn.relu %s : tensor<4xf32>
  horn.assign @s, %0 : tensor<4xf32>
  %1 = horn.add %x, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}
