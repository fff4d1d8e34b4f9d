// RUN: horn-opt %s --horn-sink-reshapes | FileCheck %s

// CHECK-LABEL: @heads
// CHECK-SAME: %[[X:.*]]: tensor<?x5x12xf32>, %[[W:.*]]: tensor<12x12xf32>, %[[B:.*]]: tensor<3x4xf32>
func.func @heads(%x: tensor<?x5x12xf32>, %w: tensor<12x12xf32>, %b: tensor<3x4xf32>) -> tensor<?x5x3x4xf32> {
  // CHECK: %[[S:.*]] = horn.constant
  // CHECK: %[[Y:.*]] = horn.matmul %[[X]], %[[W]]
  // CHECK: %[[V:.*]] = horn.reshape %[[B]] {shape = array<i64: 12>} : (tensor<3x4xf32>) -> tensor<12xf32>
  // CHECK: %[[A:.*]] = horn.add %[[V]], %[[Y]] : (tensor<12xf32>, tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  // CHECK: %[[M:.*]] = horn.multiply %[[A]], %[[S]] : (tensor<?x5x12xf32>, tensor<f32>) -> tensor<?x5x12xf32>
  // CHECK: %[[R:.*]] = horn.reshape %[[M]] {shape = array<i64: -2, 5, 3, 4>}
  // CHECK: return %[[R]]
  %s = horn.constant dense<0.125> : tensor<f32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x5x12xf32>, tensor<12x12xf32>) -> tensor<?x5x12xf32>
  %1 = horn.reshape %0 {shape = array<i64: -2, 5, 3, 4>} : (tensor<?x5x12xf32>) -> tensor<?x5x3x4xf32>
  %2 = horn.add %b, %1 : (tensor<3x4xf32>, tensor<?x5x3x4xf32>) -> tensor<?x5x3x4xf32>
  %3 = horn.multiply %2, %s : (tensor<?x5x3x4xf32>, tensor<f32>) -> tensor<?x5x3x4xf32>
  return %3 : tensor<?x5x3x4xf32>
}

// Operands that differ from row to row, inputs that are split, splits with two readers and other
// reshapes stay.
// CHECK-LABEL: @others
// CHECK: horn.reshape
// CHECK-NEXT: horn.add
// CHECK-NEXT: horn.reshape
// CHECK-NEXT: horn.add
// CHECK-NEXT: horn.matmul
// CHECK-NEXT: horn.reshape
// CHECK-NEXT: horn.add
// CHECK-NEXT: horn.matmul
// CHECK-NEXT: horn.reshape
// CHECK-NEXT: horn.relu
func.func @others(%x: tensor<?x5x12xf32>, %w: tensor<12x12xf32>, %b: tensor<4xf32>, %r: tensor<5x3x4xf32>) -> (tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>, tensor<?x3x20xf32>) {
  %y = horn.relu %x : tensor<?x5x12xf32>
  %0 = horn.reshape %y {shape = array<i64: -2, 5, 3, 4>} : (tensor<?x5x12xf32>) -> tensor<?x5x3x4xf32>
  %1 = horn.add %0, %r : (tensor<?x5x3x4xf32>, tensor<5x3x4xf32>) -> tensor<?x5x3x4xf32>
  %2 = horn.reshape %x {shape = array<i64: -2, 5, 3, 4>} : (tensor<?x5x12xf32>) -> tensor<?x5x3x4xf32>
  %3 = horn.add %2, %b : (tensor<?x5x3x4xf32>, tensor<4xf32>) -> tensor<?x5x3x4xf32>
  %4 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x5x12xf32>, tensor<12x12xf32>) -> tensor<?x5x12xf32>
  %5 = horn.reshape %4 {shape = array<i64: -2, 5, 3, 4>} : (tensor<?x5x12xf32>) -> tensor<?x5x3x4xf32>
  %6 = horn.add %5, %5 : (tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>) -> tensor<?x5x3x4xf32>
  %7 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x5x12xf32>, tensor<12x12xf32>) -> tensor<?x5x12xf32>
  %8 = horn.reshape %7 {shape = array<i64: -2, 3, 20>} : (tensor<?x5x12xf32>) -> tensor<?x3x20xf32>
  %9 = horn.relu %8 : tensor<?x3x20xf32>
  return %1, %3, %6, %5, %9 : tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>, tensor<?x5x3x4xf32>, tensor<?x3x20xf32>
}

// Two unknown sizes must be those of the product.
// CHECK-LABEL: @unknownSteps
func.func @unknownSteps(%x: tensor<?x?x12xf32>, %w: tensor<12x12xf32>, %b: tensor<3x4xf32>) -> (tensor<?x?x3x4xf32>, tensor<?x?x3x4xf32>) {
  // CHECK: %[[Y:.*]] = horn.matmul
  // CHECK: %[[A:.*]] = horn.add %[[Y]], %{{.*}} : (tensor<?x?x12xf32>, tensor<12xf32>) -> tensor<?x?x12xf32>
  // CHECK: horn.reshape %[[A]], %{{.*}} {shape = array<i64: -3, -4, 3, 4>}
  // CHECK: horn.matmul
  // CHECK-NEXT: %[[T:.*]] = horn.reshape %{{.*}} {shape = array<i64: -4, -3, 3, 4>}
  // CHECK-NEXT: horn.add %[[T]]
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x12xf32>, tensor<12x12xf32>) -> tensor<?x?x12xf32>
  %1 = horn.reshape %0, %x {shape = array<i64: -3, -4, 3, 4>} : (tensor<?x?x12xf32>, tensor<?x?x12xf32>) -> tensor<?x?x3x4xf32>
  %2 = horn.add %1, %b : (tensor<?x?x3x4xf32>, tensor<3x4xf32>) -> tensor<?x?x3x4xf32>
  %3 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x?x12xf32>, tensor<12x12xf32>) -> tensor<?x?x12xf32>
  %4 = horn.reshape %3, %x {shape = array<i64: -4, -3, 3, 4>} : (tensor<?x?x12xf32>, tensor<?x?x12xf32>) -> tensor<?x?x3x4xf32>
  %5 = horn.add %4, %b : (tensor<?x?x3x4xf32>, tensor<3x4xf32>) -> tensor<?x?x3x4xf32>
  return %2, %5 : tensor<?x?x3x4xf32>, tensor<?x?x3x4xf32>
}

// CHECK-LABEL: @oneHead
func.func @oneHead(%x: tensor<?x5x12xf32>, %w: tensor<12x4xf32>, %b: tensor<1x4xf32>) -> tensor<?x5x1x4xf32> {
  // CHECK: %[[Y:.*]] = horn.matmul
  // CHECK: horn.add %[[Y]], %{{.*}} : (tensor<?x5x4xf32>, tensor<4xf32>) -> tensor<?x5x4xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x5x12xf32>, tensor<12x4xf32>) -> tensor<?x5x4xf32>
  %1 = horn.reshape %0 {shape = array<i64: -2, 5, 1, 4>} : (tensor<?x5x4xf32>) -> tensor<?x5x1x4xf32>
  %2 = horn.add %1, %b : (tensor<?x5x1x4xf32>, tensor<1x4xf32>) -> tensor<?x5x1x4xf32>
  return %2 : tensor<?x5x1x4xf32>
}
