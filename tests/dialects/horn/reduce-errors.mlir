// RUN: horn-opt %s -verify-diagnostics -split-input-file

func.func @axisOutside(%x: tensor<3xf32>) {
  // expected-error@+2 {{axis 1 is outside a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.reduce_sum %x {axes = array<i64: 1>, keepdims = false} : (tensor<3xf32>) -> tensor<f32>
  return
}

// -----

func.func @axisTwice(%x: tensor<3x3xf32>) {
  // expected-error@+2 {{axis 1 is named twice}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.reduce_sum %x {axes = array<i64: 1, 1>, keepdims = false} : (tensor<3x3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @sortAxis(%x: tensor<3xf32>) {
  // expected-error@+2 {{axis 2 is outside a tensor of rank 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.sort %x {axis = 2 : i64, descending = false} : (tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @meanOfIntegers(%x: tensor<3xi32>) {
  // expected-error@+1 {{operand #0 must be tensor of floating-point elements}}
  %0 = horn.reduce_mean %x {axes = array<i64: 0>, keepdims = false} : (tensor<3xi32>) -> tensor<i32>
  return
}
