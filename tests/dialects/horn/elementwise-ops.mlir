// RUN: horn-opt %s | horn-opt | FileCheck %s

// CHECK-LABEL: @unary
func.func @unary(%x: tensor<?x4xf32>, %i: tensor<3xui8>, %b: tensor<i1>) {
  // CHECK: horn.exp %{{.*}} : tensor<?x4xf32>
  %0 = horn.exp %x : tensor<?x4xf32>
  // CHECK: horn.relu %{{.*}} : tensor<3xui8>
  %1 = horn.relu %i : tensor<3xui8>
  // CHECK: horn.logical_not %{{.*}} : tensor<i1>
  %2 = horn.logical_not %b : tensor<i1>
  // CHECK: horn.isnan %{{.*}} : (tensor<?x4xf32>) -> tensor<?x4xi1>
  %3 = horn.isnan %x : (tensor<?x4xf32>) -> tensor<?x4xi1>
  return
}

// CHECK-LABEL: @binary
func.func @binary(%x: tensor<?x4xf32>, %v: tensor<4xf32>, %c: tensor<?x1xi1>) {
  // CHECK: horn.add %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %0 = horn.add %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: horn.less %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xi1>
  %1 = horn.less %x, %v : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xi1>
  // CHECK: horn.select %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x1xi1>, tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %2 = horn.select %c, %x, %v : (tensor<?x1xi1>, tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: horn.cast %{{.*}} {dtype = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  %3 = horn.cast %x {dtype = bf16} : (tensor<?x4xf32>) -> tensor<?x4xbf16>
  return
}

// CHECK-LABEL: @activations
func.func @activations(%x: tensor<?x4xf32>) {
  // CHECK: horn.gelu %{{.*}} {approximate = true} : tensor<?x4xf32>
  %0 = horn.gelu %x {approximate = true} : tensor<?x4xf32>
  // CHECK: horn.elu %{{.*}} {alpha = 1.000000e+00 : f64} : tensor<?x4xf32>
  %1 = horn.elu %x {alpha = 1.0 : f64} : tensor<?x4xf32>
  // CHECK: horn.bitcast %{{.*}} {dtype = i32} : (tensor<?x4xf32>) -> tensor<?x4xi32>
  %2 = horn.bitcast %x {dtype = i32} : (tensor<?x4xf32>) -> tensor<?x4xi32>
  return
}
