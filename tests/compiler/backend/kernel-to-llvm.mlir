// RUN: horn-opt %s -kernel-to-llvm -split-input-file -verify-diagnostics | FileCheck %s

module attributes {
  horn.num_symbols = 1 : i64,
  horn.derived = [{kind = "max", a = affine_map<(s) -> (s)>, b = affine_map<(s) -> (3)>}],
  horn.outputs = [{name = "y", type = f32, shape = array<i64: -1>, dims = affine_map<(s, m) -> (m * 2)>}]
} {
  // CHECK: horn.variable @bias : tensor<4xf32> {kernel.in_forward}
  horn.variable @bias : tensor<4xf32>

  // CHECK-LABEL: llvm.func hidden @copy(
  // CHECK-SAME:    %[[ARGS:.*]]: !llvm.ptr, %[[BEGIN:.*]]: i64, %[[END:.*]]: i64)
  // CHECK:         %[[Y:.*]] = llvm.load %[[ARGS]] {{.*}} -> !llvm.ptr
  // CHECK:         %[[SLOT:.*]] = llvm.getelementptr %[[ARGS]][8]
  // CHECK:         %[[X:.*]] = llvm.load %[[SLOT]] {{.*}} -> !llvm.ptr
  // CHECK:         %[[FROM:.*]] = llvm.getelementptr %[[X]][%[[BEGIN]]] {{.*}}, i8
  // CHECK:         %[[BYTES:.*]] = llvm.load %[[FROM]] {alignment = 1 : i64} : !llvm.ptr -> vector<4xi8>
  // CHECK:         llvm.icmp "ne" %[[BYTES]]
  // CHECK:         llvm.zext %{{.*}} : vector<4xi1> to vector<4xi8>
  // CHECK:         llvm.intr.masked.store
  func.func private @copy(%y: !llvm.ptr, %x: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
    %v = kernel.load %x[%begin] : vector<4xi1> from !llvm.ptr
    kernel.store %v, %y[%begin] mask %v : vector<4xi1> : vector<4xi1> to !llvm.ptr
    return
  }

  // CHECK-LABEL: llvm.func @forward(
  // CHECK-SAME:    %[[FRAME:.*]]: !llvm.ptr)
  // CHECK-SAME:    kernel.num_buffers = 3 : i64
  // CHECK:         %[[SLOTS:.*]] = llvm.alloca
  // CHECK:         llvm.intr.smax
  // CHECK:         llvm.store %{{.*}}, %[[SLOTS]]
  // CHECK:         %[[KERNEL:.*]] = llvm.mlir.addressof @copy
  // CHECK:         llvm.call @horn_parallel_for(%{{.*}}, %[[KERNEL]], %[[SLOTS]],
  func.func @forward() {
    %n = kernel.symbol 1
    %bias = kernel.weight @bias : !llvm.ptr
    %t = kernel.buffer %n {index = 2 : i64} : !llvm.ptr
    kernel.launch @copy(%t, %bias) tasks(%n) grain(%n) : (!llvm.ptr, !llvm.ptr) -> ()
    return
  }

  // CHECK-LABEL: llvm.func @output_shapes(
  // CHECK:         llvm.intr.smax
  // CHECK:         llvm.mul
  // CHECK:         llvm.store
}

// -----

// Rounding division and calls of the library, a lane at a time.
// CHECK-LABEL: llvm.func hidden @math
// CHECK:         llvm.sdiv
// CHECK-COUNT-2: llvm.call @sinf(%{{.*}}) {{.*}}: (f32) -> f32
// CHECK:         llvm.intr.fma
func.func private @math(%y: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  %i = arith.floordivsi %begin, %end : i64
  %v = kernel.load %y[%i] : vector<2xf32> from !llvm.ptr
  %s = kernel.call "sinf"(%v) : (vector<2xf32>) -> vector<2xf32>
  %f = math.fma %s, %s, %v : vector<2xf32>
  kernel.store %f, %y[%i] : vector<2xf32> to !llvm.ptr
  return
}

// -----

func.func private @math(%y: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  %v = kernel.load %y[%begin] : f32 from !llvm.ptr
  // expected-error @below {{is no instruction: write a polynomial or a kernel.call}}
  %e = math.exp %v : f32
  return
}

// -----

func.func @forward() {
  %n = kernel.symbol 0
  // expected-error @below {{has no place in the arena: run kernel-plan-arena first}}
  %t = kernel.buffer %n : !llvm.ptr
  return
}

// -----

// @prepare takes variables from the frame, and returns where there is none.
module {
  horn.variable @a : tensor<4xf32>
  horn.variable @b : tensor<4xf32>
  func.func private @use(%x: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
    return
  }
  // CHECK-LABEL: llvm.func @prepare(
  // CHECK-SAME:    %[[FRAME:.*]]: !llvm.ptr)
  // CHECK:         %[[INDEX:.*]] = llvm.mlir.constant(1 : i32)
  // CHECK:         %[[B:.*]] = llvm.call %{{.*}}(%[[FRAME]], %[[INDEX]]) : !llvm.ptr, (!llvm.ptr, i32) -> !llvm.ptr
  // CHECK:         %[[MISSING:.*]] = llvm.icmp "eq" %[[B]]
  // CHECK:         llvm.cond_br %[[MISSING]], ^[[END:.*]], ^[[REST:.*]]
  // CHECK:       ^[[REST]]:
  // CHECK:         llvm.store %[[B]]
  // CHECK:         llvm.call @horn_parallel_for
  // CHECK:         %[[INDEX:.*]] = llvm.mlir.constant(1 : i32)
  // CHECK:         llvm.call %{{.*}}(%[[FRAME]], %[[INDEX]]) : !llvm.ptr, (!llvm.ptr, i32) -> ()
  // CHECK:       ^[[END]]:
  // CHECK-NEXT:    llvm.return
  func.func @prepare() {
    %one = arith.constant 1 : i64
    %b = kernel.acquire @b : !llvm.ptr
    kernel.launch @use(%b) tasks(%one) grain(%one) : (!llvm.ptr) -> ()
    kernel.release @b
    return
  }
}

// -----

horn.variable @a : tensor<4xf32>
func.func @forward() {
  // expected-error @below {{stands outside of the body of @prepare}}
  %a = kernel.acquire @a : !llvm.ptr
  return
}

// -----

// The body of a team is a function of what it uses of the driver, and of the member that runs it.
func.func private @step(%y: !llvm.ptr, %i: i64, %begin: i64, %end: i64) attributes {kernel.kernel} {
  return
}
// CHECK-LABEL: llvm.func internal @forward_team_0(
// CHECK-SAME:    %[[VALUES:.*]]: !llvm.ptr, %[[MEMBER:.*]]: !llvm.ptr)
// CHECK:         %[[Y:.*]] = llvm.load %[[VALUES]] {{.*}} -> !llvm.ptr
// CHECK:         %[[SLOTS:.*]] = llvm.alloca
// CHECK:         llvm.store %[[Y]], %[[SLOTS]]
// CHECK:         %[[KERNEL:.*]] = llvm.mlir.addressof @step
// CHECK:         llvm.call @horn_team_for(%[[MEMBER]], %[[KERNEL]], %[[SLOTS]],
// CHECK:         llvm.return
// CHECK-LABEL: llvm.func @forward(
// CHECK:         %[[VALUES:.*]] = llvm.alloca
// CHECK:         llvm.store %{{.*}}, %[[VALUES]]
// CHECK:         %[[BODY:.*]] = llvm.mlir.addressof @forward_team_0
// CHECK:         llvm.call @horn_parallel_team(%{{.*}}, %[[BODY]], %[[VALUES]], %{{.*}})
// CHECK-NOT:     llvm.call @horn_parallel_for
func.func @forward() {
  %one = arith.constant 1 : i64
  %n = kernel.symbol 0
  %zero = arith.constant 0 : i64
  %y = kernel.output 0 : !llvm.ptr
  kernel.team limit(%n) {
    scf.for %i = %zero to %n step %one : i64 {
      kernel.launch @step(%y, %i) tasks(%n) grain(%one) : (!llvm.ptr, i64) -> ()
    }
  }
  return
}

// -----

// Tasks apart, in a team; elsewhere all launches end alike.
func.func private @step(%y: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  return
}
// CHECK-LABEL: llvm.func internal @forward_team_0(
// CHECK:         %[[FOUR:.*]] = llvm.mlir.constant(4 : i64)
// CHECK:         llvm.call @horn_team_for_apart(%{{.*}}, %[[FOUR]])
// CHECK-LABEL: llvm.func @forward(
// CHECK:         llvm.call @horn_parallel_for
func.func @forward() {
  %one = arith.constant 1 : i64
  %n = kernel.symbol 0
  %y = kernel.output 0 : !llvm.ptr
  kernel.launch @step(%y) tasks(%n) grain(%one) {apart = 4 : i64} : (!llvm.ptr) -> ()
  kernel.team limit(%n) {
    kernel.launch @step(%y) tasks(%n) grain(%one) {apart = 4 : i64} : (!llvm.ptr) -> ()
  }
  return
}

// -----

// Teams side by side are an array of function, values, limit and nanoseconds.
func.func private @step(%y: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  return
}
// CHECK-LABEL: llvm.func internal @forward_team_0(
// CHECK:         llvm.call @horn_team_for
// CHECK-LABEL: llvm.func internal @forward_team_1(
// CHECK:         llvm.call @horn_team_for
// CHECK-LABEL: llvm.func @forward(
// CHECK:         %[[EIGHT:.*]] = llvm.mlir.constant(8 : i64)
// CHECK:         %[[CALLS:.*]] = llvm.alloca %[[EIGHT]]
// CHECK:         %[[SECOND:.*]] = llvm.mlir.addressof @forward_team_1
// CHECK:         %[[BODY:.*]] = llvm.getelementptr %[[CALLS]][32]
// CHECK:         llvm.store %[[SECOND]], %[[BODY]]
// CHECK:         %[[LIMIT:.*]] = llvm.getelementptr %[[CALLS]][48]
// CHECK:         llvm.store %{{.*}}, %[[LIMIT]]
// CHECK:         %[[COUNT:.*]] = llvm.mlir.constant(2 : i64)
// CHECK:         llvm.call @horn_parallel_teams(%{{.*}}, %[[CALLS]], %[[COUNT]])
// CHECK-NOT:     llvm.call
func.func @forward() {
  %one = arith.constant 1 : i64
  %n = kernel.symbol 0
  %x = kernel.output 0 : !llvm.ptr
  %y = kernel.output 1 : !llvm.ptr
  kernel.teams nanoseconds(%n, %one) {
    kernel.team limit(%one) {
      kernel.launch @step(%x) tasks(%n) grain(%one) : (!llvm.ptr) -> ()
    }
    kernel.team limit(%n) {
      kernel.launch @step(%y) tasks(%n) grain(%one) : (!llvm.ptr) -> ()
    }
  }
  return
}

// -----

func.func @forward() {
  %one = arith.constant 1 : i64
  // expected-error @below {{must hold one kernel.team for each of its operands and nothing else}}
  kernel.teams nanoseconds(%one, %one) {
    kernel.team limit(%one) {
    }
  }
  return
}

// -----

func.func @forward() {
  %one = arith.constant 1 : i64
  // expected-error @below {{must not make buffers: its teams might get the same memory}}
  kernel.teams nanoseconds(%one) {
    kernel.team limit(%one) {
      %t = kernel.buffer %one : !llvm.ptr
    }
  }
  return
}
