// RUN: horn-opt %s -verify-diagnostics -split-input-file

func.func @reshapeCount(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{cannot reshape 6 elements into 8}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.reshape %x {shape = array<i64: 2, 4>} : (tensor<2x3xf32>) -> tensor<2x4xf32>
  return
}

// -----

func.func @reshapeTwoInferred(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{only one entry of a shape may be -1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.reshape %x {shape = array<i64: -1, -1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @reshapeLikeMissing(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{entry -3 of a shape names an axis that does not exist}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.reshape %x {shape = array<i64: -3, 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @broadcastShrinks(%x: tensor<3xf32>) {
  // expected-error@+2 {{broadcast_to cannot shrink size 3 to 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.broadcast_to %x {shape = array<i64: 1>} : (tensor<3xf32>) -> tensor<1xf32>
  return
}

// -----

func.func @broadcastDrops(%x: tensor<1x3xf32>) {
  // expected-error@+2 {{broadcast_to cannot drop axes}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.broadcast_to %x {shape = array<i64: 3>} : (tensor<1x3xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @permutation(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{the permutation must name each axis once}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.transpose %x {permutation = array<i64: 0, 0>} : (tensor<2x3xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @concatenateSizes(%a: tensor<2x3xf32>, %b: tensor<3x3xf32>) {
  // expected-error@+2 {{concatenate needs equal sizes on axis 0, not 2 and 3}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.concatenate %a, %b {axis = 1 : i64} : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x6xf32>
  return
}

// -----

func.func @sliceStep(%x: tensor<4xf32>) {
  // expected-error@+2 {{a slice's step must not be 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.slice %x {starts = array<i64: 0>, limits = array<i64: 4>, steps = array<i64: 0>} : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @negativePad(%x: tensor<4xf32>) {
  // expected-error@+2 {{padding must not be negative}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.pad %x {low = array<i64: -1>, high = array<i64: 0>, interior = array<i64: 0>, value = 0.0 : f64} : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @takeMode(%x: tensor<4xf32>, %i: tensor<2xi32>) {
  // expected-error@+1 {{mode must be "clip", "fill" or "wrap", not "raise"}}
  %0 = horn.take %x, %i {axis = 0 : i64, mode = "raise"} : (tensor<4xf32>, tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

func.func @iotaAxis() {
  // expected-error@+2 {{iota needs a full shape that has its axis}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.iota {shape = array<i64: 3>, axis = 1 : i64, dtype = i32} : () -> tensor<3xi32>
  return
}

// -----

func.func @scatterUpdates(%x: tensor<4x2xf32>, %i: tensor<3xi32>, %u: tensor<5x2xf32>) {
  // expected-error@+2 {{scatter needs updates of size 3 on axis 0, not 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.scatter %x, %i, %u {combine = "set"} : (tensor<4x2xf32>, tensor<3xi32>, tensor<5x2xf32>) -> tensor<4x2xf32>
  return
}

// -----

func.func @scatterCombine(%x: tensor<4x2xf32>, %i: tensor<3xi32>, %u: tensor<3x2xf32>) {
  // expected-error@+1 {{does not know how to combine by "subtract"}}
  %0 = horn.scatter %x, %i, %u {combine = "subtract"} : (tensor<4x2xf32>, tensor<3xi32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  return
}
