// RUN: horn-opt %s -verify-diagnostics -split-input-file

func.func @matmulInner(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error@+2 {{matmul's inner sizes differ: 3 and 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.matmul %a, %b {transpose_a = false, transpose_b = false} : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----

func.func @convChannels(%x: tensor<1x8x4xf32>, %k: tensor<3x3x2xf32>) {
  // expected-error@+2 {{a kernel with 3 input channels and 1 groups does not fit an input with 4 channels}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.conv %x, %k {strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "valid"}
     : (tensor<1x8x4xf32>, tensor<3x3x2xf32>) -> tensor<1x6x2xf32>
  return
}

// -----

func.func @convPadding(%x: tensor<1x8x4xf32>, %k: tensor<3x4x2xf32>) {
  // expected-error@+2 {{padding must be "same" or "valid", not "causal"}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.conv %x, %k {strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "causal"}
     : (tensor<1x8x4xf32>, tensor<3x4x2xf32>) -> tensor<1x6x2xf32>
  return
}

// -----

func.func @emptyKernel(%x: tensor<1x8x4xf32>, %k: tensor<0x4x2xf32>) {
  // expected-error@+2 {{strides, dilations and kernel sizes must be known and at least 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.conv %x, %k {strides = array<i64: 1>, dilations = array<i64: 1>, groups = 1 : i64, padding = "valid"}
     : (tensor<1x8x4xf32>, tensor<0x4x2xf32>) -> tensor<1x9x2xf32>
  return
}

// -----

func.func @poolPadding(%x: tensor<1x8x4xf32>) {
  // expected-error@+2 {{padding must be "same" or "valid", not "full"}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.max_pool %x {pool_size = array<i64: 2>, strides = array<i64: 2>, padding = "full"} : (tensor<1x8x4xf32>) -> tensor<1x4x4xf32>
  return
}
