// RUN: horn-opt %s --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @panels
func.func @panels(%x: tensor<?x7x8xf32>, %p: tensor<2x8x16xf32>, %image: tensor<?x9x9x4xf32>, %k: tensor<1x3x3x4x16xf32>) -> (tensor<?x7x20xf32>, tensor<?x5x5x10xf32>) {
  // CHECK: horn.panel_matmul %{{.*}}, %{{.*}} {columns = 20 : i64} : (tensor<?x7x8xf32>, tensor<2x8x16xf32>) -> tensor<?x7x20xf32>
  // CHECK: horn.panel_conv %{{.*}}, %{{.*}} {columns = 10 : i64, dilations = array<i64: 1, 1>, kernel_size = array<i64: 3, 3>, padding = "same", strides = array<i64: 2, 2>}
  %0 = horn.panel_matmul %x, %p {columns = 20 : i64} : (tensor<?x7x8xf32>, tensor<2x8x16xf32>) -> tensor<?x7x20xf32>
  %1 = horn.panel_conv %image, %k {columns = 10 : i64, kernel_size = array<i64: 3, 3>, strides = array<i64: 2, 2>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<1x3x3x4x16xf32>) -> tensor<?x5x5x10xf32>
  return %0, %1 : tensor<?x7x20xf32>, tensor<?x5x5x10xf32>
}

// -----

func.func @tooManyColumns(%x: tensor<?x8xf32>, %p: tensor<2x8x16xf32>) {
  // expected-error @+2 {{the panels do not hold 33 columns}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = horn.panel_matmul %x, %p {columns = 33 : i64} : (tensor<?x8xf32>, tensor<2x8x16xf32>) -> tensor<?x33xf32>
  return
}

// -----

func.func @otherInnerSize(%x: tensor<?x9xf32>, %p: tensor<2x8x16xf32>) {
  // expected-error @+2 {{panel_matmul needs panels [P, K, W] for an operand [..., K]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = horn.panel_matmul %x, %p {columns = 20 : i64} : (tensor<?x9xf32>, tensor<2x8x16xf32>) -> tensor<?x20xf32>
  return
}

// -----

func.func @otherKernelSize(%x: tensor<?x9x9x4xf32>, %k: tensor<1x3x3x4x16xf32>) {
  // expected-error @+2 {{kernel_size differs from the panels'}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = horn.panel_conv %x, %k {columns = 10 : i64, kernel_size = array<i64: 5, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<1x3x3x4x16xf32>) -> tensor<?x9x9x10xf32>
  return
}

// -----

// CHECK-LABEL: @gates
func.func @gates(%x: tensor<?x8xf32>, %p: tensor<2x8x4x16xf32>) -> tensor<?x80xf32> {
  // CHECK: horn.gate_matmul %{{.*}}, %{{.*}} {units = 20 : i64} : (tensor<?x8xf32>, tensor<2x8x4x16xf32>) -> tensor<?x80xf32>
  %0 = horn.gate_matmul %x, %p {units = 20 : i64} : (tensor<?x8xf32>, tensor<2x8x4x16xf32>) -> tensor<?x80xf32>
  return %0 : tensor<?x80xf32>
}

// -----

func.func @tooManyUnits(%x: tensor<?x8xf32>, %p: tensor<2x8x4x16xf32>) {
  // expected-error @+2 {{the panels do not hold 33 units}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = horn.gate_matmul %x, %p {units = 33 : i64} : (tensor<?x8xf32>, tensor<2x8x4x16xf32>) -> tensor<?x132xf32>
  return
}

// -----

func.func @panelsWithoutGates(%x: tensor<?x8xf32>, %p: tensor<2x8x16xf32>) {
  // expected-error @+2 {{gate_matmul needs panels [P, K, G, W] for an operand [..., K]}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = horn.gate_matmul %x, %p {units = 20 : i64} : (tensor<?x8xf32>, tensor<2x8x16xf32>) -> tensor<?x20xf32>
  return
}
