// RUN: horn-opt %s -kernel-acquire-variables | FileCheck %s

horn.variable @a : tensor<4xf32>
horn.variable @b : tensor<4xf32>
horn.variable @unused : tensor<4xf32>
horn.variable @p : tensor<4xf32> {kind = "prepared"}
horn.variable @state : tensor<4xf32> {kind = "state"}

func.func private @f(%y: !llvm.ptr, %x: !llvm.ptr, %begin: i64, %end: i64) attributes {kernel.kernel} {
  return
}

// A variable is there from its first to its last use, also through addresses and around loops. What is
// prepared, and state, stay as they are.
// CHECK-LABEL: func.func @prepare()
// CHECK-NOT:     @unused
// CHECK-DAG:     %[[P:.*]] = kernel.weight @p
// CHECK-DAG:     %[[STATE:.*]] = kernel.weight @state
// CHECK:         kernel.launch @f(%[[P]], %[[STATE]])
// CHECK-NEXT:    %[[A:.*]] = kernel.acquire @a : !llvm.ptr
// CHECK-NEXT:    %[[PART:.*]] = kernel.element %[[A]]
// CHECK-NEXT:    kernel.launch @f(%[[P]], %[[P]])
// CHECK-NEXT:    kernel.launch @f(%[[P]], %[[PART]])
// CHECK-NEXT:    kernel.release @a
// CHECK-NEXT:    %[[B:.*]] = kernel.acquire @b : !llvm.ptr
// CHECK-NEXT:    scf.for
// CHECK-NEXT:      kernel.launch @f(%[[P]], %[[B]])
// CHECK:         kernel.launch @f(%[[P]], %[[B]])
// CHECK-NEXT:    kernel.release @b
// CHECK-NEXT:    return
func.func @prepare() {
  %zero = arith.constant 0 : i64
  %one = arith.constant 1 : i64
  %b = kernel.weight @b : !llvm.ptr
  %a = kernel.weight @a : !llvm.ptr
  %p = kernel.weight @p : !llvm.ptr
  %state = kernel.weight @state : !llvm.ptr
  %again = kernel.weight @b : !llvm.ptr
  kernel.launch @f(%p, %state) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  %part = kernel.element %a[%one] : f32 -> !llvm.ptr from !llvm.ptr
  kernel.launch @f(%p, %p) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  kernel.launch @f(%p, %part) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  scf.for %i = %zero to %one step %one : i64 {
    kernel.launch @f(%p, %b) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  }
  kernel.launch @f(%p, %again) tasks(%one) grain(%one) : (!llvm.ptr, !llvm.ptr) -> ()
  return
}

// @forward has its weights at hand.
// CHECK-LABEL: func.func @forward()
// CHECK-NEXT:    kernel.weight @a
func.func @forward() {
  %a = kernel.weight @a : !llvm.ptr
  return
}
