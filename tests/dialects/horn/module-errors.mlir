// RUN: horn-opt %s -verify-diagnostics -split-input-file

// expected-error@+1 {{kind must be "weight", "prepared" or "state", not "buffer"}}
horn.variable @w : tensor<2xf32> {kind = "buffer"}

// -----

// expected-error@+1 {{must have a known shape}}
horn.variable @w : tensor<?xf32>

// -----

func.func @missing() {
  // expected-error@+1 {{refers to @w, which is not a variable of the module}}
  %w = horn.read @w : tensor<2xf32>
  return
}

// -----

// expected-note@+1 {{declared here as 'tensor<2xf32>'}}
horn.variable @w : tensor<2xf32>
func.func @otherType() {
  // expected-error@+1 {{has type 'tensor<3xf32>', but @w has another}}
  %w = horn.read @w : tensor<3xf32>
  return
}

// -----

func.func @scanArguments(%h: tensor<8xf32>, %x: tensor<8x5xf32>) {
  // expected-error@+1 {{body must have one argument for each carried value and sequence}}
  %r = horn.scan carried(%h : tensor<8xf32>) sequences(%x : tensor<8x5xf32>) -> (tensor<8xf32>) {
  ^bb0(%a: tensor<8xf32>):
    horn.yield %a : tensor<8xf32>
  } {reverse = false}
  return
}

// -----

func.func @scanStepType(%h: tensor<8xf32>, %x: tensor<8x5xf32>) {
  // expected-error@+1 {{body's arguments must have the types of the carried values and of a step of each sequence}}
  %r = horn.scan carried(%h : tensor<8xf32>) sequences(%x : tensor<8x5xf32>) -> (tensor<8xf32>) {
  ^bb0(%a: tensor<8xf32>, %step: tensor<8x5xf32>):
    horn.yield %a : tensor<8xf32>
  } {reverse = false}
  return
}

// -----

func.func @scanYieldType(%h2: tensor<4xf32>, %h: tensor<8xf32>, %x: tensor<8x5xf32>) {
  // expected-error@+1 {{body must yield the types of the carried values and of a step of each output}}
  %r:2 = horn.scan carried(%h : tensor<8xf32>) sequences(%x : tensor<8x5xf32>) -> (tensor<8xf32>, tensor<8x5xf32>) {
  ^bb0(%a: tensor<8xf32>, %step: tensor<8xf32>):
    horn.yield %a, %h2 : tensor<8xf32>, tensor<4xf32>
  } {reverse = false}
  return
}

// -----

func.func @fusedArguments(%x: tensor<8xf32>) {
  // expected-error@+1 {{body must have one argument of the same type for each input}}
  %y = horn.fused(%x) : (tensor<8xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<4xf32>):
    horn.yield %a : tensor<4xf32>
  }
  return
}
