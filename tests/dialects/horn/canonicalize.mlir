// RUN: horn-opt %s --canonicalize | FileCheck %s

// CHECK-LABEL: @reshapeOfReshape
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x6xf32>)
func.func @reshapeOfReshape(%x: tensor<?x4x6xf32>) -> tensor<?x3x8xf32> {
  // CHECK-NEXT: %[[Y:.*]] = horn.reshape %[[X]] {shape = array<i64: -2, 3, 8>}
  // CHECK-NEXT: return %[[Y]]
  %0 = horn.reshape %x {shape = array<i64: -2, -1>} : (tensor<?x4x6xf32>) -> tensor<?x24xf32>
  %1 = horn.reshape %0 {shape = array<i64: -2, 3, 8>} : (tensor<?x24xf32>) -> tensor<?x3x8xf32>
  return %1 : tensor<?x3x8xf32>
}

// Axis 0 of the middle is no axis of %x, but the only unknown size.
// CHECK-LABEL: @reshapeToInferredSize
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x6xf32>)
func.func @reshapeToInferredSize(%x: tensor<?x4x6xf32>) -> tensor<?x2x3xf32> {
  // CHECK-NEXT: horn.reshape %[[X]] {shape = array<i64: -1, 2, 3>}
  %0 = horn.reshape %x {shape = array<i64: -1, 6>} : (tensor<?x4x6xf32>) -> tensor<?x6xf32>
  %1 = horn.reshape %0 {shape = array<i64: -2, 2, 3>} : (tensor<?x6xf32>) -> tensor<?x2x3xf32>
  return %1 : tensor<?x2x3xf32>
}

// Refused: two sizes would have to be inferred.
// CHECK-LABEL: @reshapeWithTwoUnknownSizes
func.func @reshapeWithTwoUnknownSizes(%x: tensor<?x4x6xf32>, %like: tensor<?xf32>) -> tensor<?x?x2xf32> {
  // CHECK-COUNT-2: horn.reshape
  %0 = horn.reshape %x, %like {shape = array<i64: -1, -3>} : (tensor<?x4x6xf32>, tensor<?xf32>) -> tensor<?x?xf32>
  %1 = horn.reshape %0 {shape = array<i64: -2, -1, 2>} : (tensor<?x?xf32>) -> tensor<?x?x2xf32>
  return %1 : tensor<?x?x2xf32>
}

// CHECK-LABEL: @transposeOfTranspose
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>)
func.func @transposeOfTranspose(%x: tensor<2x3x4xf32>) -> (tensor<4x2x3xf32>, tensor<2x3x4xf32>) {
  // CHECK-NEXT: %[[Y:.*]] = horn.transpose %[[X]] {permutation = array<i64: 2, 0, 1>}
  // CHECK-NEXT: return %[[Y]], %[[X]]
  %0 = horn.transpose %x {permutation = array<i64: 0, 2, 1>} : (tensor<2x3x4xf32>) -> tensor<2x4x3xf32>
  %1 = horn.transpose %0 {permutation = array<i64: 1, 0, 2>} : (tensor<2x4x3xf32>) -> tensor<4x2x3xf32>
  %2 = horn.transpose %0 {permutation = array<i64: 0, 2, 1>} : (tensor<2x4x3xf32>) -> tensor<2x3x4xf32>
  return %1, %2 : tensor<4x2x3xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: @losslessCasts
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[N:.*]]: tensor<4xi8>)
func.func @losslessCasts(%x: tensor<4xf32>, %n: tensor<4xi8>) -> (tensor<4xf32>, tensor<4xi32>) {
  // CHECK-NEXT: %[[Y:.*]] = horn.cast %[[N]] {dtype = i32} : (tensor<4xi8>) -> tensor<4xi32>
  // CHECK-NEXT: return %[[X]], %[[Y]]
  %0 = horn.cast %x {dtype = f64} : (tensor<4xf32>) -> tensor<4xf64>
  %1 = horn.cast %0 {dtype = f32} : (tensor<4xf64>) -> tensor<4xf32>
  %2 = horn.cast %n {dtype = f32} : (tensor<4xi8>) -> tensor<4xf32>
  %3 = horn.cast %2 {dtype = i32} : (tensor<4xf32>) -> tensor<4xi32>
  return %1, %3 : tensor<4xf32>, tensor<4xi32>
}

// Refused: both round.
// CHECK-LABEL: @roundingCasts
func.func @roundingCasts(%x: tensor<4xf32>, %n: tensor<4xi32>) -> (tensor<4xf32>, tensor<4xi32>) {
  // CHECK-COUNT-4: horn.cast
  %0 = horn.cast %x {dtype = bf16} : (tensor<4xf32>) -> tensor<4xbf16>
  %1 = horn.cast %0 {dtype = f32} : (tensor<4xbf16>) -> tensor<4xf32>
  %2 = horn.cast %n {dtype = f32} : (tensor<4xi32>) -> tensor<4xf32>
  %3 = horn.cast %2 {dtype = i32} : (tensor<4xf32>) -> tensor<4xi32>
  return %1, %3 : tensor<4xf32>, tensor<4xi32>
}

// CHECK-LABEL: @movesNothing
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
func.func @movesNothing(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK-NEXT: return %[[X]], %[[X]], %[[X]], %[[X]]
  %0 = horn.broadcast_to %x {shape = array<i64: -2, 4>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = horn.slice %x {starts = array<i64: 0, 0>, limits = array<i64: 9223372036854775807, 4>, steps = array<i64: 1, 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = horn.concatenate %x {axis = 1 : i64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = horn.pad %x {low = array<i64: 0, 0>, high = array<i64: 0, 0>, interior = array<i64: 0, 0>, value = 0.0 : f64} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0, %1, %2, %3 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}

// Unchanged: the first slice stops at row 5 at most, the second turns the columns around.
// CHECK-LABEL: @slicesStay
func.func @slicesStay(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK-COUNT-2: horn.slice
  %0 = horn.slice %x {starts = array<i64: 0, 0>, limits = array<i64: 5, 4>, steps = array<i64: 1, 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %1 = horn.slice %x {starts = array<i64: 0, 9223372036854775807>, limits = array<i64: 9223372036854775807, -9223372036854775808>, steps = array<i64: 1, -1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}
