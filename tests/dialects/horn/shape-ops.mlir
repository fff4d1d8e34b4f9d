// RUN: horn-opt %s | horn-opt | FileCheck %s

// CHECK-LABEL: @views
func.func @views(%x: tensor<?x4x5xf32>, %v: tensor<5xf32>) {
  // -2 keeps an axis, -1 takes the rest.
  // CHECK: horn.reshape %{{.*}} {shape = array<i64: -2, -1>} : (tensor<?x4x5xf32>) -> tensor<?x20xf32>
  %0 = horn.reshape %x {shape = array<i64: -2, -1>} : (tensor<?x4x5xf32>) -> tensor<?x20xf32>
  // -3 - k is axis k of `like`.
  // CHECK: horn.broadcast_to %{{.*}}, %{{.*}} {shape = array<i64: -3, 5>} : (tensor<5xf32>, tensor<?x4x5xf32>) -> tensor<?x5xf32>
  %1 = horn.broadcast_to %v, %x {shape = array<i64: -3, 5>} : (tensor<5xf32>, tensor<?x4x5xf32>) -> tensor<?x5xf32>
  // CHECK: horn.transpose %{{.*}} : (tensor<?x4x5xf32>) -> tensor<5x?x4xf32>
  %2 = horn.transpose %x {permutation = array<i64: 2, 0, 1>} : (tensor<?x4x5xf32>) -> tensor<5x?x4xf32>
  // CHECK: horn.reverse
  %3 = horn.reverse %x {axes = array<i64: 0, 2>} : (tensor<?x4x5xf32>) -> tensor<?x4x5xf32>
  // CHECK: horn.slice %{{.*}} : (tensor<?x4x5xf32>) -> tensor<?x2x2xf32>
  %4 = horn.slice %x {starts = array<i64: -2, 1, 9223372036854775807>, limits = array<i64: 9223372036854775807, -1, 0>,
                      steps = array<i64: 1, 1, -2>} : (tensor<?x4x5xf32>) -> tensor<?x2x2xf32>
  return
}

// CHECK-LABEL: @joins
func.func @joins(%a: tensor<?x2xf32>, %b: tensor<?x3xf32>, %ids: tensor<?x7xi32>, %places: tensor<9xi32>,
                 %rows: tensor<9x2xf32>) {
  // CHECK: horn.concatenate %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x3xf32>) -> tensor<?x5xf32>
  %0 = horn.concatenate %a, %b {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x3xf32>) -> tensor<?x5xf32>
  // CHECK: horn.pad %{{.*}} : (tensor<?x2xf32>) -> tensor<?x6xf32>
  %1 = horn.pad %a {low = array<i64: 0, 1>, high = array<i64: 0, 2>, interior = array<i64: 0, 1>, value = 0.0 : f64}
     : (tensor<?x2xf32>) -> tensor<?x6xf32>
  // CHECK: horn.take %{{.*}}, %{{.*}} {axis = 1 : i64, mode = "fill"} : (tensor<?x2xf32>, tensor<?x7xi32>) -> tensor<?x?x7xf32>
  %2 = horn.take %a, %ids {axis = 1 : i64, mode = "fill"} : (tensor<?x2xf32>, tensor<?x7xi32>) -> tensor<?x?x7xf32>
  // CHECK: horn.take_along_axis %{{.*}} : (tensor<?x2xf32>, tensor<?x7xi32>) -> tensor<?x7xf32>
  %3 = horn.take_along_axis %a, %ids {axis = 1 : i64} : (tensor<?x2xf32>, tensor<?x7xi32>) -> tensor<?x7xf32>
  // CHECK: horn.scatter %{{.*}}, %{{.*}}, %{{.*}} {combine = "add"} : (tensor<?x2xf32>, tensor<9xi32>, tensor<9x2xf32>) -> tensor<?x2xf32>
  %5 = horn.scatter %a, %places, %rows {combine = "add"} : (tensor<?x2xf32>, tensor<9xi32>, tensor<9x2xf32>) -> tensor<?x2xf32>
  // CHECK: horn.iota {axis = 1 : i64, dtype = i32, shape = array<i64: 3, 4>} : () -> tensor<3x4xi32>
  %4 = horn.iota {shape = array<i64: 3, 4>, axis = 1 : i64, dtype = i32} : () -> tensor<3x4xi32>
  return
}
