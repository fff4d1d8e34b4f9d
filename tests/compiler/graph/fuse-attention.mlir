// RUN: horn-opt %s --horn-fuse-attention | FileCheck %s

// CHECK-LABEL: @plain
// CHECK-SAME: %[[Q:.*]]: tensor<?x2x9x4xf32>, %[[K:.*]]: tensor<?x2x4x11xf32>, %[[V:.*]]: tensor<?x2x11x6xf32>
func.func @plain(%q: tensor<?x2x9x4xf32>, %k: tensor<?x2x4x11xf32>, %v: tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32> {
  // CHECK-NEXT: %[[Y:.*]] = horn.fused(%[[Q]], %[[K]], %[[V]])
  // CHECK-NEXT: ^bb0(%[[Q0:.*]]: tensor<?x2x9x4xf32>, %[[K0:.*]]: tensor<?x2x4x11xf32>, %[[V0:.*]]: tensor<?x2x11x6xf32>):
  // CHECK-NEXT: %[[S:.*]] = horn.matmul %[[Q0]], %[[K0]]
  // CHECK-NEXT: %[[A:.*]] = horn.attend %[[S]], %[[V0]] : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32>
  // CHECK-NEXT: horn.yield %[[A]]
  // CHECK: return %[[Y]]
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = false} : (tensor<?x2x9x4xf32>, tensor<?x2x4x11xf32>) -> tensor<?x2x9x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %pe = horn.exp %pd : tensor<?x2x9x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %y = horn.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32>
  return %y : tensor<?x2x9x6xf32>
}

// The mask is computed inside, from vectors; no tensor of all pairs is left.
// CHECK-LABEL: @mask
// CHECK-SAME: %[[PAD:[a-z0-9]*]]: tensor<?x1x1x11xi1>
func.func @mask(%q: tensor<?x2x9x4xf32>, %k: tensor<?x2x4x11xf32>, %v: tensor<?x2x11x6xf32>, %pad: tensor<?x1x1x11xi1>) -> tensor<?x2x9x6xf32> {
  // CHECK-DAG: %[[I:.*]] = horn.iota {axis = 0 : i64, dtype = i32, shape = array<i64: 9, 1>} : () -> tensor<9x1xi32>
  // CHECK-DAG: %[[J:.*]] = horn.iota %{{.*}} {axis = 0 : i64, dtype = i32, shape = array<i64: -6>} : (tensor<?x2x4x11xf32>) -> tensor<11xi32>
  // CHECK: horn.fused(%[[I]], %[[J]], %[[PAD]], %{{.*}})
  // CHECK: horn.greater_equal %{{.*}} : (tensor<9x1xi32>, tensor<11xi32>) -> tensor<9x11xi1>
  // CHECK: horn.logical_and
  // CHECK: horn.select
  // CHECK: horn.cast
  // CHECK: horn.attend %{{.*}}, %{{.*}}, %{{.*}} : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>, tensor<?x1x9x11xf32>) -> tensor<?x2x9x6xf32>
  // CHECK: return
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = false} : (tensor<?x2x9x4xf32>, tensor<?x2x4x11xf32>) -> tensor<?x2x9x11xf32>
  %low = horn.constant dense<-1.0e9> : tensor<f32>
  %i = horn.iota %s {axis = 2 : i64, dtype = i32, shape = array<i64: -3, 2, 9, 11>} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x11xi32>
  %j = horn.iota %s {axis = 3 : i64, dtype = i32, shape = array<i64: -3, 2, 9, -6>} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x11xi32>
  %c = horn.greater_equal %i, %j : (tensor<?x2x9x11xi32>, tensor<?x2x9x11xi32>) -> tensor<?x2x9x11xi1>
  %b = horn.logical_and %c, %pad : (tensor<?x2x9x11xi1>, tensor<?x1x1x11xi1>) -> tensor<?x2x9x11xi1>
  %l = horn.select %b, %s, %low : (tensor<?x2x9x11xi1>, tensor<?x2x9x11xf32>, tensor<f32>) -> tensor<?x2x9x11xf32>
  %pm = horn.reduce_max %l {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %pd = horn.subtract %l, %pm : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %pe = horn.exp %pd : tensor<?x2x9x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %f = horn.cast %b {dtype = f32} : (tensor<?x2x9x11xi1>) -> tensor<?x2x9x11xf32>
  %w = horn.multiply %p, %f : (tensor<?x2x9x11xf32>, tensor<?x2x9x11xf32>) -> tensor<?x2x9x11xf32>
  %y = horn.matmul %w, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32>
  return %y : tensor<?x2x9x6xf32>
}

// Queries, keys and values are operands, whatever they are made by.
// CHECK-LABEL: @computed
func.func @computed(%x: tensor<?x9x4xf32>, %z: tensor<?x11x4xf32>) -> tensor<?x9x4xf32> {
  // CHECK: %[[Q:.*]] = horn.add
  // CHECK: %[[K:.*]] = horn.multiply
  // CHECK: horn.fused(%[[Q]], %[[K]]) : (tensor<?x9x4xf32>, tensor<?x11x4xf32>) -> tensor<?x9x4xf32>
  %q = horn.add %x, %x : (tensor<?x9x4xf32>, tensor<?x9x4xf32>) -> tensor<?x9x4xf32>
  %k = horn.multiply %z, %z : (tensor<?x11x4xf32>, tensor<?x11x4xf32>) -> tensor<?x11x4xf32>
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<?x9x4xf32>, tensor<?x11x4xf32>) -> tensor<?x9x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 2>, keepdims = true} : (tensor<?x9x11xf32>) -> tensor<?x9x1xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x9x11xf32>, tensor<?x9x1xf32>) -> tensor<?x9x11xf32>
  %pe = horn.exp %pd : tensor<?x9x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 2>, keepdims = true} : (tensor<?x9x11xf32>) -> tensor<?x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x9x11xf32>, tensor<?x9x1xf32>) -> tensor<?x9x11xf32>
  %y = horn.matmul %p, %k {transpose_a = false, transpose_b = false} : (tensor<?x9x11xf32>, tensor<?x11x4xf32>) -> tensor<?x9x4xf32>
  return %y : tensor<?x9x4xf32>
}

// Weights or scores that others read, another axis, deep heads: two products stay.
// CHECK-LABEL: @weightsAreRead
// CHECK-NOT: horn.attend
func.func @weightsAreRead(%q: tensor<?x2x9x4xf32>, %k: tensor<?x2x4x11xf32>, %v: tensor<?x2x11x6xf32>) -> (tensor<?x2x9x6xf32>, tensor<?x2x9x11xf32>) {
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = false} : (tensor<?x2x9x4xf32>, tensor<?x2x4x11xf32>) -> tensor<?x2x9x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %pe = horn.exp %pd : tensor<?x2x9x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %y = horn.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32>
  return %y, %p : tensor<?x2x9x6xf32>, tensor<?x2x9x11xf32>
}

// CHECK-LABEL: @scoresAreRead
// CHECK-NOT: horn.attend
func.func @scoresAreRead(%q: tensor<?x2x9x4xf32>, %k: tensor<?x2x4x11xf32>, %v: tensor<?x2x11x6xf32>) -> (tensor<?x2x9x6xf32>, tensor<?x2x9x11xf32>) {
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = false} : (tensor<?x2x9x4xf32>, tensor<?x2x4x11xf32>) -> tensor<?x2x9x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %pe = horn.exp %pd : tensor<?x2x9x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x2x9x11xf32>, tensor<?x2x9x1xf32>) -> tensor<?x2x9x11xf32>
  %y = horn.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32>
  return %y, %s : tensor<?x2x9x6xf32>, tensor<?x2x9x11xf32>
}

// CHECK-LABEL: @otherAxis
// CHECK-NOT: horn.attend
func.func @otherAxis(%q: tensor<?x2x9x4xf32>, %k: tensor<?x2x4x11xf32>, %v: tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32> {
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = false} : (tensor<?x2x9x4xf32>, tensor<?x2x4x11xf32>) -> tensor<?x2x9x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 2>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x1x11xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x2x9x11xf32>, tensor<?x2x1x11xf32>) -> tensor<?x2x9x11xf32>
  %pe = horn.exp %pd : tensor<?x2x9x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 2>, keepdims = true} : (tensor<?x2x9x11xf32>) -> tensor<?x2x1x11xf32>
  %p = horn.divide %pe, %ps : (tensor<?x2x9x11xf32>, tensor<?x2x1x11xf32>) -> tensor<?x2x9x11xf32>
  %y = horn.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x2x9x11xf32>, tensor<?x2x11x6xf32>) -> tensor<?x2x9x6xf32>
  return %y : tensor<?x2x9x6xf32>
}

// CHECK-LABEL: @deep
func.func @deep(%q: tensor<?x20x257xf32>, %k: tensor<?x11x257xf32>, %v: tensor<?x11x6xf32>) -> tensor<?x20x6xf32> {
  // CHECK-NOT: horn.attend
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<?x20x257xf32>, tensor<?x11x257xf32>) -> tensor<?x20x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 2>, keepdims = true} : (tensor<?x20x11xf32>) -> tensor<?x20x1xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x20x11xf32>, tensor<?x20x1xf32>) -> tensor<?x20x11xf32>
  %pe = horn.exp %pd : tensor<?x20x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 2>, keepdims = true} : (tensor<?x20x11xf32>) -> tensor<?x20x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x20x11xf32>, tensor<?x20x1xf32>) -> tensor<?x20x11xf32>
  %y = horn.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x20x11xf32>, tensor<?x11x6xf32>) -> tensor<?x20x6xf32>
  return %y : tensor<?x20x6xf32>
}

// CHECK-LABEL: @largest
func.func @largest(%q: tensor<?x8x256xf32>, %k: tensor<?x11x256xf32>, %v: tensor<?x11x6xf32>) -> tensor<?x8x6xf32> {
  // CHECK: horn.attend
  %s = horn.matmul %q, %k {transpose_a = false, transpose_b = true} : (tensor<?x8x256xf32>, tensor<?x11x256xf32>) -> tensor<?x8x11xf32>
  %pm = horn.reduce_max %s {axes = array<i64: 2>, keepdims = true} : (tensor<?x8x11xf32>) -> tensor<?x8x1xf32>
  %pd = horn.subtract %s, %pm : (tensor<?x8x11xf32>, tensor<?x8x1xf32>) -> tensor<?x8x11xf32>
  %pe = horn.exp %pd : tensor<?x8x11xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 2>, keepdims = true} : (tensor<?x8x11xf32>) -> tensor<?x8x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x8x11xf32>, tensor<?x8x1xf32>) -> tensor<?x8x11xf32>
  %y = horn.matmul %p, %v {transpose_a = false, transpose_b = false} : (tensor<?x8x11xf32>, tensor<?x11x6xf32>) -> tensor<?x8x6xf32>
  return %y : tensor<?x8x6xf32>
}

// Keys and values that three heads share are read as they are: the heads are an axis of groups and one of
// three. So are queries and what is added to the scores of each head; the result is permuted, then joined.
// CHECK-LABEL: @groups
// CHECK-SAME: %[[Q:.*]]: tensor<?x6x9x4xf32>, %[[K:.*]]: tensor<?x?x2x4xf32>, %[[V:.*]]: tensor<?x?x2x5xf32>, %[[M:.*]]: tensor<6x1x1xf32>
func.func @groups(%q: tensor<?x6x9x4xf32>, %k: tensor<?x?x2x4xf32>, %v: tensor<?x?x2x5xf32>, %m: tensor<6x1x1xf32>) -> tensor<?x9x6x5xf32> {
  // CHECK-DAG: %[[K0:.*]] = horn.reshape %[[K]], %[[K]] {{.*}} -> tensor<?x?x2x1x4xf32>
  // CHECK-DAG: %[[V0:.*]] = horn.reshape %[[V]], %[[V]] {{.*}} -> tensor<?x?x2x1x5xf32>
  // CHECK-DAG: %[[Q1:.*]] = horn.reshape %[[Q]], %[[Q]] {shape = array<i64: -3, 2, 3, 9, 4>}
  // CHECK-DAG: %[[K1:.*]] = horn.transpose %[[K0]] {permutation = array<i64: 0, 2, 3, 4, 1>} : (tensor<?x?x2x1x4xf32>) -> tensor<?x2x1x4x?xf32>
  // CHECK-DAG: %[[M1:.*]] = horn.reshape %[[M]] {shape = array<i64: 2, 3, 1, 1>}
  // CHECK-DAG: %[[V1:.*]] = horn.transpose %[[V0]] {permutation = array<i64: 0, 2, 3, 1, 4>} : (tensor<?x?x2x1x5xf32>) -> tensor<?x2x1x?x5xf32>
  // CHECK-NOT: horn.broadcast_to
  // CHECK: %[[Y:.*]] = horn.fused(%[[Q1]], %[[K1]], %[[M1]], %[[V1]])
  // CHECK: horn.matmul %{{.*}} -> tensor<?x2x3x9x?xf32>
  // CHECK: horn.add %{{.*}} : (tensor<?x2x3x9x?xf32>, tensor<2x3x1x1xf32>) -> tensor<?x2x3x9x?xf32>
  // CHECK: horn.attend %{{.*}} -> tensor<?x2x3x9x5xf32>
  // CHECK: %[[T:.*]] = horn.transpose %[[Y]] {permutation = array<i64: 0, 3, 1, 2, 4>}
  // CHECK: %[[Z:.*]] = horn.reshape %[[T]], %[[T]] {shape = array<i64: -3, 9, 6, 5>}
  // CHECK: return %[[Z]]
  %k0 = horn.reshape %k, %k {shape = array<i64: -3, -4, 2, 1, 4>} : (tensor<?x?x2x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x1x4xf32>
  %k1 = horn.broadcast_to %k0, %k {shape = array<i64: -3, -4, 2, 3, 4>} : (tensor<?x?x2x1x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x3x4xf32>
  %k2 = horn.reshape %k1, %k {shape = array<i64: -3, -4, 6, 4>} : (tensor<?x?x2x3x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x6x4xf32>
  %k3 = horn.transpose %k2 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<?x?x6x4xf32>) -> tensor<?x6x4x?xf32>
  %v0 = horn.reshape %v, %v {shape = array<i64: -3, -4, 2, 1, 5>} : (tensor<?x?x2x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x2x1x5xf32>
  %v1 = horn.broadcast_to %v0, %v {shape = array<i64: -3, -4, 2, 3, 5>} : (tensor<?x?x2x1x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x2x3x5xf32>
  %v2 = horn.reshape %v1, %v {shape = array<i64: -3, -4, 6, 5>} : (tensor<?x?x2x3x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x6x5xf32>
  %v3 = horn.transpose %v2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x?x6x5xf32>) -> tensor<?x6x?x5xf32>
  %s = horn.matmul %q, %k3 {transpose_a = false, transpose_b = false} : (tensor<?x6x9x4xf32>, tensor<?x6x4x?xf32>) -> tensor<?x6x9x?xf32>
  %l = horn.add %s, %m : (tensor<?x6x9x?xf32>, tensor<6x1x1xf32>) -> tensor<?x6x9x?xf32>
  %pm = horn.reduce_max %l {axes = array<i64: 3>, keepdims = true} : (tensor<?x6x9x?xf32>) -> tensor<?x6x9x1xf32>
  %pd = horn.subtract %l, %pm : (tensor<?x6x9x?xf32>, tensor<?x6x9x1xf32>) -> tensor<?x6x9x?xf32>
  %pe = horn.exp %pd : tensor<?x6x9x?xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x6x9x?xf32>) -> tensor<?x6x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x6x9x?xf32>, tensor<?x6x9x1xf32>) -> tensor<?x6x9x?xf32>
  %y = horn.matmul %p, %v3 {transpose_a = false, transpose_b = false} : (tensor<?x6x9x?xf32>, tensor<?x6x?x5xf32>) -> tensor<?x6x9x5xf32>
  %z = horn.transpose %y {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x6x9x5xf32>) -> tensor<?x9x6x5xf32>
  return %z : tensor<?x9x6x5xf32>
}

// With a single query the heads of a group take its place: they are queries of the same keys.
// CHECK-LABEL: @oneQuery
func.func @oneQuery(%q: tensor<?x6x1x4xf32>, %k: tensor<?x?x2x4xf32>, %v: tensor<?x?x2x5xf32>, %m: tensor<?x1x1x?xf32>) -> tensor<?x1x6x5xf32> {
  // CHECK-DAG: horn.reshape %{{.*}} {shape = array<i64: -3, 2, 3, 4>} : (tensor<?x6x1x4xf32>, tensor<?x6x1x4xf32>) -> tensor<?x2x3x4xf32>
  // CHECK-NOT: horn.broadcast_to
  // CHECK: %[[Y:.*]] = horn.fused(%{{.*}}) : (tensor<?x2x3x4xf32>, tensor<?x2x4x?xf32>, tensor<?x1x1x?xf32>, tensor<?x2x?x5xf32>) -> tensor<?x2x3x5xf32>
  // CHECK: %[[Z:.*]] = horn.reshape %[[Y]], %[[Y]] {shape = array<i64: -3, 1, 6, 5>}
  // CHECK: return %[[Z]]
  %k0 = horn.reshape %k, %k {shape = array<i64: -3, -4, 2, 1, 4>} : (tensor<?x?x2x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x1x4xf32>
  %k1 = horn.broadcast_to %k0, %k {shape = array<i64: -3, -4, 2, 3, 4>} : (tensor<?x?x2x1x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x3x4xf32>
  %k2 = horn.reshape %k1, %k {shape = array<i64: -3, -4, 6, 4>} : (tensor<?x?x2x3x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x6x4xf32>
  %k3 = horn.transpose %k2 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<?x?x6x4xf32>) -> tensor<?x6x4x?xf32>
  %v0 = horn.reshape %v, %v {shape = array<i64: -3, -4, 2, 1, 5>} : (tensor<?x?x2x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x2x1x5xf32>
  %v1 = horn.broadcast_to %v0, %v {shape = array<i64: -3, -4, 2, 3, 5>} : (tensor<?x?x2x1x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x2x3x5xf32>
  %v2 = horn.reshape %v1, %v {shape = array<i64: -3, -4, 6, 5>} : (tensor<?x?x2x3x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x6x5xf32>
  %v3 = horn.transpose %v2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x?x6x5xf32>) -> tensor<?x6x?x5xf32>
  %s = horn.matmul %q, %k3 {transpose_a = false, transpose_b = false} : (tensor<?x6x1x4xf32>, tensor<?x6x4x?xf32>) -> tensor<?x6x1x?xf32>
  %l = horn.add %s, %m : (tensor<?x6x1x?xf32>, tensor<?x1x1x?xf32>) -> tensor<?x6x1x?xf32>
  %pm = horn.reduce_max %l {axes = array<i64: 3>, keepdims = true} : (tensor<?x6x1x?xf32>) -> tensor<?x6x1x1xf32>
  %pd = horn.subtract %l, %pm : (tensor<?x6x1x?xf32>, tensor<?x6x1x1xf32>) -> tensor<?x6x1x?xf32>
  %pe = horn.exp %pd : tensor<?x6x1x?xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x6x1x?xf32>) -> tensor<?x6x1x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x6x1x?xf32>, tensor<?x6x1x1xf32>) -> tensor<?x6x1x?xf32>
  %y = horn.matmul %p, %v3 {transpose_a = false, transpose_b = false} : (tensor<?x6x1x?xf32>, tensor<?x6x?x5xf32>) -> tensor<?x6x1x5xf32>
  %z = horn.transpose %y {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x6x1x5xf32>) -> tensor<?x1x6x5xf32>
  return %z : tensor<?x1x6x5xf32>
}

// What differs from head to head in another way needs each head's keys.
// CHECK-LABEL: @otherHeads
func.func @otherHeads(%q: tensor<?x6x9x4xf32>, %k: tensor<?x?x2x4xf32>, %v: tensor<?x?x2x5xf32>, %m: tensor<?x?x1x1xf32>) -> tensor<?x6x9x5xf32> {
  // CHECK: horn.broadcast_to
  // CHECK: horn.broadcast_to
  // CHECK: horn.fused(%{{.*}}) : (tensor<?x6x9x4xf32>, tensor<?x6x4x?xf32>, tensor<?x?x1x1xf32>, tensor<?x6x?x5xf32>) -> tensor<?x6x9x5xf32>
  %k0 = horn.reshape %k, %k {shape = array<i64: -3, -4, 2, 1, 4>} : (tensor<?x?x2x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x1x4xf32>
  %k1 = horn.broadcast_to %k0, %k {shape = array<i64: -3, -4, 2, 3, 4>} : (tensor<?x?x2x1x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x2x3x4xf32>
  %k2 = horn.reshape %k1, %k {shape = array<i64: -3, -4, 6, 4>} : (tensor<?x?x2x3x4xf32>, tensor<?x?x2x4xf32>) -> tensor<?x?x6x4xf32>
  %k3 = horn.transpose %k2 {permutation = array<i64: 0, 2, 3, 1>} : (tensor<?x?x6x4xf32>) -> tensor<?x6x4x?xf32>
  %v0 = horn.reshape %v, %v {shape = array<i64: -3, -4, 2, 1, 5>} : (tensor<?x?x2x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x2x1x5xf32>
  %v1 = horn.broadcast_to %v0, %v {shape = array<i64: -3, -4, 2, 3, 5>} : (tensor<?x?x2x1x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x2x3x5xf32>
  %v2 = horn.reshape %v1, %v {shape = array<i64: -3, -4, 6, 5>} : (tensor<?x?x2x3x5xf32>, tensor<?x?x2x5xf32>) -> tensor<?x?x6x5xf32>
  %v3 = horn.transpose %v2 {permutation = array<i64: 0, 2, 1, 3>} : (tensor<?x?x6x5xf32>) -> tensor<?x6x?x5xf32>
  %s = horn.matmul %q, %k3 {transpose_a = false, transpose_b = false} : (tensor<?x6x9x4xf32>, tensor<?x6x4x?xf32>) -> tensor<?x6x9x?xf32>
  %l = horn.add %s, %m : (tensor<?x6x9x?xf32>, tensor<?x?x1x1xf32>) -> tensor<?x6x9x?xf32>
  %pm = horn.reduce_max %l {axes = array<i64: 3>, keepdims = true} : (tensor<?x6x9x?xf32>) -> tensor<?x6x9x1xf32>
  %pd = horn.subtract %l, %pm : (tensor<?x6x9x?xf32>, tensor<?x6x9x1xf32>) -> tensor<?x6x9x?xf32>
  %pe = horn.exp %pd : tensor<?x6x9x?xf32>
  %ps = horn.reduce_sum %pe {axes = array<i64: 3>, keepdims = true} : (tensor<?x6x9x?xf32>) -> tensor<?x6x9x1xf32>
  %p = horn.divide %pe, %ps : (tensor<?x6x9x?xf32>, tensor<?x6x9x1xf32>) -> tensor<?x6x9x?xf32>
  %y = horn.matmul %p, %v3 {transpose_a = false, transpose_b = false} : (tensor<?x6x9x?xf32>, tensor<?x6x?x5xf32>) -> tensor<?x6x9x5xf32>
  return %y : tensor<?x6x9x5xf32>
}
