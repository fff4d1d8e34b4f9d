// RUN: horn-opt %s --horn-lower-to-kernels="cpu=x86-64-v4" --canonicalize --cse --split-input-file | FileCheck %s

// Reshapes between a kernel and an output cost nothing.

// CHECK-LABEL: func.func @forward()
// CHECK: %[[Y:.*]] = kernel.output 0 : !llvm.ptr
// CHECK: kernel.launch @horn_elementwise_0(%[[Y]],
// CHECK-NOT: kernel.launch
// CHECK: return
func.func @forward(%x: tensor<?x12xf32>) -> tensor<?x3x4xf32> {
  %y = horn.fused(%x) : (tensor<?x12xf32>) -> tensor<?x12xf32> {
  ^bb0(%a: tensor<?x12xf32>):
    %r = horn.relu %a : tensor<?x12xf32>
    horn.yield %r : tensor<?x12xf32>
  }
  %z = horn.reshape %y, %y {shape = array<i64: -3, 3, 4>} : (tensor<?x12xf32>, tensor<?x12xf32>) -> tensor<?x3x4xf32>
  return %z : tensor<?x3x4xf32>
}

// -----

// Attention reads queries, keys and values where one product wrote them; its heads of queries are two for
// each of the keys.

// CHECK-LABEL: func.func @forward()
// CHECK: %[[Y:.*]] = kernel.output 0 : !llvm.ptr
// CHECK: kernel.launch @horn_contract_0(%[[P:[a-z0-9_]+]],
// CHECK: kernel.launch @horn_attention_0(%[[Y]], %[[P]],
// CHECK-NOT: kernel.launch
// CHECK: return
func.func @forward(%x: tensor<?x9x32xf32>, %w: tensor<1x32x64xf32>) -> tensor<?x9x32xf32> {
  %p = horn.fused(%x, %w) : (tensor<?x9x32xf32>, tensor<1x32x64xf32>) -> tensor<?x9x64xf32> {
  ^bb0(%a: tensor<?x9x32xf32>, %b: tensor<1x32x64xf32>):
    %r = horn.panel_matmul %a, %b {columns = 64 : i64} : (tensor<?x9x32xf32>, tensor<1x32x64xf32>) -> tensor<?x9x64xf32>
    horn.yield %r : tensor<?x9x64xf32>
  }
  %q0 = horn.slice %p {starts = array<i64: 0, 0, 0>, limits = array<i64: 9223372036854775807, 9223372036854775807, 32>, steps = array<i64: 1, 1, 1>} : (tensor<?x9x64xf32>) -> tensor<?x9x32xf32>
  %q1 = horn.reshape %q0, %x {shape = array<i64: -3, 9, 2, 2, 8>} : (tensor<?x9x32xf32>, tensor<?x9x32xf32>) -> tensor<?x9x2x2x8xf32>
  %q = horn.transpose %q1 {permutation = array<i64: 0, 2, 3, 1, 4>} : (tensor<?x9x2x2x8xf32>) -> tensor<?x2x2x9x8xf32>
  %k0 = horn.slice %p {starts = array<i64: 0, 0, 32>, limits = array<i64: 9223372036854775807, 9223372036854775807, 48>, steps = array<i64: 1, 1, 1>} : (tensor<?x9x64xf32>) -> tensor<?x9x16xf32>
  %k1 = horn.reshape %k0, %x {shape = array<i64: -3, 9, 2, 1, 8>} : (tensor<?x9x16xf32>, tensor<?x9x32xf32>) -> tensor<?x9x2x1x8xf32>
  %k = horn.transpose %k1 {permutation = array<i64: 0, 2, 3, 4, 1>} : (tensor<?x9x2x1x8xf32>) -> tensor<?x2x1x8x9xf32>
  %v0 = horn.slice %p {starts = array<i64: 0, 0, 48>, limits = array<i64: 9223372036854775807, 9223372036854775807, 64>, steps = array<i64: 1, 1, 1>} : (tensor<?x9x64xf32>) -> tensor<?x9x16xf32>
  %v1 = horn.reshape %v0, %x {shape = array<i64: -3, 9, 2, 1, 8>} : (tensor<?x9x16xf32>, tensor<?x9x32xf32>) -> tensor<?x9x2x1x8xf32>
  %v = horn.transpose %v1 {permutation = array<i64: 0, 2, 3, 1, 4>} : (tensor<?x9x2x1x8xf32>) -> tensor<?x2x1x9x8xf32>
  %y = horn.fused(%q, %k, %v) : (tensor<?x2x2x9x8xf32>, tensor<?x2x1x8x9xf32>, tensor<?x2x1x9x8xf32>) -> tensor<?x2x2x9x8xf32> {
  ^bb0(%a: tensor<?x2x2x9x8xf32>, %b: tensor<?x2x1x8x9xf32>, %c: tensor<?x2x1x9x8xf32>):
    %s = horn.matmul %a, %b {transpose_a = false, transpose_b = false} : (tensor<?x2x2x9x8xf32>, tensor<?x2x1x8x9xf32>) -> tensor<?x2x2x9x9xf32>
    %r = horn.attend %s, %c : (tensor<?x2x2x9x9xf32>, tensor<?x2x1x9x8xf32>) -> tensor<?x2x2x9x8xf32>
    horn.yield %r : tensor<?x2x2x9x8xf32>
  }
  %z = horn.transpose %y {permutation = array<i64: 0, 3, 1, 2, 4>} : (tensor<?x2x2x9x8xf32>) -> tensor<?x9x2x2x8xf32>
  %o = horn.reshape %z, %z {shape = array<i64: -3, 9, 32>} : (tensor<?x9x2x2x8xf32>, tensor<?x9x2x2x8xf32>) -> tensor<?x9x32xf32>
  return %o : tensor<?x9x32xf32>
}
