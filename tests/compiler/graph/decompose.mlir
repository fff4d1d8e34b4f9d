// RUN: horn-opt %s --horn-decompose | FileCheck %s
// RUN: horn-opt %s --horn-decompose=keep=horn.softmax | FileCheck %s --check-prefix=KEEP

// CHECK-LABEL: @silu
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
func.func @silu(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[S:.*]] = horn.sigmoid %[[X]]
  // CHECK: %[[Y:.*]] = horn.multiply %[[X]], %[[S]]
  // CHECK: return %[[Y]]
  // KEEP-NOT: horn.silu
  %y = horn.silu %x : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// CHECK-LABEL: @softmax
// CHECK-SAME: (%[[X:.*]]: tensor<?x4xf32>)
func.func @softmax(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[MAX:.*]] = horn.reduce_max %[[X]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: %[[SHIFTED:.*]] = horn.subtract %[[X]], %[[MAX]]
  // CHECK: %[[EXP:.*]] = horn.exp %[[SHIFTED]]
  // CHECK: %[[SUM:.*]] = horn.reduce_sum %[[EXP]] {axes = array<i64: 1>, keepdims = true}
  // CHECK: horn.divide %[[EXP]], %[[SUM]]
  // KEEP: horn.softmax
  %y = horn.softmax %x {axes = array<i64: 1>} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// Scale and shift depend on weights alone.
// CHECK-LABEL: @batchNorm
// CHECK-SAME: (%[[X:.*]]: tensor<?x2x3xf32>, %[[G:.*]]: tensor<2xf32>, %[[B:.*]]: tensor<2xf32>, %[[M:.*]]: tensor<2xf32>, %[[V:.*]]: tensor<2xf32>)
func.func @batchNorm(%x: tensor<?x2x3xf32>, %gamma: tensor<2xf32>, %beta: tensor<2xf32>, %mean: tensor<2xf32>, %variance: tensor<2xf32>) -> tensor<?x2x3xf32> {
  // CHECK: horn.rsqrt
  // CHECK: %[[SCALE:.*]] = horn.multiply %[[G]]
  // CHECK: %[[MEAN:.*]] = horn.multiply %[[M]], %[[SCALE]]
  // CHECK: %[[SHIFT:.*]] = horn.subtract %[[B]], %[[MEAN]]
  // CHECK: %[[SCALES:.*]] = horn.reshape %[[SCALE]] {shape = array<i64: -2, 1>}
  // CHECK: horn.multiply %[[X]], %[[SCALES]]
  %y = horn.batch_norm %x, %gamma, %beta, %mean, %variance {epsilon = 0.001 : f64, axis = 1 : i64}
     : (tensor<?x2x3xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<?x2x3xf32>
  return %y : tensor<?x2x3xf32>
}

// One convolution for each phase of the stride: here taps 0 and 2 give the even elements, tap 1 the odd ones.
// CHECK-LABEL: @transposedConvolution
// CHECK-SAME: (%[[X:.*]]: tensor<?x8x4xf32>, %[[K:.*]]: tensor<3x5x4xf32>)
func.func @transposedConvolution(%x: tensor<?x8x4xf32>, %k: tensor<3x5x4xf32>) -> tensor<?x16x5xf32> {
  // CHECK: %[[PADDED:.*]] = horn.pad %[[X]] {high = array<i64: 0, 0, 0>, interior = array<i64: 0, 0, 0>, low = array<i64: 0, 1, 0>
  // CHECK: %[[X0:.*]] = horn.slice %[[PADDED]] {limits = array<i64: 9223372036854775807, 9, 9223372036854775807>, starts = array<i64: 0, 0, 0>
  // CHECK: %[[K0:.*]] = horn.slice %[[K]] {{.*}}starts = array<i64: 0, 0, 0>, steps = array<i64: 2, 1, 1>} : (tensor<3x5x4xf32>) -> tensor<2x5x4xf32>
  // CHECK: %[[T0:.*]] = horn.reverse %[[K0]] {axes = array<i64: 0>}
  // CHECK: %[[W0:.*]] = horn.transpose %[[T0]] {permutation = array<i64: 0, 2, 1>}
  // CHECK: %[[Y0:.*]] = horn.conv %[[X0]], %[[W0]]
  // CHECK: %[[X1:.*]] = horn.slice %[[PADDED]] {limits = array<i64: 9223372036854775807, 9, 9223372036854775807>, starts = array<i64: 0, 1, 0>
  // CHECK: horn.slice %[[K]] {{.*}}starts = array<i64: 1, 0, 0>, {{.*}} -> tensor<1x5x4xf32>
  // CHECK: %[[Y1:.*]] = horn.conv %[[X1]], %{{.*}} -> tensor<?x8x5xf32>
  // CHECK: %[[ALL:.*]] = horn.concatenate %[[Y0]], %[[Y1]] {axis = 2 : i64}
  // CHECK: horn.reshape %[[ALL]] {shape = array<i64: -1, 8, 2, 5>}
  // CHECK: horn.reshape %{{.*}} {shape = array<i64: -1, 16, 5>}
  %y = horn.conv_transpose %x, %k {strides = array<i64: 2>, dilations = array<i64: 1>, padding = "same", output_padding = array<i64: -1>}
     : (tensor<?x8x4xf32>, tensor<3x5x4xf32>) -> tensor<?x16x5xf32>
  return %y : tensor<?x16x5xf32>
}

// Strides that are longer than the kernel, and unknown sizes: zeros go between the elements.
// CHECK-LABEL: @transposedWithZeros
func.func @transposedWithZeros(%x: tensor<?x8x4xf32>, %k: tensor<1x5x4xf32>, %z: tensor<?x?x4xf32>, %w: tensor<3x5x4xf32>) -> (tensor<?x16x5xf32>, tensor<?x?x5xf32>) {
  // CHECK: horn.pad %{{.*}} interior = array<i64: 0, 1, 0>
  // CHECK: horn.conv
  // CHECK: horn.pad %{{.*}} interior = array<i64: 0, 1, 0>
  // CHECK: horn.conv
  // CHECK-NOT: horn.conv
  %y = horn.conv_transpose %x, %k {strides = array<i64: 2>, dilations = array<i64: 1>, padding = "valid", output_padding = array<i64: -1>}
     : (tensor<?x8x4xf32>, tensor<1x5x4xf32>) -> tensor<?x16x5xf32>
  %v = horn.conv_transpose %z, %w {strides = array<i64: 2>, dilations = array<i64: 1>, padding = "same", output_padding = array<i64: -1>}
     : (tensor<?x?x4xf32>, tensor<3x5x4xf32>) -> tensor<?x?x5xf32>
  return %y, %v : tensor<?x16x5xf32>, tensor<?x?x5xf32>
}

// CHECK-LABEL: @primitiveStays
func.func @primitiveStays(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK-NEXT: horn.exp
  // CHECK-NEXT: return
  %y = horn.exp %x : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @insideFused
func.func @insideFused(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = horn.fused(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    // CHECK: horn.multiply
    // CHECK-NOT: horn.square
    %b = horn.square %a : tensor<4xf32>
    horn.yield %b : tensor<4xf32>
  }
  return %y : tensor<4xf32>
}
