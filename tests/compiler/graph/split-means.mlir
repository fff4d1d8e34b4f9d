// RUN: horn-opt %s --horn-split-means | FileCheck %s
// RUN: horn-opt %s --horn-split-means --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: @behindSilu
// REMARK: "squeeze by sums of the lines of dwconv"
func.func @behindSilu(%x: tensor<?x7x9x4xf32>, %k: tensor<3x3x4x1xf32>) -> (tensor<?x7x9x4xf32>, tensor<?x4xf32>) {
  // CHECK: %[[Y:.*]] = horn.multiply
  // CHECK-NEXT: %[[LINES:.*]] = horn.reduce_sum %[[Y]] {axes = array<i64: 2>, keepdims = false} : (tensor<?x7x9x4xf32>) -> tensor<?x7x4xf32>
  // CHECK-NEXT: %[[SUM:.*]] = horn.reduce_sum %[[LINES]] {axes = array<i64: 1>, keepdims = false} : (tensor<?x7x4xf32>) -> tensor<?x4xf32>
  // CHECK-NEXT: %[[COUNT:.*]] = horn.constant dense<6.300000e+01>
  // CHECK-NEXT: %[[M:.*]] = horn.divide %[[SUM]], %[[COUNT]]
  // CHECK-NEXT: return %[[Y]], %[[M]]
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x7x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x7x9x4xf32> loc("dwconv")
  %1 = horn.sigmoid %0 : tensor<?x7x9x4xf32>
  %2 = horn.multiply %0, %1 : (tensor<?x7x9x4xf32>, tensor<?x7x9x4xf32>) -> tensor<?x7x9x4xf32>
  %3 = horn.reduce_mean %2 {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x7x9x4xf32>) -> tensor<?x4xf32> loc("squeeze")
  return %2, %3 : tensor<?x7x9x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: @oneAxisKept
func.func @oneAxisKept(%x: tensor<?x7x4xf32>, %k: tensor<3x4x1xf32>) -> tensor<?x1x4xf32> {
  // CHECK: horn.reduce_sum %{{.*}} {axes = array<i64: 1>, keepdims = true} : (tensor<?x7x4xf32>) -> tensor<?x1x4xf32>
  // CHECK-NOT: horn.reduce
  // CHECK: return
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1>, dilations = array<i64: 1>, padding = "same"} : (tensor<?x7x4xf32>, tensor<3x4x1xf32>) -> tensor<?x7x4xf32>
  %1 = horn.reduce_mean %0 {axes = array<i64: 1>, keepdims = true} : (tensor<?x7x4xf32>) -> tensor<?x1x4xf32>
  return %1 : tensor<?x1x4xf32>
}

// Means of other values, of a part of the axes, and of pictures of unknown size stay.
// CHECK-LABEL: @others
// CHECK-NOT: horn.reduce_sum
// CHECK: return
func.func @others(%x: tensor<?x7x9x4xf32>, %z: tensor<?x?x9x4xf32>, %k: tensor<3x3x4x1xf32>) -> (tensor<?x4xf32>, tensor<?x7x4xf32>, tensor<?x4xf32>) {
  %0 = horn.reduce_mean %x {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x7x9x4xf32>) -> tensor<?x4xf32>
  %1 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x7x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x7x9x4xf32>
  %2 = horn.reduce_mean %1 {axes = array<i64: 2>, keepdims = false} : (tensor<?x7x9x4xf32>) -> tensor<?x7x4xf32>
  %3 = horn.depthwise_conv %z, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x?x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x?x9x4xf32>
  %4 = horn.reduce_mean %3 {axes = array<i64: 1, 2>, keepdims = false} : (tensor<?x?x9x4xf32>) -> tensor<?x4xf32>
  return %0, %2, %4 : tensor<?x4xf32>, tensor<?x7x4xf32>, tensor<?x4xf32>
}
