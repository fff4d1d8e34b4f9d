// RUN: horn-opt %s -split-input-file -verify-diagnostics | horn-opt | FileCheck %s

// CHECK-LABEL: @reductions
func.func @reductions(%x: tensor<?x4x?xf32>) {
  // CHECK: horn.reduce_sum %{{.*}} {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x4x?xf32>) -> tensor<?xf32>
  %0 = horn.reduce_sum %x {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x4x?xf32>) -> tensor<?xf32>
  // CHECK: horn.reduce_max %{{.*}} {axes = array<i64: 2>, keepdims = true} : (tensor<?x4x?xf32>) -> tensor<?x4x1xf32>
  %1 = horn.reduce_max %x {axes = array<i64: 2>, keepdims = true} : (tensor<?x4x?xf32>) -> tensor<?x4x1xf32>
  // CHECK: horn.argmax %{{.*}} : (tensor<?x4x?xf32>) -> tensor<?x?xi32>
  %2 = horn.argmax %x {axis = 1 : i64, keepdims = false} : (tensor<?x4x?xf32>) -> tensor<?x?xi32>
  // CHECK: horn.argsort %{{.*}} : (tensor<?x4x?xf32>) -> tensor<?x4x?xi32>
  %3 = horn.argsort %x {axis = 1 : i64, descending = true} : (tensor<?x4x?xf32>) -> tensor<?x4x?xi32>
  // CHECK: horn.cumulative_sum
  %4 = horn.cumulative_sum %x {axis = 1 : i64, reverse = true, exclusive = false} : (tensor<?x4x?xf32>) -> tensor<?x4x?xf32>
  return
}
