// RUN: horn-opt %s | horn-opt | FileCheck %s

// CHECK: horn.variable @w : tensor<2xf32>
horn.variable @w : tensor<2xf32>
// CHECK: horn.variable @h : tensor<2xf32> {kind = "state"}
horn.variable @h : tensor<2xf32> {kind = "state"}
// CHECK: horn.variable @p : tensor<2xf32> {kind = "prepared"}
horn.variable @p : tensor<2xf32> {kind = "prepared"}

// CHECK-LABEL: @variables
func.func @variables() {
  // CHECK: %[[W:.*]] = horn.read @w : tensor<2xf32>
  %w = horn.read @w : tensor<2xf32>
  // CHECK: horn.assign @h, %[[W]] : tensor<2xf32>
  horn.assign @h, %w : tensor<2xf32>
  // CHECK: horn.keep @p, %[[W]] : tensor<2xf32>
  horn.keep @p, %w : tensor<2xf32>
  // CHECK: horn.constant dense<2.000000e+00> : tensor<f32>
  %c = horn.constant dense<2.0> : tensor<f32>
  return
}

// CHECK-LABEL: @scan
func.func @scan(%h: tensor<?x8xf32>, %x: tensor<?x5x8xf32>) -> tensor<?x8xf32> {
  // CHECK: horn.scan carried(%{{.*}} : tensor<?x8xf32>) sequences(%{{.*}} : tensor<?x5x8xf32>) -> (tensor<?x8xf32>, tensor<?x5x8xf32>)
  %last, %all = horn.scan carried(%h : tensor<?x8xf32>) sequences(%x : tensor<?x5x8xf32>) -> (tensor<?x8xf32>, tensor<?x5x8xf32>) {
  ^bb0(%a: tensor<?x8xf32>, %b: tensor<?x8xf32>):
    // CHECK: horn.yield %{{.*}}, %{{.*}} : tensor<?x8xf32>, tensor<?x8xf32>
    horn.yield %b, %a : tensor<?x8xf32>, tensor<?x8xf32>
  // CHECK: {reverse = false}
  } {reverse = false}
  return %last : tensor<?x8xf32>
}

// CHECK-LABEL: @fused
func.func @fused(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: horn.fused(%{{.*}}) : (tensor<?x8xf32>) -> tensor<?x8xf32>
  %y = horn.fused(%x) : (tensor<?x8xf32>) -> tensor<?x8xf32> {
  ^bb0(%a: tensor<?x8xf32>):
    %b = horn.relu %a : tensor<?x8xf32>
    horn.yield %b : tensor<?x8xf32>
  }
  return %y : tensor<?x8xf32>
}
