// RUN: horn-opt %s --horn-lower-to-kernels="cpu=x86-64-v4" --canonicalize --cse --split-input-file | FileCheck %s

// Sorting works on places in a scratch buffer of two halves: one task a line, a merge for each pass.

// CHECK-LABEL: func.func @forward()
// CHECK: kernel.buffer
// CHECK: kernel.launch @horn_sort_0(%{{.*}}, %{{.*}}, %{{.*}}, %c7_i64, %c1_i64)
// CHECK-LABEL: func.func private @horn_sort_0
// CHECK: scf.for
// CHECK: scf.for
// CHECK: kernel.store
func.func @forward(%x: tensor<?x7xf32>) -> tensor<?x7xf32> {
  %y = horn.sort %x {axis = 1 : i64, descending = false} : (tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y : tensor<?x7xf32>
}

// -----

// Sorting and its indices are two kernels, as are the two directions; axes share one.

// CHECK-LABEL: func.func @forward()
// CHECK: kernel.launch @horn_sort_0
// CHECK: kernel.launch @horn_sort_0
// CHECK: kernel.launch @horn_sort_1
// CHECK: kernel.launch @horn_sort_2
// CHECK-NOT: @horn_sort_3
// CHECK: return
func.func @forward(%x: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>, tensor<?x7xf32>, tensor<?x7xi32>) {
  %a = horn.sort %x {axis = 1 : i64, descending = false} : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %b = horn.sort %x {axis = 0 : i64, descending = false} : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %c = horn.sort %x {axis = 1 : i64, descending = true} : (tensor<?x7xf32>) -> tensor<?x7xf32>
  %d = horn.argsort %x {axis = 1 : i64, descending = true} : (tensor<?x7xf32>) -> tensor<?x7xi32>
  return %a, %b, %c, %d : tensor<?x7xf32>, tensor<?x7xf32>, tensor<?x7xf32>, tensor<?x7xi32>
}

// -----

// CHECK-LABEL: func.func @forward()
// CHECK: kernel.launch @horn_take_along_0
// CHECK-LABEL: func.func private @horn_take_along_0
// CHECK: kernel.load {{.*}} : i64
// CHECK: arith.select
// CHECK: kernel.store
func.func @forward(%x: tensor<?x7xf32>, %i: tensor<?x3xi64>) -> tensor<?x3xf32> {
  %y = horn.take_along_axis %x, %i {axis = 1 : i64} : (tensor<?x7xf32>, tensor<?x3xi64>) -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

// -----

// Scattering copies its operand first; rows outside are left out.

// CHECK-LABEL: func.func @forward()
// CHECK: kernel.launch
// CHECK: kernel.launch @horn_scatter_0
// CHECK-LABEL: func.func private @horn_scatter_0
// CHECK: arith.cmpi ult
// CHECK: scf.if
// CHECK: arith.addf
func.func @forward(%x: tensor<9x4xf32>, %i: tensor<?xi32>, %u: tensor<?x4xf32>) -> tensor<9x4xf32> {
  %y = horn.scatter %x, %i, %u {combine = "add"} : (tensor<9x4xf32>, tensor<?xi32>, tensor<?x4xf32>) -> tensor<9x4xf32>
  return %y : tensor<9x4xf32>
}
