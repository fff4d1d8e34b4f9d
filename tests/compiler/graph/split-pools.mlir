// RUN: horn-opt %s --horn-split-pools | FileCheck %s

// CHECK-LABEL: @large
func.func @large(%x: tensor<?x20x21x4xf32>) -> tensor<?x10x21x4xf32> {
  // CHECK: %[[Y:.*]] = horn.max_pool %{{.*}} {padding = "same", pool_size = array<i64: 5, 1>, strides = array<i64: 2, 1>} : (tensor<?x20x21x4xf32>) -> tensor<?x10x21x4xf32>
  // CHECK: horn.max_pool %[[Y]] {padding = "same", pool_size = array<i64: 1, 7>, strides = array<i64: 1, 1>} : (tensor<?x10x21x4xf32>) -> tensor<?x10x21x4xf32>
  %y = horn.max_pool %x {pool_size = array<i64: 5, 7>, strides = array<i64: 2, 1>, padding = "same"} : (tensor<?x20x21x4xf32>) -> tensor<?x10x21x4xf32>
  return %y : tensor<?x10x21x4xf32>
}

// Few elements, one axis, and means stay.
// CHECK-LABEL: @others
// CHECK-COUNT-2: horn.max_pool
// CHECK: horn.average_pool
// CHECK-NOT: horn.max_pool
// CHECK: return
func.func @others(%x: tensor<?x20x21x4xf32>) -> (tensor<?x18x19x4xf32>, tensor<?x20x1x4xf32>, tensor<?x14x15x4xf32>) {
  %0 = horn.max_pool %x {pool_size = array<i64: 3, 3>, strides = array<i64: 1, 1>, padding = "valid"} : (tensor<?x20x21x4xf32>) -> tensor<?x18x19x4xf32>
  %1 = horn.max_pool %x {pool_size = array<i64: 1, 21>, strides = array<i64: 1, 1>, padding = "valid"} : (tensor<?x20x21x4xf32>) -> tensor<?x20x1x4xf32>
  %2 = horn.average_pool %x {pool_size = array<i64: 7, 7>, strides = array<i64: 1, 1>, padding = "valid"} : (tensor<?x20x21x4xf32>) -> tensor<?x14x15x4xf32>
  return %0, %1, %2 : tensor<?x18x19x4xf32>, tensor<?x20x1x4xf32>, tensor<?x14x15x4xf32>
}
