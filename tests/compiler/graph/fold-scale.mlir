// RUN: horn-opt %s --horn-fold-scale --mlir-print-local-scope | FileCheck %s
// RUN: horn-opt %s --horn-fold-scale --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

horn.variable @w : tensor<8x4xf32> {kind = "weight"}
horn.variable @wt : tensor<4x8xf32> {kind = "weight"}
horn.variable @k : tensor<3x3x4x6xf32> {kind = "weight"}
horn.variable @point : tensor<1x1x4x6xf32> {kind = "weight"}
horn.variable @d : tensor<3x3x4x2xf32> {kind = "weight"}
horn.variable @s4 : tensor<4xf32> {kind = "weight"}
horn.variable @b4 : tensor<4xf32> {kind = "weight"}
horn.variable @s6 : tensor<6xf32> {kind = "weight"}
horn.variable @s8 : tensor<8xf32> {kind = "weight"}
horn.variable @column : tensor<8x1xf32> {kind = "weight"}
horn.variable @state : tensor<4xf32> {kind = "state"}

// CHECK-LABEL: @scaleBehindMatmul
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
// REMARK-DAG: bn folded into dense: its scale became part of the weights
func.func @scaleBehindMatmul(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[W:.*]] = horn.read @w
  // CHECK: %[[S:.*]] = horn.read @s4
  // CHECK: %[[SCALED:.*]] = horn.multiply %[[W]], %[[S]] : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
  // CHECK: %[[Y:.*]] = horn.matmul %[[X]], %[[SCALED]]
  // CHECK: return %[[Y]]
  %w = horn.read @w : tensor<8x4xf32>
  %s = horn.read @s4 : tensor<4xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32> loc("dense")
  %1 = horn.multiply %s, %0 : (tensor<4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32> loc("bn")
  return %1 : tensor<?x4xf32>
}

// CHECK-LABEL: @scaleBehindTransposedMatmul
func.func @scaleBehindTransposedMatmul(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[S:.*]] = horn.reshape %{{.*}} {shape = array<i64: 4, 1>}
  // CHECK: horn.multiply %{{.*}}, %[[S]] : (tensor<4x8xf32>, tensor<4x1xf32>) -> tensor<4x8xf32>
  %w = horn.read @wt : tensor<4x8xf32>
  %s = horn.read @s4 : tensor<4xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<4x8xf32>) -> tensor<?x4xf32>
  %1 = horn.multiply %0, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// The scale comes through a reshape to [1, 1, 6].
// CHECK-LABEL: @scaleBehindConv
func.func @scaleBehindConv(%x: tensor<?x9x9x4xf32>) -> tensor<?x9x9x6xf32> {
  // CHECK: horn.multiply %{{.*}}, %{{.*}} : (tensor<3x3x4x6xf32>, tensor<6xf32>) -> tensor<3x3x4x6xf32>
  // CHECK-NEXT: %[[Y:.*]] = horn.conv
  // CHECK: return %[[Y]]
  %k = horn.read @k : tensor<3x3x4x6xf32>
  %s = horn.read @s6 : tensor<6xf32>
  %r = horn.reshape %s {shape = array<i64: 1, 1, 6>} : (tensor<6xf32>) -> tensor<1x1x6xf32>
  %0 = horn.conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x6xf32>) -> tensor<?x9x9x6xf32>
  %1 = horn.multiply %0, %r : (tensor<?x9x9x6xf32>, tensor<1x1x6xf32>) -> tensor<?x9x9x6xf32>
  return %1 : tensor<?x9x9x6xf32>
}

// Channel c * 2 + m of the result is kernel[..., c, m].
// CHECK-LABEL: @scaleBehindDepthwise
func.func @scaleBehindDepthwise(%x: tensor<?x9x9x4xf32>) -> tensor<?x9x9x8xf32> {
  // CHECK: %[[S:.*]] = horn.reshape %{{.*}} {shape = array<i64: 4, 2>}
  // CHECK: horn.multiply %{{.*}}, %[[S]] : (tensor<3x3x4x2xf32>, tensor<4x2xf32>) -> tensor<3x3x4x2xf32>
  // CHECK-NEXT: horn.depthwise_conv
  // CHECK-NEXT: return
  %k = horn.read @d : tensor<3x3x4x2xf32>
  %s = horn.read @s8 : tensor<8xf32>
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x2xf32>) -> tensor<?x9x9x8xf32>
  %1 = horn.multiply %0, %s : (tensor<?x9x9x8xf32>, tensor<8xf32>) -> tensor<?x9x9x8xf32>
  return %1 : tensor<?x9x9x8xf32>
}

// Bias, then batch norm: (y + b) * s + c = y * s + (b * s + c).
// CHECK-LABEL: @scaleAndShiftBehindBias
// REMARK-DAG: bn folded into dense: their shifts became one
func.func @scaleAndShiftBehindBias(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[BS:.*]] = horn.multiply %[[B:.*]], %[[S:.*]] : (tensor<4xf32>, tensor<4xf32>)
  // CHECK: %[[SHIFT:.*]] = horn.add %[[BS]], %{{.*}} : (tensor<4xf32>, tensor<4xf32>)
  // CHECK: %[[Y:.*]] = horn.add %{{.*}}, %[[SHIFT]] : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: return %[[Y]]
  %w = horn.read @w : tensor<8x4xf32>
  %b = horn.read @b4 : tensor<4xf32>
  %s = horn.read @s4 : tensor<4xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32> loc("dense")
  %1 = horn.add %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("dense")
  %2 = horn.multiply %1, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("bn")
  %3 = horn.add %2, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("bn")
  return %3 : tensor<?x4xf32>
}

// CHECK-LABEL: @scaleAndShiftBeforeMatmul
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>)
func.func @scaleAndShiftBeforeMatmul(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // CHECK-DAG: %[[W:.*]] = horn.read @w
  // CHECK-DAG: %[[MOVED:.*]] = horn.reduce_sum %{{.*}} {axes = array<i64: 0>, keepdims = false} : (tensor<8x4xf32>) -> tensor<4xf32>
  // CHECK-DAG: %[[SCALED:.*]] = horn.multiply %[[W]], %{{.*}} : (tensor<8x4xf32>, tensor<8x1xf32>) -> tensor<8x4xf32>
  // CHECK: %[[Y:.*]] = horn.matmul %[[X]], %
  // CHECK: horn.add %[[Y]], %[[MOVED]]
  %w = horn.read @w : tensor<8x4xf32>
  %s = horn.read @s8 : tensor<8xf32>
  %0 = horn.multiply %x, %s : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %1 = horn.add %0, %s : (tensor<?x8xf32>, tensor<8xf32>) -> tensor<?x8xf32>
  %2 = horn.matmul %1, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// Rescaling: 0 * s = 0, so padding is no hindrance.
// CHECK-LABEL: @scaleBeforePaddedConv
// CHECK-SAME: (%[[X:.*]]: tensor<?x9x9x4xf32>)
func.func @scaleBeforePaddedConv(%x: tensor<?x9x9x4xf32>) -> tensor<?x9x9x6xf32> {
  // CHECK: horn.conv %[[X]], %
  // CHECK-NEXT: return
  %k = horn.read @k : tensor<3x3x4x6xf32>
  %c = horn.constant dense<0.5> : tensor<f32>
  %0 = horn.multiply %x, %c : (tensor<?x9x9x4xf32>, tensor<f32>) -> tensor<?x9x9x4xf32>
  %1 = horn.conv %0, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x6xf32>) -> tensor<?x9x9x6xf32>
  return %1 : tensor<?x9x9x6xf32>
}

// A window of one element sees no padding.
// CHECK-LABEL: @shiftBeforePointConv
func.func @shiftBeforePointConv(%x: tensor<?x9x9x4xf32>) -> tensor<?x9x9x6xf32> {
  // CHECK: horn.reduce_sum %{{.*}} {axes = array<i64: 0, 1, 2>, keepdims = false} : (tensor<1x1x4x6xf32>) -> tensor<6xf32>
  // CHECK: horn.conv
  // CHECK-NEXT: horn.add
  %k = horn.read @point : tensor<1x1x4x6xf32>
  %b = horn.read @b4 : tensor<4xf32>
  %0 = horn.add %x, %b : (tensor<?x9x9x4xf32>, tensor<4xf32>) -> tensor<?x9x9x4xf32>
  %1 = horn.conv %0, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<1x1x4x6xf32>) -> tensor<?x9x9x6xf32>
  return %1 : tensor<?x9x9x6xf32>
}

// Refused: the border would lack the shift.
// CHECK-LABEL: @shiftBeforePaddedConv
func.func @shiftBeforePaddedConv(%x: tensor<?x9x9x4xf32>) -> tensor<?x9x9x6xf32> {
  // CHECK: %[[SUM:.*]] = horn.add
  // CHECK: horn.conv %[[SUM]]
  %k = horn.read @k : tensor<3x3x4x6xf32>
  %b = horn.read @b4 : tensor<4xf32>
  %0 = horn.add %x, %b : (tensor<?x9x9x4xf32>, tensor<4xf32>) -> tensor<?x9x9x4xf32>
  %1 = horn.conv %0, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, padding = "same"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x6xf32>) -> tensor<?x9x9x6xf32>
  return %1 : tensor<?x9x9x6xf32>
}

// Refused: the product is used besides.
// CHECK-LABEL: @severalUsers
// REMARK-DAG: bn not folded into shared: its input has several users
func.func @severalUsers(%x: tensor<?x8xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: %[[Y:.*]] = horn.matmul
  // CHECK: horn.multiply %[[Y]]
  %w = horn.read @w : tensor<8x4xf32>
  %s = horn.read @s4 : tensor<4xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32> loc("shared")
  %1 = horn.multiply %0, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("bn")
  return %0, %1 : tensor<?x4xf32>, tensor<?x4xf32>
}

// Refused: each row has a scale of its own.
// CHECK-LABEL: @scaleByRow
// REMARK-DAG: rows not folded into dense: the scale varies along other axes than the last
func.func @scaleByRow(%x: tensor<8x8xf32>) -> tensor<8x4xf32> {
  // CHECK: %[[Y:.*]] = horn.matmul
  // CHECK: horn.multiply %[[Y]]
  %w = horn.read @w : tensor<8x4xf32>
  %s = horn.read @column : tensor<8x1xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<8x8xf32>, tensor<8x4xf32>) -> tensor<8x4xf32> loc("dense")
  %1 = horn.multiply %0, %s : (tensor<8x4xf32>, tensor<8x1xf32>) -> tensor<8x4xf32> loc("rows")
  return %1 : tensor<8x4xf32>
}

// Unchanged: state changes from run to run.
// CHECK-LABEL: @scaleByState
func.func @scaleByState(%x: tensor<?x8xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[Y:.*]] = horn.matmul
  // CHECK: horn.multiply %[[Y]]
  %w = horn.read @w : tensor<8x4xf32>
  %s = horn.read @state : tensor<4xf32>
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x4xf32>) -> tensor<?x4xf32>
  %1 = horn.multiply %0, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// Unchanged: sums of other values keep their order.
// CHECK-LABEL: @sumsElsewhere
func.func @sumsElsewhere(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: horn.add %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>)
  // CHECK-NEXT: horn.add %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>)
  %b = horn.read @b4 : tensor<4xf32>
  %s = horn.read @s4 : tensor<4xf32>
  %0 = horn.add %x, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = horn.add %0, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}
