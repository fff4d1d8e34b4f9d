// RUN: horn-opt %s --split-input-file --horn-hoist-prepare | FileCheck %s

// CHECK: horn.variable @dense.kernel : tensor<8x4xf32>
// CHECK-NEXT: horn.variable @dense.kernel.panels : tensor<1x8x16xf32> {kind = "prepared"}
// CHECK-LABEL: func.func @prepare() {
// CHECK-NEXT: %[[W:.*]] = horn.read @dense.kernel
// CHECK-NEXT: %[[P:.*]] = horn.pack %[[W]]
// CHECK-NEXT: horn.keep @dense.kernel.panels, %[[P]]
// CHECK-NEXT: return
// CHECK-LABEL: func.func @forward
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
// CHECK-NEXT: %[[P:.*]] = horn.read @dense.kernel.panels : tensor<1x8x16xf32>
// CHECK-NEXT: horn.panel_matmul %[[X]], %[[P]]
// CHECK-NEXT: return
horn.variable @dense.kernel : tensor<8x4xf32> {kind = "weight"}
func.func @forward(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  %w = horn.read @dense.kernel : tensor<8x4xf32>
  %p = horn.pack %w {width = 16 : i64} : (tensor<8x4xf32>) -> tensor<1x8x16xf32>
  %y = horn.panel_matmul %x, %p {columns = 4 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}

// -----

// Only what the run uses is kept, not the values on the way; names come from layers and uses, and a
// name that is taken gets a number.
// CHECK-DAG: horn.variable @bn.scale_1 : tensor<4xf32> {kind = "prepared"}
// CHECK-DAG: horn.variable @bn.shift : tensor<4xf32> {kind = "prepared"}
// CHECK-LABEL: func.func @prepare
// CHECK: horn.constant
// CHECK: %[[SCALE:.*]] = horn.multiply
// CHECK: horn.keep @bn.scale_1, %[[SCALE]]
// CHECK: %[[SHIFT:.*]] = horn.multiply %{{.*}}, %[[SCALE]]
// CHECK: horn.keep @bn.shift, %[[SHIFT]]
// CHECK-LABEL: func.func @forward
// CHECK: %[[SCALE:.*]] = horn.read @bn.scale_1
// CHECK-NEXT: %[[SCALED:.*]] = horn.multiply %{{.*}}, %[[SCALE]]
// CHECK-NEXT: %[[SHIFT:.*]] = horn.read @bn.shift
// CHECK-NEXT: horn.add %[[SCALED]], %[[SHIFT]]
// CHECK-NEXT: return
horn.variable @bn.gamma : tensor<4xf32> {kind = "weight"}
horn.variable @bn.scale : tensor<4xf32> {kind = "weight"}
func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  %g = horn.read @bn.gamma : tensor<4xf32>
  %c = horn.constant dense<2.0> : tensor<f32>
  %s = horn.multiply %g, %c : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32> loc("bn")
  %0 = horn.multiply %x, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("bn")
  %b = horn.multiply %g, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("bn")
  %y = horn.add %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("bn")
  return %y : tensor<?x4xf32>
}

// -----

// From inside a loop over time; the read of the prepared value stands outside of it.
// CHECK: horn.variable @cell.kernel.transposed : tensor<8x8xf32> {kind = "prepared"}
// CHECK-LABEL: func.func @prepare
// CHECK: horn.keep @cell.kernel.transposed
// CHECK-LABEL: func.func @forward
// CHECK-NEXT: %[[W:.*]] = horn.read @cell.kernel.transposed
// CHECK-NEXT: horn.scan
// CHECK: horn.matmul %{{.*}}, %[[W]]
horn.variable @cell.kernel : tensor<8x8xf32> {kind = "weight"}
func.func @forward(%h: tensor<?x8xf32>, %xs: tensor<?x7x8xf32>) -> tensor<?x8xf32> {
  %last = horn.scan carried(%h : tensor<?x8xf32>) sequences(%xs : tensor<?x7x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%state: tensor<?x8xf32>, %x: tensor<?x8xf32>):
    %w = horn.read @cell.kernel : tensor<8x8xf32>
    %t = horn.transpose %w {permutation = array<i64: 1, 0>} : (tensor<8x8xf32>) -> tensor<8x8xf32>
    %y = horn.matmul %x, %t {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
    horn.yield %y : tensor<?x8xf32>
  } {reverse = false}
  return %last : tensor<?x8xf32>
}

// -----

// Unchanged: a weight as it is or reshaped, few constants, state, and what depends on inputs.
// CHECK-NOT: func.func @prepare
// CHECK-LABEL: func.func @forward
// CHECK: horn.read @bias
// CHECK-NEXT: horn.reshape
// CHECK-NEXT: horn.read @state
// CHECK-NEXT: horn.negative
// CHECK-NEXT: horn.iota
horn.variable @bias : tensor<4xf32> {kind = "weight"}
horn.variable @state : tensor<4xf32> {kind = "state"}
func.func @forward(%x: tensor<?x2x4xf32>) -> (tensor<?x2x4xf32>, tensor<3xi32>) {
  %b = horn.read @bias : tensor<4xf32>
  %r = horn.reshape %b {shape = array<i64: 1, 4>} : (tensor<4xf32>) -> tensor<1x4xf32>
  %h = horn.read @state : tensor<4xf32>
  %n = horn.negative %h : tensor<4xf32>
  %i = horn.iota {shape = array<i64: 3>, axis = 0 : i64, dtype = i32} : () -> tensor<3xi32>
  %0 = horn.add %x, %r : (tensor<?x2x4xf32>, tensor<1x4xf32>) -> tensor<?x2x4xf32>
  %1 = horn.add %0, %n : (tensor<?x2x4xf32>, tensor<4xf32>) -> tensor<?x2x4xf32>
  return %1, %i : tensor<?x2x4xf32>, tensor<3xi32>
}
