// RUN: horn-opt %s --horn-gather-scans --split-input-file | FileCheck %s

// What the second loop needs stays in front, what needs the first goes behind.
// CHECK-LABEL: @directions
// CHECK: horn.tanh
// CHECK-NEXT: %[[A:.*]] = horn.scan
// CHECK: {reverse = false}
// CHECK-NEXT: %[[B:.*]] = horn.scan
// CHECK: {reverse = true}
// CHECK-NEXT: horn.relu %[[A]]
// CHECK-NEXT: horn.relu %[[B]]
func.func @directions(%h: tensor<?x8xf32>, %x: tensor<?x5x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %a = horn.scan carried(%h : tensor<?x8xf32>) sequences(%x : tensor<?x5x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.add %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  %ra = horn.relu %a : tensor<?x8xf32>
  %y = horn.tanh %x : tensor<?x5x8xf32>
  %b = horn.scan carried(%h : tensor<?x8xf32>) sequences(%y : tensor<?x5x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.add %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = true}
  %rb = horn.relu %b : tensor<?x8xf32>
  return %ra, %rb : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

// Two branches of two loops each, of other lengths: the first of both, then the second of both.
// CHECK-LABEL: @branches
// CHECK: horn.scan carried(%arg0 : {{.*}} sequences(%arg1
// CHECK: {reverse = false}
// CHECK-NEXT: %[[M:.*]] = horn.scan carried(%arg0 : {{.*}} sequences(%arg2
// CHECK: {reverse = false}
// CHECK-NEXT: horn.scan carried(%{{.*}} : {{.*}} sequences(%arg1
// CHECK: {reverse = false}
// CHECK-NEXT: horn.scan carried(%[[M]] : {{.*}} sequences(%arg2
// CHECK: {reverse = false}
// CHECK-NEXT: return
func.func @branches(%arg0: tensor<?x8xf32>, %arg1: tensor<?x5x8xf32>, %arg2: tensor<?x?x8xf32>) -> (tensor<?x8xf32>, tensor<?x8xf32>) {
  %a = horn.scan carried(%arg0 : tensor<?x8xf32>) sequences(%arg1 : tensor<?x5x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.add %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  %b = horn.scan carried(%a : tensor<?x8xf32>) sequences(%arg1 : tensor<?x5x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.add %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  %c = horn.scan carried(%arg0 : tensor<?x8xf32>) sequences(%arg2 : tensor<?x?x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.multiply %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  %d = horn.scan carried(%c : tensor<?x8xf32>) sequences(%arg2 : tensor<?x?x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.multiply %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  return %b, %d : tensor<?x8xf32>, tensor<?x8xf32>
}

// -----

// The second needs the first: in its body, by way of another op.
// CHECK-LABEL: @dependent
// CHECK: horn.scan
// CHECK: horn.relu
// CHECK: horn.tanh
// CHECK: horn.scan
func.func @dependent(%h: tensor<?x8xf32>, %x: tensor<?x5x8xf32>) -> tensor<?x8xf32> {
  %a = horn.scan carried(%h : tensor<?x8xf32>) sequences(%x : tensor<?x5x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.add %s, %t : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  %r = horn.relu %a : tensor<?x8xf32>
  %y = horn.tanh %x : tensor<?x5x8xf32>
  %b = horn.scan carried(%h : tensor<?x8xf32>) sequences(%y : tensor<?x5x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%s: tensor<?x8xf32>, %t: tensor<?x8xf32>):
    %n = horn.add %s, %r : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    horn.yield %n : tensor<?x8xf32>
  } {reverse = false}
  return %b : tensor<?x8xf32>
}

// -----

// A state that is set in between: the second loop reads what it is set to.
// CHECK-LABEL: @states
// CHECK: horn.scan
// CHECK: horn.assign
// CHECK: horn.tanh
// CHECK: horn.scan
horn.variable @h : tensor<2x8xf32> {kind = "state"}
func.func @states(%x: tensor<2x5x8xf32>) -> tensor<2x8xf32> {
  %h = horn.read @h : tensor<2x8xf32>
  %a = horn.scan carried(%h : tensor<2x8xf32>) sequences(%x : tensor<2x5x8xf32>) -> (tensor<2x8xf32>) {
  ^bb0(%s: tensor<2x8xf32>, %t: tensor<2x8xf32>):
    %n = horn.add %s, %t : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
    horn.yield %n : tensor<2x8xf32>
  } {reverse = false}
  horn.assign @h, %a : tensor<2x8xf32>
  %y = horn.tanh %x : tensor<2x5x8xf32>
  %z = horn.constant dense<0.0> : tensor<2x8xf32>
  %b = horn.scan carried(%z : tensor<2x8xf32>) sequences(%y : tensor<2x5x8xf32>) -> (tensor<2x8xf32>) {
  ^bb0(%s: tensor<2x8xf32>, %t: tensor<2x8xf32>):
    %now = horn.read @h : tensor<2x8xf32>
    %n = horn.add %now, %t : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
    horn.yield %n : tensor<2x8xf32>
  } {reverse = false}
  return %b : tensor<2x8xf32>
}
