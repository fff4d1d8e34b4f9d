// RUN: horn-opt %s --split-input-file --verify-diagnostics | FileCheck %s
// RUN: horn-opt %s --split-input-file --verify-diagnostics --horn-decompose | FileCheck %s --check-prefix=APART

// CHECK-LABEL: @attend
// APART-LABEL: @attend
func.func @attend(%s: tensor<?x2x5x7xf32>, %v: tensor<?x2x7x3xf32>, %f: tensor<?x1x5x7xf32>) -> (tensor<?x2x5x3xf32>, tensor<?x2x5x3xf32>) {
  // CHECK: horn.attend %{{.*}}, %{{.*}} : (tensor<?x2x5x7xf32>, tensor<?x2x7x3xf32>) -> tensor<?x2x5x3xf32>
  // CHECK: horn.attend %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x2x5x7xf32>, tensor<?x2x7x3xf32>, tensor<?x1x5x7xf32>) -> tensor<?x2x5x3xf32>
  // APART: %[[W:.*]] = horn.divide
  // APART: horn.matmul %[[W]]
  // APART: %[[U:.*]] = horn.divide
  // APART: %[[M:.*]] = horn.multiply %[[U]]
  // APART: horn.matmul %[[M]]
  %0 = horn.attend %s, %v : (tensor<?x2x5x7xf32>, tensor<?x2x7x3xf32>) -> tensor<?x2x5x3xf32>
  %1 = horn.attend %s, %v, %f : (tensor<?x2x5x7xf32>, tensor<?x2x7x3xf32>, tensor<?x1x5x7xf32>) -> tensor<?x2x5x3xf32>
  return %0, %1 : tensor<?x2x5x3xf32>, tensor<?x2x5x3xf32>
}

// -----

func.func @otherKeys(%s: tensor<5x7xf32>, %v: tensor<6x3xf32>) {
  // expected-error @+2 {{attend's inner sizes differ: 7 and 6}}
  // expected-error @+1 {{failed to infer returned types}}
  %0 = horn.attend %s, %v : (tensor<5x7xf32>, tensor<6x3xf32>) -> tensor<5x3xf32>
  return
}
