// RUN: horn-opt %s --horn-lower-to-kernels="cpu=x86-64-v4" --canonicalize --cse --split-input-file | FileCheck %s

// An element-wise group is one launch over all elements; its kernel stores whole vectors, and what is
// left under a mask.

// CHECK: module attributes
// CHECK-SAME: horn.inputs = [{name = "x", shape = array<i64: -1, 4>, symbols = array<i64: 0, -1>, type = f32}]
// CHECK-SAME: horn.num_symbols = 1 : i64
// CHECK-LABEL: func.func @forward()
// CHECK-DAG: %[[BATCH:.*]] = kernel.symbol 0
// CHECK-DAG: %[[Y:.*]] = kernel.output 0 : !llvm.ptr
// CHECK-DAG: %[[X:.*]] = kernel.input 0 : !llvm.ptr
// CHECK: kernel.launch @horn_elementwise_0(%[[Y]], %[[X]], %{{.*}}) tasks
// CHECK-LABEL: func.func private @horn_elementwise_0
// CHECK: scf.for
// CHECK: kernel.load {{.*}} : vector<16xf32>
// CHECK: kernel.store {{.*}} mask
func.func @forward(%x: tensor<?x4xf32> {horn.name = "x"}) -> tensor<?x4xf32> {
  %y = horn.fused(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%a: tensor<?x4xf32>):
    %r = horn.relu %a : tensor<?x4xf32>
    horn.yield %r : tensor<?x4xf32>
  }
  return %y : tensor<?x4xf32>
}

// -----

// Two groups that differ in sizes alone share a kernel.

// CHECK-LABEL: func.func @forward()
// CHECK: kernel.launch @horn_elementwise_0
// CHECK: kernel.launch @horn_elementwise_0
// CHECK-NOT: @horn_elementwise_1
// CHECK: return
func.func @forward(%x: tensor<?x4xf32>, %z: tensor<7x9xf32>) -> (tensor<?x4xf32>, tensor<7x9xf32>) {
  %y = horn.fused(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%a: tensor<?x4xf32>):
    %r = horn.relu %a : tensor<?x4xf32>
    horn.yield %r : tensor<?x4xf32>
  }
  %w = horn.fused(%z) : (tensor<7x9xf32>) -> tensor<7x9xf32> {
  ^bb0(%a: tensor<7x9xf32>):
    %r = horn.relu %a : tensor<7x9xf32>
    horn.yield %r : tensor<7x9xf32>
  }
  return %y, %w : tensor<?x4xf32>, tensor<7x9xf32>
}

// -----

// A transpose costs nothing of its own: the copy to the output reads through it.

// CHECK-LABEL: func.func @forward()
// CHECK-COUNT-1: kernel.launch
// CHECK-NOT: kernel.launch
// CHECK: return
func.func @forward(%x: tensor<?x4x5xf32>) -> tensor<?x5x4xf32> {
  %y = horn.transpose %x {permutation = array<i64: 0, 2, 1>} : (tensor<?x4x5xf32>) -> tensor<?x5x4xf32>
  return %y : tensor<?x5x4xf32>
}

// -----

// Producers write straight into the tensor they are joined into: two launches, no copies.

// CHECK-LABEL: func.func @forward()
// CHECK-COUNT-2: kernel.launch @horn_elementwise
// CHECK-NOT: kernel.launch
// CHECK: return
func.func @forward(%x: tensor<?x4xf32>, %z: tensor<?x6xf32>) -> tensor<?x10xf32> {
  %a = horn.fused(%x) : (tensor<?x4xf32>) -> tensor<?x4xf32> {
  ^bb0(%v: tensor<?x4xf32>):
    %r = horn.relu %v : tensor<?x4xf32>
    horn.yield %r : tensor<?x4xf32>
  }
  %b = horn.fused(%z) : (tensor<?x6xf32>) -> tensor<?x6xf32> {
  ^bb0(%v: tensor<?x6xf32>):
    %r = horn.relu %v : tensor<?x6xf32>
    horn.yield %r : tensor<?x6xf32>
  }
  %y = horn.concatenate %a, %b {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x6xf32>) -> tensor<?x10xf32>
  return %y : tensor<?x10xf32>
}

// -----

// A dense layer: 6 rows by 4 vectors in the tile's inner loop, the bias added to the sums.

// CHECK: func.func private @horn_contract_0
// CHECK: scf.for
// CHECK: iter_args
// CHECK-COUNT-24: math.fma
// CHECK: arith.addf
// CHECK: kernel.store
horn.variable @w : tensor<2x32x64xf32> {kind = "prepared"}
horn.variable @b : tensor<100xf32>
func.func @forward(%x: tensor<?x32xf32>) -> tensor<?x100xf32> {
  %w = horn.read @w : tensor<2x32x64xf32>
  %b = horn.read @b : tensor<100xf32>
  %y = horn.fused(%x, %w, %b) : (tensor<?x32xf32>, tensor<2x32x64xf32>, tensor<100xf32>) -> tensor<?x100xf32> {
  ^bb0(%x0: tensor<?x32xf32>, %w0: tensor<2x32x64xf32>, %b0: tensor<100xf32>):
    %p = horn.panel_matmul %x0, %w0 {columns = 100 : i64} : (tensor<?x32xf32>, tensor<2x32x64xf32>) -> tensor<?x100xf32>
    %s = horn.add %p, %b0 : (tensor<?x100xf32>, tensor<100xf32>) -> tensor<?x100xf32>
    horn.yield %s : tensor<?x100xf32>
  }
  return %y : tensor<?x100xf32>
}

// -----

// A cell: the kernel has the sums of both gates and writes both results. The state that the product
// reads takes turns in two buffers, the other is written over; one launch a step, by one team, of
// which each member may have rows of its own.

// CHECK: func.func @forward
// CHECK: kernel.team
// CHECK: scf.for
// CHECK: arith.andi
// CHECK: kernel.launch @horn_contract_0{{.*}} {apart = 1 : i64}
// CHECK-NOT: kernel.launch
// CHECK: }
// CHECK: func.func private @horn_contract_0
// CHECK-COUNT-24: math.fma
// CHECK: kernel.store
horn.variable @p : tensor<1x16x2x32xf32> {kind = "prepared"}
func.func @forward(%h: tensor<?x16xf32>, %c: tensor<?x16xf32>, %xs: tensor<?x?x16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  %p = horn.read @p : tensor<1x16x2x32xf32>
  %r:2 = horn.scan carried(%h, %c : tensor<?x16xf32>, tensor<?x16xf32>) sequences(%xs : tensor<?x?x16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  ^bb0(%h0: tensor<?x16xf32>, %c0: tensor<?x16xf32>, %x: tensor<?x16xf32>):
    %n:2 = horn.fused(%h0, %p, %x, %c0) : (tensor<?x16xf32>, tensor<1x16x2x32xf32>, tensor<?x16xf32>, tensor<?x16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
    ^bb0(%h1: tensor<?x16xf32>, %p1: tensor<1x16x2x32xf32>, %x1: tensor<?x16xf32>, %c1: tensor<?x16xf32>):
      %s = horn.gate_matmul %h1, %p1 {units = 16 : i64} : (tensor<?x16xf32>, tensor<1x16x2x32xf32>) -> tensor<?x32xf32>
      %a = horn.slice %s {limits = array<i64: 9223372036854775807, 16>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<?x32xf32>) -> tensor<?x16xf32>
      %b = horn.slice %s {limits = array<i64: 9223372036854775807, 32>, starts = array<i64: 0, 16>, steps = array<i64: 1, 1>} : (tensor<?x32xf32>) -> tensor<?x16xf32>
      %ax = horn.add %a, %x1 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
      %bc = horn.add %b, %c1 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
      horn.yield %ax, %bc : tensor<?x16xf32>, tensor<?x16xf32>
    }
    horn.yield %n#0, %n#1 : tensor<?x16xf32>, tensor<?x16xf32>
  } {reverse = false}
  return %r#0, %r#1 : tensor<?x16xf32>, tensor<?x16xf32>
}

// -----

// Rows that read the state of others, and a copy beside the cell, make members wait.

// CHECK: func.func @forward
// CHECK-NOT: apart
// CHECK: func.func private
horn.variable @p : tensor<1x16x1x32xf32> {kind = "prepared"}
func.func @forward(%h: tensor<?x16xf32>, %c: tensor<?x16xf32>, %xs: tensor<?x?x16xf32>) -> (tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x?x16xf32>) {
  %p = horn.read @p : tensor<1x16x1x32xf32>
  %a = horn.scan carried(%h : tensor<?x16xf32>) sequences(%xs : tensor<?x?x16xf32>) -> (tensor<?x16xf32>) {
  ^bb0(%h0: tensor<?x16xf32>, %x: tensor<?x16xf32>):
    %others = horn.reverse %h0 {axes = array<i64: 0>} : (tensor<?x16xf32>) -> tensor<?x16xf32>
    %n = horn.fused(%h0, %p, %others) : (tensor<?x16xf32>, tensor<1x16x1x32xf32>, tensor<?x16xf32>) -> tensor<?x16xf32> {
    ^bb0(%h1: tensor<?x16xf32>, %p1: tensor<1x16x1x32xf32>, %x1: tensor<?x16xf32>):
      %s = horn.gate_matmul %h1, %p1 {units = 16 : i64} : (tensor<?x16xf32>, tensor<1x16x1x32xf32>) -> tensor<?x16xf32>
      %t = horn.add %s, %x1 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
      horn.yield %t : tensor<?x16xf32>
    }
    horn.yield %n : tensor<?x16xf32>
  } {reverse = false}
  %b, %bs = horn.scan carried(%c : tensor<?x16xf32>) sequences(%xs : tensor<?x?x16xf32>) -> (tensor<?x16xf32>, tensor<?x?x16xf32>) {
  ^bb0(%h0: tensor<?x16xf32>, %x: tensor<?x16xf32>):
    %n = horn.fused(%h0, %p, %x) : (tensor<?x16xf32>, tensor<1x16x1x32xf32>, tensor<?x16xf32>) -> tensor<?x16xf32> {
    ^bb0(%h1: tensor<?x16xf32>, %p1: tensor<1x16x1x32xf32>, %x1: tensor<?x16xf32>):
      %s = horn.gate_matmul %h1, %p1 {units = 16 : i64} : (tensor<?x16xf32>, tensor<1x16x1x32xf32>) -> tensor<?x16xf32>
      %t = horn.add %s, %x1 : (tensor<?x16xf32>, tensor<?x16xf32>) -> tensor<?x16xf32>
      horn.yield %t : tensor<?x16xf32>
    }
    horn.yield %n, %h0 : tensor<?x16xf32>, tensor<?x16xf32>
  } {reverse = false}
  return %a, %b, %bs : tensor<?x16xf32>, tensor<?x16xf32>, tensor<?x?x16xf32>
}

// -----

// A loop inside a loop belongs to the same team.

// CHECK: func.func @forward
// CHECK: kernel.team
// CHECK: scf.for
// CHECK-NOT: kernel.team
// CHECK: scf.for
// CHECK: kernel.launch
func.func @forward(%h: tensor<4x8xf32>, %xs: tensor<4x3x5x8xf32>) -> tensor<4x8xf32> {
  %r = horn.scan carried(%h : tensor<4x8xf32>) sequences(%xs : tensor<4x3x5x8xf32>) -> (tensor<4x8xf32>) {
  ^bb0(%h0: tensor<4x8xf32>, %ys: tensor<4x5x8xf32>):
    %q = horn.scan carried(%h0 : tensor<4x8xf32>) sequences(%ys : tensor<4x5x8xf32>) -> (tensor<4x8xf32>) {
    ^bb0(%h1: tensor<4x8xf32>, %y: tensor<4x8xf32>):
      %n = horn.fused(%h1, %y) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32> {
      ^bb0(%a: tensor<4x8xf32>, %b: tensor<4x8xf32>):
        %s = horn.add %a, %b : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
        horn.yield %s : tensor<4x8xf32>
      }
      horn.yield %n : tensor<4x8xf32>
    } {reverse = false}
    horn.yield %q : tensor<4x8xf32>
  } {reverse = true}
  return %r : tensor<4x8xf32>
}

// -----

// Loops that do not depend on one another have a team each, side by side, and all buffers stand in
// front. Both write their steps straight into the joined result, the second from its end.

// CHECK: func.func @forward
// CHECK: %[[Y:.*]] = kernel.output 0
// CHECK-COUNT-3: kernel.buffer
// CHECK-NEXT: kernel.teams nanoseconds(%{{.*}}, %{{.*}}) {
// CHECK-NEXT: kernel.team
// CHECK-NOT: kernel.buffer
// CHECK: kernel.element %[[Y]]
// CHECK-NEXT: kernel.launch
// CHECK-NOT: kernel.buffer
// CHECK: kernel.team
// CHECK-NOT: kernel.buffer
// CHECK: kernel.element %[[Y]][%c40_i64]
// CHECK-COUNT-2: kernel.launch
// CHECK-NOT: kernel.launch
// CHECK: return
func.func @forward(%h: tensor<4x8xf32>, %xs: tensor<4x3x8xf32>) -> tensor<4x3x16xf32> {
  %a, %ya = horn.scan carried(%h : tensor<4x8xf32>) sequences(%xs : tensor<4x3x8xf32>) -> (tensor<4x8xf32>, tensor<4x3x8xf32>) {
  ^bb0(%h0: tensor<4x8xf32>, %x: tensor<4x8xf32>):
    %n = horn.fused(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32> {
    ^bb0(%x0: tensor<4x8xf32>):
      %r = horn.relu %x0 : tensor<4x8xf32>
      horn.yield %r : tensor<4x8xf32>
    }
    horn.yield %h0, %n : tensor<4x8xf32>, tensor<4x8xf32>
  } {reverse = false}
  %b, %yb = horn.scan carried(%h : tensor<4x8xf32>) sequences(%xs : tensor<4x3x8xf32>) -> (tensor<4x8xf32>, tensor<4x3x8xf32>) {
  ^bb0(%h0: tensor<4x8xf32>, %x: tensor<4x8xf32>):
    %s = horn.fused(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32> {
    ^bb0(%x0: tensor<4x8xf32>):
      %r = horn.tanh %x0 : tensor<4x8xf32>
      horn.yield %r : tensor<4x8xf32>
    }
    %n = horn.fused(%s, %h0) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32> {
    ^bb0(%s0: tensor<4x8xf32>, %h1: tensor<4x8xf32>):
      %r = horn.add %s0, %h1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
      horn.yield %r : tensor<4x8xf32>
    }
    horn.yield %h0, %n : tensor<4x8xf32>, tensor<4x8xf32>
  } {reverse = true}
  %turned = horn.reverse %yb {axes = array<i64: 1>} : (tensor<4x3x8xf32>) -> tensor<4x3x8xf32>
  %y = horn.concatenate %ya, %turned {axis = 2 : i64} : (tensor<4x3x8xf32>, tensor<4x3x8xf32>) -> tensor<4x3x16xf32>
  return %y : tensor<4x3x16xf32>
}
