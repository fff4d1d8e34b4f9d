// RUN: horn-opt %s --horn-hoist-strides | FileCheck %s

// Through an addition into the convolution before; the other summand becomes a slice.
// CHECK-LABEL: @residual
// CHECK-SAME: %[[X:.*]]: tensor<?x8x8x4xf32>, %[[S:.*]]: tensor<?x8x8x16xf32>
func.func @residual(%x: tensor<?x8x8x4xf32>, %s: tensor<?x8x8x16xf32>, %k: tensor<1x1x4x16xf32>, %b: tensor<16xf32>, %w: tensor<1x1x16x8xf32>) -> tensor<?x4x4x8xf32> {
  // CHECK: %[[Y:.*]] = horn.conv %[[X]], {{.*}}strides = array<i64: 2, 2>{{.*}} -> tensor<?x4x4x16xf32>
  // CHECK: %[[B:.*]] = horn.add %[[Y]], %{{.*}} : (tensor<?x4x4x16xf32>, tensor<16xf32>)
  // CHECK: %[[P:.*]] = horn.slice %[[S]] {{.*}}steps = array<i64: 1, 2, 2, 1>
  // CHECK: %[[A:.*]] = horn.add %[[B]], %[[P]]
  // CHECK: %[[R:.*]] = horn.relu %[[A]]
  // CHECK: horn.conv %[[R]], {{.*}}strides = array<i64: 1, 1>{{.*}} -> tensor<?x4x4x8xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x8x8x4xf32>, tensor<1x1x4x16xf32>) -> tensor<?x8x8x16xf32>
  %1 = horn.add %0, %b : (tensor<?x8x8x16xf32>, tensor<16xf32>) -> tensor<?x8x8x16xf32>
  %2 = horn.add %1, %s : (tensor<?x8x8x16xf32>, tensor<?x8x8x16xf32>) -> tensor<?x8x8x16xf32>
  %3 = horn.relu %2 : tensor<?x8x8x16xf32>
  %y = horn.conv %3, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x8x8x16xf32>, tensor<1x1x16x8xf32>) -> tensor<?x4x4x8xf32>
  return %y : tensor<?x4x4x8xf32>
}

// A window without padding moves with the strides, over unknown sizes too.
// CHECK-LABEL: @window
func.func @window(%x: tensor<?x?x?x4xf32>, %k: tensor<3x3x4x16xf32>, %w: tensor<1x1x16x8xf32>) -> tensor<?x?x?x8xf32> {
  // CHECK: horn.conv %{{.*}}strides = array<i64: 4, 4>
  // CHECK: horn.conv %{{.*}}strides = array<i64: 1, 1>
  %0 = horn.conv %x, %k {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x?x?x4xf32>, tensor<3x3x4x16xf32>) -> tensor<?x?x?x16xf32>
  %y = horn.conv %0, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x?x?x16xf32>, tensor<1x1x16x8xf32>) -> tensor<?x?x?x8xf32>
  return %y : tensor<?x?x?x8xf32>
}

// Padding depends on the strides.
// CHECK-LABEL: @padded
// CHECK: horn.conv %{{.*}}strides = array<i64: 1, 1>
// CHECK: horn.conv %{{.*}}strides = array<i64: 2, 2>
func.func @padded(%x: tensor<?x8x8x4xf32>, %k: tensor<3x3x4x16xf32>, %w: tensor<1x1x16x8xf32>) -> tensor<?x4x4x8xf32> {
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x8x8x4xf32>, tensor<3x3x4x16xf32>) -> tensor<?x8x8x16xf32>
  %y = horn.conv %0, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x8x8x16xf32>, tensor<1x1x16x8xf32>) -> tensor<?x4x4x8xf32>
  return %y : tensor<?x4x4x8xf32>
}

// Another user needs all pixels.
// CHECK-LABEL: @shared
// CHECK: horn.relu %{{.*}} : tensor<?x8x8x16xf32>
// CHECK: horn.conv %{{.*}}strides = array<i64: 2, 2>
func.func @shared(%x: tensor<?x8x8x16xf32>, %w: tensor<1x1x16x8xf32>) -> (tensor<?x4x4x8xf32>, tensor<?x8x8x16xf32>) {
  %0 = horn.relu %x : tensor<?x8x8x16xf32>
  %y = horn.conv %0, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x8x8x16xf32>, tensor<1x1x16x8xf32>) -> tensor<?x4x4x8xf32>
  return %y, %0 : tensor<?x4x4x8xf32>, tensor<?x8x8x16xf32>
}

// A window of three reads neighbours.
// CHECK-LABEL: @wide
// CHECK: horn.relu %{{.*}} : tensor<?x9x9x16xf32>
// CHECK: horn.conv %{{.*}}strides = array<i64: 2, 2>
func.func @wide(%x: tensor<?x9x9x16xf32>, %w: tensor<3x3x16x8xf32>) -> tensor<?x4x4x8xf32> {
  %0 = horn.relu %x : tensor<?x9x9x16xf32>
  %y = horn.conv %0, %w {strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "valid"} : (tensor<?x9x9x16xf32>, tensor<3x3x16x8xf32>) -> tensor<?x4x4x8xf32>
  return %y : tensor<?x4x4x8xf32>
}
