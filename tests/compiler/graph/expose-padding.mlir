// RUN: horn-opt %s --horn-expose-padding | FileCheck %s

// A window of 3 pads one zero on each side.
// CHECK-LABEL: @padded
func.func @padded(%x: tensor<?x8x8x4xf32>, %p: tensor<1x3x3x4x16xf32>) -> tensor<?x8x8x16xf32> {
  // CHECK: %[[X:.*]] = horn.pad %{{.*}} {high = array<i64: 0, 1, 1, 0>, interior = array<i64: 0, 0, 0, 0>, low = array<i64: 0, 1, 1, 0>, value = 0.000000e+00 : f64} : (tensor<?x8x8x4xf32>) -> tensor<?x10x10x4xf32>
  // CHECK: horn.panel_conv %[[X]], %{{.*}} {{.*}}padding = "valid"
  %y = horn.panel_conv %x, %p {columns = 16 : i64, kernel_size = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x8x8x4xf32>, tensor<1x3x3x4x16xf32>) -> tensor<?x8x8x16xf32>
  return %y : tensor<?x8x8x16xf32>
}

// With stride 2 over an even size, the odd zero is at the end.
// CHECK-LABEL: @strided
func.func @strided(%x: tensor<?x8x8x4xf32>, %p: tensor<1x3x3x4x16xf32>) -> tensor<?x4x4x16xf32> {
  // CHECK: horn.pad %{{.*}} {high = array<i64: 0, 1, 1, 0>, {{.*}}low = array<i64: 0, 0, 0, 0>
  %y = horn.panel_conv %x, %p {columns = 16 : i64, kernel_size = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x8x8x4xf32>, tensor<1x3x3x4x16xf32>) -> tensor<?x4x4x16xf32>
  return %y : tensor<?x4x4x16xf32>
}

// A window of 1 pads nothing, but is "valid" all the same.
// CHECK-LABEL: @pointwise
func.func @pointwise(%x: tensor<?x8x8x4xf32>, %p: tensor<1x1x1x4x16xf32>) -> tensor<?x8x8x16xf32> {
  // CHECK-NOT: horn.pad
  // CHECK: horn.panel_conv {{.*}}padding = "valid"
  %y = horn.panel_conv %x, %p {columns = 16 : i64, kernel_size = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x8x8x4xf32>, tensor<1x1x1x4x16xf32>) -> tensor<?x8x8x16xf32>
  return %y : tensor<?x8x8x16xf32>
}

// How much is padded depends on the run: the lowering does it.
// CHECK-LABEL: @unknown_size
func.func @unknown_size(%x: tensor<?x?x?x4xf32>, %p: tensor<1x3x3x4x16xf32>) -> tensor<?x?x?x16xf32> {
  // CHECK-NOT: horn.pad
  // CHECK: horn.panel_conv {{.*}}padding = "same"
  %y = horn.panel_conv %x, %p {columns = 16 : i64, kernel_size = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x?x?x4xf32>, tensor<1x3x3x4x16xf32>) -> tensor<?x?x?x16xf32>
  return %y : tensor<?x?x?x16xf32>
}
