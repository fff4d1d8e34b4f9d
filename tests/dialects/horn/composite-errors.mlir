// RUN: horn-opt %s -verify-diagnostics -split-input-file

func.func @softmaxAxis(%x: tensor<?x3xf32>) {
  // expected-error@+2 {{axis 2 is outside a tensor of rank 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.softmax %x {axes = array<i64: 2>} : (tensor<?x3xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @batchNormSize(%x: tensor<?x3xf32>, %v: tensor<4xf32>) {
  // expected-error@+2 {{scales and statistics must have size 3 along axis 1, not 4}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.batch_norm %x, %v, %v, %v, %v {epsilon = 0.001 : f64, axis = 1 : i64}
     : (tensor<?x3xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @layerNormRank(%x: tensor<?x3x4xf32>, %v: tensor<4xf32>) {
  // expected-error@+2 {{scales and statistics must have rank 2, as many as axes, not 1}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.layer_norm %x, %v, %v {axes = array<i64: 1, 2>, epsilon = 0.001 : f64}
     : (tensor<?x3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<?x3x4xf32>
  return
}
