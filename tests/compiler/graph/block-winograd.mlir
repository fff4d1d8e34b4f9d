// RUN: horn-opt %s --horn-block-winograd | FileCheck %s
// RUN: horn-opt %s --horn-block-winograd --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// CHECK-LABEL: @large
// CHECK-SAME: (%[[X:.*]]: tensor<?x56x56x64xf32>, %[[U:.*]]: tensor<1x36x64x64xf32>)
func.func @large(%x: tensor<?x56x56x64xf32>, %u: tensor<1x36x64x64xf32>) -> tensor<?x56x56x64xf32> {
  // CHECK-NEXT: %[[Y:.*]] = horn.winograd_conv %[[X]], %[[U]] {columns = 64 : i64, height = 56 : i64, low = 1 : i64, pixels = 4 : i64, width = 56 : i64}
  // CHECK-NEXT: return %[[Y]]
  %v = horn.winograd_tiles %x {rows = 14 : i64, columns = 14 : i64, low = 1 : i64, pixels = 4 : i64} : (tensor<?x56x56x64xf32>) -> tensor<36x?x64xf32>
  %m = horn.panel_matmul %v, %u {columns = 64 : i64} : (tensor<36x?x64xf32>, tensor<1x36x64x64xf32>) -> tensor<36x?x64xf32>
  %y = horn.winograd_pixels %m {height = 56 : i64, width = 56 : i64, pixels = 4 : i64} : (tensor<36x?x64xf32>) -> tensor<?x56x56x64xf32>
  return %y : tensor<?x56x56x64xf32>
}

// CHECK-LABEL: @small
// CHECK: horn.winograd_pixels
// REMARK-DAG: small not in blocks of tiles: it has few tiles
func.func @small(%x: tensor<?x28x28x64xf32>, %u: tensor<1x36x64x64xf32>) -> tensor<?x28x28x64xf32> {
  %v = horn.winograd_tiles %x {rows = 7 : i64, columns = 7 : i64, low = 1 : i64, pixels = 4 : i64} : (tensor<?x28x28x64xf32>) -> tensor<36x?x64xf32>
  %m = horn.panel_matmul %v, %u {columns = 64 : i64} : (tensor<36x?x64xf32>, tensor<1x36x64x64xf32>) -> tensor<36x?x64xf32>
  %y = horn.winograd_pixels %m {height = 28 : i64, width = 28 : i64, pixels = 4 : i64} : (tensor<36x?x64xf32>) -> tensor<?x28x28x64xf32> loc("small")
  return %y : tensor<?x28x28x64xf32>
}

// CHECK-LABEL: @deep
// CHECK: horn.winograd_pixels
// REMARK-DAG: deep not in blocks of tiles: a block of its tiles is too large for the second cache
func.func @deep(%x: tensor<?x56x56x256xf32>, %u: tensor<1x36x256x64xf32>) -> tensor<?x56x56x64xf32> {
  %v = horn.winograd_tiles %x {rows = 14 : i64, columns = 14 : i64, low = 1 : i64, pixels = 4 : i64} : (tensor<?x56x56x256xf32>) -> tensor<36x?x256xf32>
  %m = horn.panel_matmul %v, %u {columns = 64 : i64} : (tensor<36x?x256xf32>, tensor<1x36x256x64xf32>) -> tensor<36x?x64xf32>
  %y = horn.winograd_pixels %m {height = 56 : i64, width = 56 : i64, pixels = 4 : i64} : (tensor<36x?x64xf32>) -> tensor<?x56x56x64xf32> loc("deep")
  return %y : tensor<?x56x56x64xf32>
}

// The tiles have another user.
// CHECK-LABEL: @shared
// CHECK: horn.winograd_pixels
func.func @shared(%x: tensor<?x56x56x64xf32>, %u: tensor<1x36x64x64xf32>) -> (tensor<?x56x56x64xf32>, tensor<36x?x64xf32>) {
  %v = horn.winograd_tiles %x {rows = 14 : i64, columns = 14 : i64, low = 1 : i64, pixels = 4 : i64} : (tensor<?x56x56x64xf32>) -> tensor<36x?x64xf32>
  %m = horn.panel_matmul %v, %u {columns = 64 : i64} : (tensor<36x?x64xf32>, tensor<1x36x64x64xf32>) -> tensor<36x?x64xf32>
  %y = horn.winograd_pixels %m {height = 56 : i64, width = 56 : i64, pixels = 4 : i64} : (tensor<36x?x64xf32>) -> tensor<?x56x56x64xf32>
  return %y, %v : tensor<?x56x56x64xf32>, tensor<36x?x64xf32>
}
