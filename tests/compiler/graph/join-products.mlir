// RUN: horn-opt %s --horn-join-products | FileCheck %s
// RUN: horn-opt %s --horn-join-products --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

horn.variable @q : tensor<32x48xf32> {kind = "weight"}
horn.variable @k : tensor<32x48xf32> {kind = "weight"}
horn.variable @v : tensor<32x32xf32> {kind = "weight"}
horn.variable @t : tensor<48x32xf32> {kind = "weight"}
horn.variable @qb : tensor<48xf32> {kind = "weight"}
horn.variable @kb : tensor<48xf32> {kind = "weight"}
horn.variable @vb : tensor<1x1x32xf32> {kind = "weight"}
horn.variable @w20 : tensor<32x20xf32> {kind = "weight"}

// Weights and biases side by side; the order of the program does not matter, as operands move in front.
// CHECK-LABEL: @biased
// CHECK-SAME: (%[[X:.*]]: tensor<?x9x32xf32>)
// REMARK: 3 products of one left operand are one, of 128 columns
func.func @biased(%x: tensor<?x9x32xf32>) -> tensor<?x9x32xf32> {
  // CHECK-DAG: %[[Q:.*]] = horn.read @q :
  // CHECK-DAG: %[[K:.*]] = horn.read @k :
  // CHECK-DAG: %[[V:.*]] = horn.read @v :
  // CHECK-DAG: %[[QB:.*]] = horn.read @qb
  // CHECK-DAG: %[[KB:.*]] = horn.read @kb
  // CHECK-DAG: %[[VB:.*]] = horn.read @vb
  // CHECK: %[[W:.*]] = horn.concatenate %[[Q]], %[[K]], %[[V]] {axis = 1 : i64}
  // CHECK: %[[P:.*]] = horn.matmul %[[X]], %[[W]] {{.*}} -> tensor<?x9x128xf32>
  // CHECK: %[[F:.*]] = horn.reshape %[[VB]] {shape = array<i64: 32>}
  // CHECK: %[[B:.*]] = horn.concatenate %[[QB]], %[[KB]], %[[F]] {axis = 0 : i64}
  // CHECK: %[[Y:.*]] = horn.add %[[P]], %[[B]] : (tensor<?x9x128xf32>, tensor<128xf32>) -> tensor<?x9x128xf32>
  // CHECK: horn.slice %[[Y]] {limits = array<i64: 9223372036854775807, 9223372036854775807, 48>, starts = array<i64: 0, 0, 0>, steps = array<i64: 1, 1, 1>}
  // CHECK: horn.slice %[[Y]] {limits = array<i64: 9223372036854775807, 9223372036854775807, 96>, starts = array<i64: 0, 0, 48>,
  // CHECK: horn.slice %[[Y]] {limits = array<i64: 9223372036854775807, 9223372036854775807, 128>, starts = array<i64: 0, 0, 96>,
  // CHECK-NOT: horn.add
  // CHECK: return
  %q = horn.read @q : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32> loc("attention.query")
  %qb = horn.read @qb : tensor<48xf32>
  %1 = horn.add %0, %qb : (tensor<?x9x48xf32>, tensor<48xf32>) -> tensor<?x9x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %2 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32> loc("attention.key")
  %kb = horn.read @kb : tensor<48xf32>
  %3 = horn.add %2, %kb : (tensor<?x9x48xf32>, tensor<48xf32>) -> tensor<?x9x48xf32>
  %s = horn.matmul %1, %3 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  %v = horn.read @v : tensor<32x32xf32>
  %4 = horn.matmul %x, %v {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x32xf32>) -> tensor<?x9x32xf32> loc("attention.value")
  %vb = horn.read @vb : tensor<1x1x32xf32>
  %5 = horn.add %4, %vb : (tensor<?x9x32xf32>, tensor<1x1x32xf32>) -> tensor<?x9x32xf32>
  %y = horn.matmul %s, %5 {transpose_a = false, transpose_b = false} : (tensor<?x9x9xf32>, tensor<?x9x32xf32>) -> tensor<?x9x32xf32>
  return %y : tensor<?x9x32xf32>
}

// Heads are views of the columns, also where each is read several times. Transposed weights are above one
// another.
// CHECK-LABEL: @heads
func.func @heads(%x: tensor<?x9x32xf32>) -> tensor<?x6x9x9xf32> {
  // CHECK: horn.concatenate %{{.*}}, %{{.*}} {axis = 0 : i64} : (tensor<48x32xf32>, tensor<48x32xf32>) -> tensor<96x32xf32>
  // CHECK: horn.matmul %{{.*}} {transpose_a = false, transpose_b = true} : (tensor<?x9x32xf32>, tensor<96x32xf32>) -> tensor<?x9x96xf32>
  // CHECK: horn.slice
  // CHECK: horn.slice
  %t = horn.read @t : tensor<48x32xf32>
  %u = horn.negative %t : tensor<48x32xf32>
  %0 = horn.matmul %x, %t {transpose_a = false, transpose_b = true} : (tensor<?x9x32xf32>, tensor<48x32xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %u {transpose_a = false, transpose_b = true} : (tensor<?x9x32xf32>, tensor<48x32xf32>) -> tensor<?x9x48xf32>
  %2 = horn.reshape %0, %x {shape = array<i64: -3, 9, 6, 8>} : (tensor<?x9x48xf32>, tensor<?x9x32xf32>) -> tensor<?x9x6x8xf32>
  %q = horn.transpose %2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x9x6x8xf32>) -> tensor<?x6x9x8xf32>
  %3 = horn.reshape %1, %x {shape = array<i64: -3, 9, 3, 1, 16>} : (tensor<?x9x48xf32>, tensor<?x9x32xf32>) -> tensor<?x9x3x1x16xf32>
  %4 = horn.slice %3 {starts = array<i64: 0, 0, 0, 0, 0>, limits = array<i64: 9223372036854775807, 9, 3, 1, 8>, steps = array<i64: 1, 1, 1, 1, 1>} : (tensor<?x9x3x1x16xf32>) -> tensor<?x9x3x1x8xf32>
  %5 = horn.broadcast_to %4, %x {shape = array<i64: -3, 9, 3, 2, 8>} : (tensor<?x9x3x1x8xf32>, tensor<?x9x32xf32>) -> tensor<?x9x3x2x8xf32>
  %6 = horn.reshape %5, %x {shape = array<i64: -3, 9, 6, 8>} : (tensor<?x9x3x2x8xf32>, tensor<?x9x32xf32>) -> tensor<?x9x6x8xf32>
  %k = horn.transpose %6 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<?x9x6x8xf32>) -> tensor<?x6x8x9xf32>
  %y = horn.matmul %q, %k {transpose_a = false, transpose_b = false} : (tensor<?x6x9x8xf32>, tensor<?x6x8x9xf32>) -> tensor<?x6x9x9xf32>
  return %y : tensor<?x6x9x9xf32>
}

// Only those with the same ops behind them.
// CHECK-LABEL: @someBiased
func.func @someBiased(%x: tensor<?x9x32xf32>) -> (tensor<?x9x9xf32>, tensor<?x9x9xf32>) {
  // CHECK: horn.concatenate %{{.*}}, %{{.*}} {axis = 1 : i64} : (tensor<32x48xf32>, tensor<32x48xf32>) -> tensor<32x96xf32>
  // CHECK: horn.matmul %{{.*}} -> tensor<?x9x96xf32>
  // CHECK: horn.matmul %{{.*}} : (tensor<?x9x32xf32>, tensor<32x32xf32>) -> tensor<?x9x32xf32>
  // CHECK-NEXT: horn.add %{{.*}} : (tensor<?x9x32xf32>, tensor<1x1x32xf32>) -> tensor<?x9x32xf32>
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %v = horn.read @v : tensor<32x32xf32>
  %vb = horn.read @vb : tensor<1x1x32xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %2 = horn.matmul %x, %v {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x32xf32>) -> tensor<?x9x32xf32>
  %3 = horn.add %2, %vb : (tensor<?x9x32xf32>, tensor<1x1x32xf32>) -> tensor<?x9x32xf32>
  %y = horn.matmul %0, %1 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  %z = horn.matmul %3, %3 {transpose_a = false, transpose_b = true} : (tensor<?x9x32xf32>, tensor<?x9x32xf32>) -> tensor<?x9x9xf32>
  return %y, %z : tensor<?x9x9xf32>, tensor<?x9x9xf32>
}

// What else is element-wise behind a product is part of its kernel, and would not be of the joined one.
// CHECK-LABEL: @activated
// CHECK-NOT: horn.concatenate
func.func @activated(%x: tensor<?x9x32xf32>) -> tensor<?x9x9xf32> {
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %2 = horn.sigmoid %1 : tensor<?x9x48xf32>
  %y = horn.matmul %0, %2 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  return %y : tensor<?x9x9xf32>
}

// Results have a place of their own, so a joined one would be copied.
// CHECK-LABEL: @returned
// CHECK-NOT: horn.concatenate
func.func @returned(%x: tensor<?x9x32xf32>) -> (tensor<?x9x9xf32>, tensor<?x9x48xf32>) {
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %y = horn.matmul %0, %1 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  return %y, %1 : tensor<?x9x9xf32>, tensor<?x9x48xf32>
}

// No view of columns is the whole in one axis.
// CHECK-LABEL: @flattened
// CHECK-NOT: horn.concatenate
func.func @flattened(%x: tensor<?x9x32xf32>) -> tensor<?x?xf32> {
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %2 = horn.reshape %0, %x {shape = array<i64: -3, 432>} : (tensor<?x9x48xf32>, tensor<?x9x32xf32>) -> tensor<?x432xf32>
  %3 = horn.reshape %1, %x {shape = array<i64: -3, 432>} : (tensor<?x9x48xf32>, tensor<?x9x32xf32>) -> tensor<?x432xf32>
  %y = horn.matmul %2, %3 {transpose_a = false, transpose_b = true} : (tensor<?x432xf32>, tensor<?x432xf32>) -> tensor<?x?xf32>
  return %y : tensor<?x?xf32>
}

// 48 and 20 columns fill panels of 48 and 32, 68 columns two of 48.
// CHECK-LABEL: @panels
// CHECK-NOT: horn.concatenate
func.func @panels(%x: tensor<?x9x32xf32>) -> (tensor<?x9x9xf32>, tensor<?x9x9xf32>) {
  %q = horn.read @q : tensor<32x48xf32>
  %w20 = horn.read @w20 : tensor<32x20xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %w20 {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x20xf32>) -> tensor<?x9x20xf32>
  %y = horn.matmul %0, %0 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  %z = horn.matmul %1, %1 {transpose_a = false, transpose_b = true} : (tensor<?x9x20xf32>, tensor<?x9x20xf32>) -> tensor<?x9x9xf32>
  return %y, %z : tensor<?x9x9xf32>, tensor<?x9x9xf32>
}

// Nothing to join.
// CHECK-LABEL: @otherOperands
// CHECK-NOT: horn.concatenate
func.func @otherOperands(%x: tensor<?x9x32xf32>, %u: tensor<?x9x32xf32>) -> tensor<?x9x9xf32> {
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %u, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %y = horn.matmul %0, %1 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  return %y : tensor<?x9x9xf32>
}

// Another product reads one of the matrices, which would be held twice.
// CHECK-LABEL: @sharedByOne
// CHECK-NOT: horn.concatenate
func.func @sharedByOne(%x: tensor<?x9x32xf32>, %u: tensor<?x9x32xf32>) -> tensor<?x9x9xf32> {
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %2 = horn.matmul %u, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %s = horn.matmul %0, %1 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  %p = horn.matmul %s, %2 {transpose_a = false, transpose_b = false} : (tensor<?x9x9xf32>, tensor<?x9x48xf32>) -> tensor<?x9x48xf32>
  %y = horn.matmul %p, %p {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  return %y : tensor<?x9x9xf32>
}

// Layers that are used twice share the joined matrix.
// CHECK-LABEL: @sharedByAll
func.func @sharedByAll(%x: tensor<?x9x32xf32>, %u: tensor<?x9x32xf32>) -> (tensor<?x9x9xf32>, tensor<?x9x9xf32>) {
  // CHECK: horn.matmul %{{.*}} -> tensor<?x9x96xf32>
  // CHECK: horn.matmul %{{.*}} -> tensor<?x9x96xf32>
  %q = horn.read @q : tensor<32x48xf32>
  %k = horn.read @k : tensor<32x48xf32>
  %0 = horn.matmul %x, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %1 = horn.matmul %x, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %2 = horn.matmul %u, %q {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %3 = horn.matmul %u, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x32xf32>, tensor<32x48xf32>) -> tensor<?x9x48xf32>
  %y = horn.matmul %0, %1 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  %z = horn.matmul %2, %3 {transpose_a = false, transpose_b = true} : (tensor<?x9x48xf32>, tensor<?x9x48xf32>) -> tensor<?x9x9xf32>
  return %y, %z : tensor<?x9x9xf32>, tensor<?x9x9xf32>
}
