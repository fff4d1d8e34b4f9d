// RUN: horn-opt %s --horn-form-groups | FileCheck %s
// RUN: horn-opt %s --horn-form-groups --remark-format=emitRemark --remarks-filter=horn 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// The constant is cloned into the group, the bias and the residual are inputs.
// CHECK-LABEL: @epilogue
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>, %[[P:.*]]: tensor<1x8x16xf32>, %[[B:.*]]: tensor<4xf32>, %[[R:.*]]: tensor<?x4xf32>)
// REMARK-DAG: "add, add fused into dense"
// REMARK-DAG: "re_lu (maximum) fused into dense"
func.func @epilogue(%x: tensor<?x8xf32>, %p: tensor<1x8x16xf32>, %b: tensor<4xf32>, %r: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK-NEXT: %[[Y:.*]] = horn.fused(%[[X]], %[[P]], %[[B]], %[[R]])
  // CHECK-NEXT: ^bb0(%[[XI:.*]]: tensor<?x8xf32>, %[[PI:.*]]: tensor<1x8x16xf32>, %[[BI:.*]]: tensor<4xf32>, %[[RI:.*]]: tensor<?x4xf32>):
  // CHECK-NEXT: %[[ZERO:.*]] = horn.constant
  // CHECK-NEXT: %[[M:.*]] = horn.panel_matmul %[[XI]], %[[PI]]
  // CHECK-NEXT: %[[MB:.*]] = horn.add %[[M]], %[[BI]]
  // CHECK-NEXT: %[[MR:.*]] = horn.add %[[MB]], %[[RI]]
  // CHECK-NEXT: %[[MAX:.*]] = horn.maximum %[[MR]], %[[ZERO]]
  // CHECK-NEXT: horn.yield %[[MAX]]
  // CHECK: return %[[Y]]
  %zero = horn.constant dense<0.0> : tensor<f32>
  %0 = horn.panel_matmul %x, %p {columns = 4 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x4xf32> loc("dense")
  %1 = horn.add %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32> loc("dense")
  %2 = horn.add %1, %r : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32> loc("dense")
  %3 = horn.maximum %2, %zero : (tensor<?x4xf32>, tensor<f32>) -> tensor<?x4xf32> loc("re_lu")
  return %3 : tensor<?x4xf32>
}

// x * sigmoid(x): the value before has two users, both inside.
// CHECK-LABEL: @epilogueThatJoinsAgain
func.func @epilogueThatJoinsAgain(%x: tensor<?x9x9x4xf32>, %k: tensor<3x3x4x1xf32>) -> tensor<?x7x7x4xf32> {
  // CHECK: horn.fused
  // CHECK: %[[C:.*]] = horn.depthwise_conv
  // CHECK-NEXT: %[[S:.*]] = horn.sigmoid %[[C]]
  // CHECK-NEXT: %[[M:.*]] = horn.multiply %[[C]], %[[S]]
  // CHECK-NEXT: horn.yield %[[M]]
  // CHECK-NOT: horn.fused
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x7x7x4xf32>
  %1 = horn.sigmoid %0 : tensor<?x7x7x4xf32>
  %2 = horn.multiply %0, %1 : (tensor<?x7x7x4xf32>, tensor<?x7x7x4xf32>) -> tensor<?x7x7x4xf32>
  return %2 : tensor<?x7x7x4xf32>
}

// Refused: the product is a result too.
// CHECK-LABEL: @severalUsers
// REMARK-DAG: "relu not fused into pool: the value before it has several users"
func.func @severalUsers(%x: tensor<?x8x8x4xf32>) -> (tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>) {
  // CHECK: %[[P:.*]] = horn.fused
  // CHECK-NEXT: ^bb0
  // CHECK-NEXT: horn.max_pool
  // CHECK-NEXT: horn.yield
  // CHECK: %[[R:.*]] = horn.fused(%[[P]])
  // CHECK: return %[[P]], %[[R]]
  %0 = horn.max_pool %x {pool_size = array<i64: 2, 2>, strides = array<i64: 2, 2>, padding = "valid"} : (tensor<?x8x8x4xf32>) -> tensor<?x4x4x4xf32> loc("pool")
  %1 = horn.relu %0 : tensor<?x4x4x4xf32> loc("re_lu")
  return %0, %1 : tensor<?x4x4x4xf32>, tensor<?x4x4x4xf32>
}

// Refused: the sum is larger than the product.
// CHECK-LABEL: @otherShape
// REMARK-DAG: "add not fused into row: its result has another shape"
func.func @otherShape(%x: tensor<1x8xf32>, %w: tensor<8x4xf32>, %r: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK-COUNT-2: horn.fused
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<1x8xf32>, tensor<8x4xf32>) -> tensor<1x4xf32> loc("row")
  %1 = horn.add %0, %r : (tensor<1x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  return %1 : tensor<?x4xf32>
}

// Of the two products of a residual sum the later takes it.
// CHECK-LABEL: @residual
// CHECK-SAME: (%[[X:.*]]: tensor<?x8xf32>, %[[W:.*]]: tensor<8x8xf32>)
func.func @residual(%x: tensor<?x8xf32>, %w: tensor<8x8xf32>) -> tensor<?x8xf32> {
  // CHECK: %[[FIRST:.*]] = horn.fused(%[[X]], %[[W]])
  // CHECK: %[[SECOND:.*]] = horn.fused(%[[X]], %[[W]], %[[FIRST]])
  // CHECK: horn.matmul
  // CHECK-NEXT: horn.add
  // CHECK: return %[[SECOND]]
  %0 = horn.matmul %x, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %1 = horn.matmul %x, %w {transpose_a = false, transpose_b = true} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
  %2 = horn.add %0, %1 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
  return %2 : tensor<?x8xf32>
}

// CHECK-LABEL: @softmax
// REMARK-DAG: "reduce_max, subtract, exp, reduce_sum fused into softmax"
func.func @softmax(%x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // CHECK-COUNT-1: horn.fused
  // CHECK-NOT: horn.fused
  %0 = horn.reduce_max %x {axes = array<i64: 1>, keepdims = true} : (tensor<?x?xf32>) -> tensor<?x1xf32> loc("softmax")
  %1 = horn.subtract %x, %0 : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32> loc("softmax")
  %2 = horn.exp %1 : tensor<?x?xf32> loc("softmax")
  %3 = horn.reduce_sum %2 {axes = array<i64: 1>, keepdims = true} : (tensor<?x?xf32>) -> tensor<?x1xf32> loc("softmax")
  %4 = horn.divide %2, %3 : (tensor<?x?xf32>, tensor<?x1xf32>) -> tensor<?x?xf32> loc("softmax")
  return %4 : tensor<?x?xf32>
}

// A sum over another axis than the last is no row.
// CHECK-LABEL: @softmaxOverRows
func.func @softmaxOverRows(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK: horn.fused
  // CHECK: horn.reduce_max
  // CHECK: horn.fused
  // CHECK: horn.subtract
  // CHECK-NEXT: horn.exp
  // CHECK: horn.fused
  // CHECK: horn.reduce_sum
  // CHECK: horn.fused
  // CHECK: horn.divide
  %0 = horn.reduce_max %x {axes = array<i64: 0>, keepdims = true} : (tensor<?x4xf32>) -> tensor<1x4xf32>
  %1 = horn.subtract %x, %0 : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  %2 = horn.exp %1 : tensor<?x4xf32>
  %3 = horn.reduce_sum %2 {axes = array<i64: 0>, keepdims = true} : (tensor<?x4xf32>) -> tensor<1x4xf32>
  %4 = horn.divide %2, %3 : (tensor<?x4xf32>, tensor<1x4xf32>) -> tensor<?x4xf32>
  return %4 : tensor<?x4xf32>
}

// CHECK-LABEL: @prologueAndEpilogueOfReduction
func.func @prologueAndEpilogueOfReduction(%x: tensor<?x5x4xf32>) -> tensor<?x4xf32> {
  // CHECK: horn.fused
  // CHECK: %[[SQUARE:.*]] = horn.multiply
  // CHECK-NEXT: %[[SUM:.*]] = horn.reduce_sum %[[SQUARE]]
  // CHECK-NEXT: horn.sqrt %[[SUM]]
  // CHECK-NOT: horn.fused
  %0 = horn.multiply %x, %x : (tensor<?x5x4xf32>, tensor<?x5x4xf32>) -> tensor<?x5x4xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<?x5x4xf32>) -> tensor<?x4xf32>
  %2 = horn.sqrt %1 : tensor<?x4xf32>
  return %2 : tensor<?x4xf32>
}

// The vector's own computation is another group than the matrix's; the batch of both inputs is one.
// CHECK-LABEL: @elementwise
func.func @elementwise(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>, %v: tensor<4xf32>) -> tensor<?x4xf32> {
  // CHECK: %[[V:.*]] = horn.fused(%{{.*}}) : (tensor<4xf32>) -> tensor<4xf32>
  // CHECK: horn.fused(%{{.*}}, %{{.*}}, %[[V]])
  // CHECK: horn.exp
  // CHECK-NEXT: horn.multiply
  // CHECK-NEXT: horn.add
  // CHECK-NOT: horn.fused
  %0 = horn.negative %v : tensor<4xf32>
  %1 = horn.exp %x : tensor<?x4xf32>
  %2 = horn.multiply %1, %y : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %3 = horn.add %2, %0 : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// CHECK-LABEL: @loopOverTime
func.func @loopOverTime(%h: tensor<?x8xf32>, %xs: tensor<?x7x8xf32>, %w: tensor<8x8xf32>) -> tensor<?x8xf32> {
  // CHECK: horn.scan
  // CHECK-NEXT: ^bb0(%[[STATE:.*]]: tensor<?x8xf32>, %[[X:.*]]: tensor<?x8xf32>)
  // CHECK-NEXT: %[[NEXT:.*]] = horn.fused(%[[STATE]], %{{.*}}, %[[X]])
  // CHECK: horn.matmul
  // CHECK-NEXT: horn.add
  // CHECK-NEXT: horn.tanh
  // CHECK: horn.yield %[[NEXT]]
  %last = horn.scan carried(%h : tensor<?x8xf32>) sequences(%xs : tensor<?x7x8xf32>) -> (tensor<?x8xf32>) {
  ^bb0(%state: tensor<?x8xf32>, %x: tensor<?x8xf32>):
    %0 = horn.matmul %state, %w {transpose_a = false, transpose_b = false} : (tensor<?x8xf32>, tensor<8x8xf32>) -> tensor<?x8xf32>
    %1 = horn.add %x, %0 : (tensor<?x8xf32>, tensor<?x8xf32>) -> tensor<?x8xf32>
    %2 = horn.tanh %1 : tensor<?x8xf32>
    horn.yield %2 : tensor<?x8xf32>
  } {reverse = false}
  return %last : tensor<?x8xf32>
}

// CHECK-LABEL: @movesStayOutside
func.func @movesStayOutside(%x: tensor<?x4xf32>, %y: tensor<?x4xf32>) -> tensor<?x8xf32> {
  // CHECK-NOT: horn.fused
  // CHECK: horn.concatenate
  // CHECK-NEXT: return
  %0 = horn.concatenate %x, %y {axis = 1 : i64} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x8xf32>
  return %0 : tensor<?x8xf32>
}

// What no kernel before it takes is computed by the product for its rows.
// CHECK-LABEL: @prologueOfProduct
// REMARK-DAG: "squeeze (multiply) fused into project"
func.func @prologueOfProduct(%x: tensor<?x9x9x8xf32>, %s: tensor<?x1x1x8xf32>, %p: tensor<1x1x1x8x16xf32>) -> tensor<?x9x9x4xf32> {
  // CHECK-COUNT-1: horn.fused
  // CHECK: %[[SCALED:.*]] = horn.multiply
  // CHECK-NEXT: horn.panel_conv %[[SCALED]]
  // CHECK-NOT: horn.fused
  %0 = horn.multiply %x, %s : (tensor<?x9x9x8xf32>, tensor<?x1x1x8xf32>) -> tensor<?x9x9x8xf32> loc("squeeze")
  %1 = horn.panel_conv %0, %p {columns = 4 : i64, kernel_size = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x8xf32>, tensor<1x1x1x8x16xf32>) -> tensor<?x9x9x4xf32> loc("project")
  return %1 : tensor<?x9x9x4xf32>
}

// Refused: windows see a pixel several times, and exp is dear.
// CHECK-LABEL: @noPrologue
func.func @noPrologue(%x: tensor<?x9x9x8xf32>, %p: tensor<1x3x3x8x16xf32>, %q: tensor<1x1x1x8x16xf32>) -> (tensor<?x7x7x4xf32>, tensor<?x9x9x4xf32>) {
  // CHECK-COUNT-4: horn.fused
  %0 = horn.relu %x : tensor<?x9x9x8xf32>
  %1 = horn.panel_conv %0, %p {columns = 4 : i64, kernel_size = array<i64: 3, 3>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x8xf32>, tensor<1x3x3x8x16xf32>) -> tensor<?x7x7x4xf32>
  %2 = horn.exp %x : tensor<?x9x9x8xf32>
  %3 = horn.panel_conv %2, %q {columns = 4 : i64, kernel_size = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x8xf32>, tensor<1x1x1x8x16xf32>) -> tensor<?x9x9x4xf32>
  return %1, %3 : tensor<?x7x7x4xf32>, tensor<?x9x9x4xf32>
}

// A task of the product computes its line of the convolution first.
// CHECK-LABEL: @depthwiseBeforeProduct
// REMARK-DAG: "depthwise (depthwise_conv, relu) fused into pointwise"
func.func @depthwiseBeforeProduct(%x: tensor<?x18x9x8xf32>, %k: tensor<3x3x8x1xf32>, %p: tensor<1x1x1x8x16xf32>) -> tensor<?x16x7x4xf32> {
  // CHECK-COUNT-1: horn.fused
  // CHECK: horn.depthwise_conv
  // CHECK-NEXT: horn.relu
  // CHECK-NEXT: horn.panel_conv
  // CHECK-NOT: horn.fused
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x18x9x8xf32>, tensor<3x3x8x1xf32>) -> tensor<?x16x7x8xf32> loc("depthwise")
  %1 = horn.relu %0 : tensor<?x16x7x8xf32> loc("depthwise")
  %2 = horn.panel_conv %1, %p {columns = 4 : i64, kernel_size = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x16x7x8xf32>, tensor<1x1x1x8x16xf32>) -> tensor<?x16x7x4xf32> loc("pointwise")
  return %2 : tensor<?x16x7x4xf32>
}

// Refused: seven lines are too few for equal shares, and a result has another user.
// CHECK-LABEL: @depthwiseAlone
func.func @depthwiseAlone(%x: tensor<?x9x9x8xf32>, %z: tensor<?x18x9x8xf32>, %k: tensor<3x3x8x1xf32>, %p: tensor<1x1x1x8x16xf32>) -> (tensor<?x7x7x4xf32>, tensor<?x16x7x8xf32>, tensor<?x16x7x4xf32>) {
  // CHECK-COUNT-4: horn.fused
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x8xf32>, tensor<3x3x8x1xf32>) -> tensor<?x7x7x8xf32>
  %1 = horn.panel_conv %0, %p {columns = 4 : i64, kernel_size = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x7x7x8xf32>, tensor<1x1x1x8x16xf32>) -> tensor<?x7x7x4xf32>
  %2 = horn.depthwise_conv %z, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x18x9x8xf32>, tensor<3x3x8x1xf32>) -> tensor<?x16x7x8xf32>
  %3 = horn.panel_conv %2, %p {columns = 4 : i64, kernel_size = array<i64: 1, 1>, strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x16x7x8xf32>, tensor<1x1x1x8x16xf32>) -> tensor<?x16x7x4xf32>
  return %1, %2, %3 : tensor<?x7x7x4xf32>, tensor<?x16x7x8xf32>, tensor<?x16x7x4xf32>
}

// The tile of a product of one panel has whole rows: a softmax is part of it.
// CHECK-LABEL: @rowsOfOnePanel
func.func @rowsOfOnePanel(%x: tensor<?x8xf32>, %p: tensor<1x8x16xf32>, %b: tensor<4xf32>) -> tensor<?x4xf32> {
  // CHECK: horn.fused
  // CHECK: horn.panel_matmul
  // CHECK-NEXT: horn.add
  // CHECK-NEXT: horn.reduce_max
  // CHECK-NEXT: horn.subtract
  // CHECK-NEXT: horn.exp
  // CHECK-NEXT: horn.reduce_sum
  // CHECK-NEXT: horn.divide
  // CHECK-NEXT: horn.yield
  // CHECK-NOT: horn.fused
  %0 = horn.panel_matmul %x, %p {columns = 4 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x4xf32>
  %1 = horn.add %0, %b : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %2 = horn.reduce_max %1 {axes = array<i64: 1>, keepdims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  %3 = horn.subtract %1, %2 : (tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>
  %4 = horn.exp %3 : tensor<?x4xf32>
  %5 = horn.reduce_sum %4 {axes = array<i64: 1>, keepdims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  %6 = horn.divide %4, %5 : (tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>
  return %6 : tensor<?x4xf32>
}

// Rows of two products are part of one of them.
// CHECK-LABEL: @rowsOfTwoProducts
func.func @rowsOfTwoProducts(%x: tensor<?x8xf32>, %p: tensor<1x8x16xf32>, %q: tensor<1x8x16xf32>) -> tensor<?x4xf32> {
  // CHECK: horn.fused
  // CHECK: horn.panel_matmul
  // CHECK-NEXT: horn.yield
  // CHECK: horn.fused
  // CHECK: horn.panel_matmul
  // CHECK: horn.reduce_sum
  // CHECK-NOT: horn.fused
  // CHECK: return
  %0 = horn.panel_matmul %x, %p {columns = 4 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x4xf32>
  %1 = horn.panel_matmul %x, %q {columns = 4 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x4xf32>
  %2 = horn.reduce_sum %0 {axes = array<i64: 1>, keepdims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  %3 = horn.reduce_sum %1 {axes = array<i64: 1>, keepdims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  %4 = horn.divide %0, %2 : (tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>
  %5 = horn.multiply %4, %1 : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %6 = horn.divide %5, %3 : (tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>
  return %6 : tensor<?x4xf32>
}

// Refused: of two panels, a tile has half a row.
// CHECK-LABEL: @rowsOfTwoPanels
func.func @rowsOfTwoPanels(%x: tensor<?x8xf32>, %p: tensor<2x8x16xf32>) -> tensor<?x20xf32> {
  // CHECK: horn.fused
  // CHECK: horn.panel_matmul
  // CHECK-NEXT: horn.yield
  // CHECK: horn.fused
  // CHECK: horn.reduce_sum
  %0 = horn.panel_matmul %x, %p {columns = 20 : i64} : (tensor<?x8xf32>, tensor<2x8x16xf32>) -> tensor<?x20xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>, keepdims = true} : (tensor<?x20xf32>) -> tensor<?x1xf32>
  %2 = horn.divide %0, %1 : (tensor<?x20xf32>, tensor<?x1xf32>) -> tensor<?x20xf32>
  return %2 : tensor<?x20xf32>
}

// Refused: the product is a result too.
// CHECK-LABEL: @rowsOfAResult
func.func @rowsOfAResult(%x: tensor<?x8xf32>, %p: tensor<1x8x16xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: horn.fused
  // CHECK: horn.panel_matmul
  // CHECK-NEXT: horn.yield
  // CHECK: horn.fused
  // CHECK: horn.reduce_sum
  %0 = horn.panel_matmul %x, %p {columns = 4 : i64} : (tensor<?x8xf32>, tensor<1x8x16xf32>) -> tensor<?x4xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>, keepdims = true} : (tensor<?x4xf32>) -> tensor<?x1xf32>
  %2 = horn.divide %0, %1 : (tensor<?x4xf32>, tensor<?x1xf32>) -> tensor<?x4xf32>
  return %0, %2 : tensor<?x4xf32>, tensor<?x4xf32>
}

// The kernel of a depthwise convolution has whole lines of its result: their sums are a second one.
// CHECK-LABEL: @lineSums
// REMARK-DAG: "squeeze (reduce_sum) fused into dwconv"
func.func @lineSums(%x: tensor<?x9x9x4xf32>, %k: tensor<3x3x4x1xf32>) -> (tensor<?x7x7x4xf32>, tensor<?x7x4xf32>) {
  // CHECK: %[[F:.*]]:2 = horn.fused
  // CHECK: %[[C:.*]] = horn.depthwise_conv
  // CHECK-NEXT: %[[R:.*]] = horn.relu %[[C]]
  // CHECK-NEXT: %[[S:.*]] = horn.reduce_sum %[[R]]
  // CHECK-NEXT: horn.yield %[[R]], %[[S]]
  // CHECK: return %[[F]]#0, %[[F]]#1
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x7x7x4xf32> loc("dwconv")
  %1 = horn.relu %0 : tensor<?x7x7x4xf32> loc("dwconv")
  %2 = horn.reduce_sum %1 {axes = array<i64: 2>, keepdims = false} : (tensor<?x7x7x4xf32>) -> tensor<?x7x4xf32> loc("squeeze")
  return %1, %2 : tensor<?x7x7x4xf32>, tensor<?x7x4xf32>
}

// Refused: sums of columns.
// CHECK-LABEL: @columnSums
func.func @columnSums(%x: tensor<?x9x9x4xf32>, %k: tensor<3x3x4x1xf32>) -> tensor<?x7x4xf32> {
  // CHECK: horn.fused
  // CHECK: horn.fused
  // CHECK: horn.reduce_sum
  %0 = horn.depthwise_conv %x, %k {strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>, padding = "valid"} : (tensor<?x9x9x4xf32>, tensor<3x3x4x1xf32>) -> tensor<?x7x7x4xf32>
  %1 = horn.reduce_sum %0 {axes = array<i64: 1>, keepdims = false} : (tensor<?x7x7x4xf32>) -> tensor<?x7x4xf32>
  return %1 : tensor<?x7x4xf32>
}
