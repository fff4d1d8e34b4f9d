// RUN: horn-opt %s -kernel-plan-arena -split-input-file -verify-diagnostics | FileCheck %s

module attributes {horn.num_symbols = 1 : i64} {
func.func private @f(%y: !llvm.ptr, %x: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  return
}

// A chain: every second buffer has the memory of the one before the last.
// CHECK-LABEL: func.func @forward()
// CHECK-SAME:    kernel.arena_bytes = 3072 : i64, kernel.live_bytes = 3072 : i64
// CHECK: kernel.buffer %{{.*}} {index = 0 : i64}
// CHECK: kernel.buffer %{{.*}} {index = 1 : i64}
// CHECK: kernel.buffer %{{.*}} {index = 2 : i64}
// CHECK-LABEL: func.func @plan
// CHECK-SAME:    (%[[SYMBOLS:.*]]: !llvm.ptr, %[[OFFSETS:.*]]: !llvm.ptr) -> i64
// CHECK-DAG:     %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK-DAG:     %[[ONE:.*]] = arith.constant 1 : i64
// CHECK-DAG:     %[[TWO:.*]] = arith.constant 2 : i64
// CHECK-DAG:     %[[BYTES:.*]] = arith.andi
// CHECK-DAG:     kernel.store %[[ZERO]], %[[OFFSETS]][%[[ZERO]]]
// CHECK-DAG:     kernel.store %[[ZERO]], %[[OFFSETS]][%[[TWO]]]
// CHECK-DAG:     kernel.store %[[BYTES]], %[[OFFSETS]][%[[ONE]]]
// CHECK-NOT:     arith.maxsi
// CHECK:         return
func.func @forward() {
  %one = arith.constant 1 : i64
  %n = kernel.symbol 0
  %c = arith.constant 24 : i64
  %bytes = arith.muli %n, %c : i64
  %x = kernel.input 0 : !llvm.ptr
  %a = kernel.buffer %bytes : !llvm.ptr
  kernel.launch @f(%a, %x) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  %b = kernel.buffer %bytes : !llvm.ptr
  kernel.launch @f(%b, %a) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  %d = kernel.buffer %bytes : !llvm.ptr
  %part = kernel.element %b[%one] : f32 -> !llvm.ptr from !llvm.ptr
  kernel.launch @f(%d, %part) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  return
}
}

// -----

func.func private @f(%y: !llvm.ptr, %x: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  return
}

// Known sizes give a plan of plain numbers. In a loop, a buffer from outside lives through all of it;
// those of an iteration may share.
// CHECK-LABEL: func.func @prepare()
// CHECK-SAME:    kernel.arena_bytes = 256 : i64
// CHECK-LABEL: func.func @prepare_plan
// CHECK-DAG:     %[[END:.*]] = arith.constant 256 : i64
// CHECK:         return %[[END]] : i64
func.func @prepare() {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %large = arith.constant 128 : i64
  %small = arith.constant 60 : i64
  %x = kernel.input 0 : !llvm.ptr
  %carried = kernel.buffer %large : !llvm.ptr
  scf.for %i = %zero to %large step %one : i64 {
    kernel.launch @f(%carried, %x) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
    %a = kernel.buffer %small : !llvm.ptr
    kernel.launch @f(%a, %x) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
    %b = kernel.buffer %small : !llvm.ptr
    kernel.launch @f(%b, %a) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
    %c = kernel.buffer %small : !llvm.ptr
    kernel.launch @f(%c, %b) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  }
  return
}

// -----

// A function without buffers has a plan, too.
// CHECK-LABEL: func.func @plan
// CHECK-NEXT:    %[[ZERO:.*]] = arith.constant 0 : i64
// CHECK-NEXT:    return %[[ZERO]] : i64
func.func @forward() {
  return
}

// -----

func.func @forward() {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  scf.for %i = %zero to %one step %one : i64 {
    // expected-error @below {{has a size that is not computed from the symbols by arithmetic alone}}
    %a = kernel.buffer %i : !llvm.ptr
  }
  return
}
