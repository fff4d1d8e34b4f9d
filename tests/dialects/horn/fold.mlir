// RUN: horn-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @identities
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
func.func @identities(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %zero = horn.constant dense<0.0> : tensor<f32>
  %negativeZero = horn.constant dense<-0.0> : tensor<f32>
  %one = horn.constant dense<1.0> : tensor<4xf32>
  %0 = horn.add %negativeZero, %x : (tensor<f32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = horn.subtract %0, %zero : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32>
  %2 = horn.multiply %one, %1 : (tensor<4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = horn.divide %2, %one : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %4 = horn.cast %3 {dtype = f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %5 = horn.transpose %4 {permutation = array<i64: 0, 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %6 = horn.reshape %5 {shape = array<i64: -1, 4>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  // CHECK-NEXT: return %[[X]]
  return %6 : tensor<?x4xf32>
}

// -0 + 0 = 0, so that the sum is not x.
// CHECK-LABEL: @positiveZeroStays
func.func @positiveZeroStays(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = horn.constant dense<0.0> : tensor<f32>
  // CHECK: horn.add
  %0 = horn.add %x, %zero : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @integerZeroGoes
// CHECK-SAME: (%[[X:.*]]: tensor<4xi32>)
func.func @integerZeroGoes(%x: tensor<4xi32>) -> tensor<4xi32> {
  %zero = horn.constant dense<0> : tensor<i32>
  %0 = horn.add %x, %zero : (tensor<4xi32>, tensor<i32>) -> tensor<4xi32>
  // CHECK-NEXT: return %[[X]]
  return %0 : tensor<4xi32>
}

// The product has another shape than x.
// CHECK-LABEL: @broadcastStays
func.func @broadcastStays(%x: tensor<4xf32>) -> tensor<2x4xf32> {
  %one = horn.constant dense<1.0> : tensor<2x1xf32>
  // CHECK: horn.multiply
  %0 = horn.multiply %x, %one : (tensor<4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// With one unknown size equal in name only, the reshape may move elements.
// CHECK-LABEL: @twoUnknownSizesStay
func.func @twoUnknownSizesStay(%x: tensor<?x?xf32>, %like: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // CHECK: horn.reshape
  %0 = horn.reshape %x, %like {shape = array<i64: -3, -4>} : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}
