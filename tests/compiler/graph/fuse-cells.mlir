// RUN: horn-opt %s --horn-fuse-cells | FileCheck %s
// RUN: horn-opt %s --horn-fuse-cells="lanes=4 registers=16" | FileCheck %s --check-prefix=NARROW
// RUN: horn-opt %s --horn-fuse-cells --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

horn.variable @u : tensor<20x80xf32>
horn.variable @b : tensor<80xf32>
horn.variable @u2 : tensor<20x40xf32>
horn.variable @v : tensor<20x20xf32>

// Four gates of 20 units: two panels with a vector of each gate, filled up with zeros. Each use of a
// new state is a result; what the sum meets on its way to the gates is cut in front of the group.
// CHECK-LABEL: @lstm
// REMARK-DAG: 9 ops on 4 gates fused into a product of lstm; its weights packed gate by gate
func.func @lstm(%h: tensor<?x20xf32>, %xs: tensor<?x?x80xf32>) -> (tensor<?x20xf32>, tensor<?x?x20xf32>) {
  %u = horn.read @u : tensor<20x80xf32>
  %b = horn.read @b : tensor<80xf32>
  // CHECK: ^bb0(%[[H:.*]]: tensor<?x20xf32>, %[[C:.*]]: tensor<?x20xf32>, %[[X:.*]]: tensor<?x80xf32>)
  // CHECK: horn.reshape %{{.*}} {shape = array<i64: 20, 4, 20>}
  // CHECK: horn.pad %{{.*}} {high = array<i64: 0, 0, 12>
  // CHECK: horn.reshape %{{.*}} {shape = array<i64: 20, 4, 2, 16>}
  // CHECK: %[[P:.*]] = horn.transpose %{{.*}} {permutation = array<i64: 2, 0, 1, 3>} : (tensor<20x4x2x16xf32>) -> tensor<2x20x4x16xf32>
  // CHECK-DAG: %[[X1:.*]] = horn.slice %[[X]] {limits = array<i64: {{.*}}, 40>, starts = array<i64: 0, 20>
  // CHECK-DAG: %[[B3:.*]] = horn.slice %{{.*}} {limits = array<i64: 80>, starts = array<i64: 60>
  // CHECK: %[[R:.*]]:3 = horn.fused(%[[H]], %[[P]], {{.*}}%[[X1]]{{.*}}%[[C]]{{.*}}) :
  // CHECK: ^bb0(%[[HI:[^:]*]]: tensor<?x20xf32>, %[[PI:[^:]*]]: tensor<2x20x4x16xf32>,
  // CHECK: %[[S:.*]] = horn.gate_matmul %[[HI]], %[[PI]] {units = 20 : i64} : (tensor<?x20xf32>, tensor<2x20x4x16xf32>) -> tensor<?x80xf32>
  // CHECK-COUNT-4: horn.slice %[[S]]
  // CHECK-NOT: -> tensor<?x80xf32>
  // CHECK: horn.yield %{{.*}}, %[[NEXT:.*]], %[[NEXT]] : tensor<?x20xf32>, tensor<?x20xf32>, tensor<?x20xf32>
  // CHECK: horn.yield %[[R]]#2, %[[R]]#0, %[[R]]#1 :
  // NARROW: -> tensor<5x20x4x4xf32>
  %r:3 = horn.scan carried(%h, %h : tensor<?x20xf32>, tensor<?x20xf32>) sequences(%xs : tensor<?x?x80xf32>) -> (tensor<?x20xf32>, tensor<?x20xf32>, tensor<?x?x20xf32>) {
  ^bb0(%h0: tensor<?x20xf32>, %c0: tensor<?x20xf32>, %x: tensor<?x80xf32>):
    %m = horn.matmul %h0, %u {transpose_a = false, transpose_b = false} : (tensor<?x20xf32>, tensor<20x80xf32>) -> tensor<?x80xf32> loc("lstm")
    %mb = horn.add %m, %b : (tensor<?x80xf32>, tensor<80xf32>) -> tensor<?x80xf32>
    %s = horn.add %x, %mb : (tensor<?x80xf32>, tensor<?x80xf32>) -> tensor<?x80xf32>
    %0 = horn.slice %s {limits = array<i64: 9223372036854775807, 20>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<?x80xf32>) -> tensor<?x20xf32>
    %1 = horn.slice %s {limits = array<i64: 9223372036854775807, 40>, starts = array<i64: 0, 20>, steps = array<i64: 1, 1>} : (tensor<?x80xf32>) -> tensor<?x20xf32>
    %2 = horn.slice %s {limits = array<i64: 9223372036854775807, 60>, starts = array<i64: 0, 40>, steps = array<i64: 1, 1>} : (tensor<?x80xf32>) -> tensor<?x20xf32>
    %3 = horn.slice %s {limits = array<i64: 9223372036854775807, 9223372036854775807>, starts = array<i64: 0, 60>, steps = array<i64: 1, 1>} : (tensor<?x80xf32>) -> tensor<?x20xf32>
    %i = horn.sigmoid %0 : tensor<?x20xf32>
    %f = horn.sigmoid %1 : tensor<?x20xf32>
    %g = horn.tanh %2 : tensor<?x20xf32>
    %o = horn.sigmoid %3 : tensor<?x20xf32>
    %fc = horn.multiply %f, %c0 : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    %ig = horn.multiply %i, %g : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    %c1 = horn.add %fc, %ig : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    %tc = horn.tanh %c1 : tensor<?x20xf32>
    %h1 = horn.multiply %o, %tc : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    horn.yield %h1, %c1, %h1 : tensor<?x20xf32>, tensor<?x20xf32>, tensor<?x20xf32>
  } {reverse = false}
  return %r#0, %r#2 : tensor<?x20xf32>, tensor<?x?x20xf32>
}

// Two products, the second of a result of the first; what needs both is in the second group. Two
// gates have room for two vectors each.
// CHECK-LABEL: @gru
// REMARK-DAG: ops on 2 gates fused into a product of gru
// REMARK-DAG: ops on 1 gates fused into a product of gru
func.func @gru(%h: tensor<?x20xf32>, %xs: tensor<?x?x20xf32>) -> tensor<?x20xf32> {
  // CHECK: %[[ONE:.*]]:2 = horn.fused
  // CHECK: horn.gate_matmul %{{.*}} (tensor<?x20xf32>, tensor<1x20x2x32xf32>) -> tensor<?x40xf32>
  // CHECK: horn.fused(%[[ONE]]#{{.}}, %{{.*}}
  // CHECK: horn.gate_matmul %{{.*}} (tensor<?x20xf32>, tensor<1x20x1x32xf32>) -> tensor<?x20xf32>
  // CHECK: horn.subtract
  // CHECK-NOT: horn.matmul
  // NARROW: tensor<5x20x2x4xf32>
  %u = horn.read @u2 : tensor<20x40xf32>
  %v = horn.read @v : tensor<20x20xf32>
  %r = horn.scan carried(%h : tensor<?x20xf32>) sequences(%xs : tensor<?x?x20xf32>) -> (tensor<?x20xf32>) {
  ^bb0(%h0: tensor<?x20xf32>, %x: tensor<?x20xf32>):
    %m = horn.matmul %h0, %u {transpose_a = false, transpose_b = false} : (tensor<?x20xf32>, tensor<20x40xf32>) -> tensor<?x40xf32> loc("gru")
    %0 = horn.slice %m {limits = array<i64: 9223372036854775807, 20>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<?x40xf32>) -> tensor<?x20xf32>
    %1 = horn.slice %m {limits = array<i64: 9223372036854775807, 9223372036854775807>, starts = array<i64: 0, 20>, steps = array<i64: 1, 1>} : (tensor<?x40xf32>) -> tensor<?x20xf32>
    %z = horn.sigmoid %0 : tensor<?x20xf32>
    %g = horn.sigmoid %1 : tensor<?x20xf32>
    %gh = horn.multiply %g, %h0 : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    %n = horn.matmul %gh, %v {transpose_a = false, transpose_b = false} : (tensor<?x20xf32>, tensor<20x20xf32>) -> tensor<?x20xf32> loc("gru")
    %d = horn.subtract %n, %x : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    %h1 = horn.multiply %z, %d : (tensor<?x20xf32>, tensor<?x20xf32>) -> tensor<?x20xf32>
    horn.yield %h1 : tensor<?x20xf32>
  } {reverse = true}
  return %r : tensor<?x20xf32>
}

// CHECK-LABEL: @refused
// CHECK-NOT: horn.gate_matmul
// REMARK-DAG: step of uneven not one kernel: it is not cut into equal gates
// REMARK-DAG: step of whole not one kernel: not all of its sum is cut into gates
// REMARK-DAG: step of computed not one kernel: its right operand is computed in each run
// REMARK-DAG: step of bare not one kernel: no element-wise op stands behind it
func.func @refused(%h: tensor<20x20xf32>, %xs: tensor<20x?x20xf32>) -> (tensor<20x20xf32>, tensor<20x?x40xf32>) {
  %u = horn.read @u2 : tensor<20x40xf32>
  %v = horn.read @v : tensor<20x20xf32>
  %r:2 = horn.scan carried(%h : tensor<20x20xf32>) sequences(%xs : tensor<20x?x20xf32>) -> (tensor<20x20xf32>, tensor<20x?x40xf32>) {
  ^bb0(%h0: tensor<20x20xf32>, %x: tensor<20x20xf32>):
    %0 = horn.matmul %h0, %u {transpose_a = false, transpose_b = false} : (tensor<20x20xf32>, tensor<20x40xf32>) -> tensor<20x40xf32> loc("uneven")
    %1 = horn.slice %0 {limits = array<i64: 9223372036854775807, 30>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<20x40xf32>) -> tensor<20x30xf32>
    %2 = horn.slice %1 {limits = array<i64: 9223372036854775807, 20>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<20x30xf32>) -> tensor<20x20xf32>
    %3 = horn.matmul %2, %u {transpose_a = false, transpose_b = false} : (tensor<20x20xf32>, tensor<20x40xf32>) -> tensor<20x40xf32> loc("whole")
    %4 = horn.slice %3 {limits = array<i64: 9223372036854775807, 20>, starts = array<i64: 0, 0>, steps = array<i64: 1, 1>} : (tensor<20x40xf32>) -> tensor<20x20xf32>
    %5 = horn.tanh %4 : tensor<20x20xf32>
    %6 = horn.matmul %5, %x {transpose_a = false, transpose_b = false} : (tensor<20x20xf32>, tensor<20x20xf32>) -> tensor<20x20xf32> loc("computed")
    %7 = horn.matmul %6, %v {transpose_a = false, transpose_b = false} : (tensor<20x20xf32>, tensor<20x20xf32>) -> tensor<20x20xf32> loc("bare")
    horn.yield %7, %3 : tensor<20x20xf32>, tensor<20x40xf32>
  } {reverse = false}
  return %r#0, %r#1 : tensor<20x20xf32>, tensor<20x?x40xf32>
}

// Outside of loops groups are formed later.
// CHECK-LABEL: @noLoop
// CHECK: horn.matmul
// CHECK-NOT: horn.gate_matmul
func.func @noLoop(%x: tensor<?x20xf32>) -> tensor<?x20xf32> {
  %v = horn.read @v : tensor<20x20xf32>
  %0 = horn.matmul %x, %v {transpose_a = false, transpose_b = false} : (tensor<?x20xf32>, tensor<20x20xf32>) -> tensor<?x20xf32>
  %1 = horn.tanh %0 : tensor<?x20xf32>
  return %1 : tensor<?x20xf32>
}
