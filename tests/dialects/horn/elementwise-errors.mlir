// RUN: horn-opt %s -verify-diagnostics -split-input-file

func.func @sizes(%a: tensor<3xf32>, %b: tensor<4xf32>) {
  // expected-error@+2 {{shapes cannot be broadcast together: sizes 3 and 4 on axis 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = horn.add %a, %b : (tensor<3xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @elements(%a: tensor<3xf32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{requires the same element type for all operands and results}}
  %0 = horn.add %a, %b : (tensor<3xf32>, tensor<3xi32>) -> tensor<3xf32>
  return
}

// -----

func.func @comparedElements(%a: tensor<3xf32>, %b: tensor<3xi32>) {
  // expected-error@+1 {{operands have the same element type}}
  %0 = horn.equal %a, %b : (tensor<3xf32>, tensor<3xi32>) -> tensor<3xi1>
  return
}

// -----

func.func @floatsOnly(%a: tensor<3xi32>) {
  // expected-error@+1 {{operand #0 must be tensor of floating-point elements}}
  %0 = horn.exp %a : tensor<3xi32>
  return
}

// -----

func.func @inferredType(%a: tensor<?x3xf32>, %b: tensor<3xf32>) {
  // expected-error@+2 {{inferred type(s) 'tensor<?x3xf32>' are incompatible with return type(s) of operation 'tensor<2x3xf32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = "horn.add"(%a, %b) : (tensor<?x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @bitcastWidth(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{needs types of equal width, not 'f32' and 'i16'}}
  %0 = horn.bitcast %x {dtype = i16} : (tensor<?x3xf32>) -> tensor<?x3xi16>
  return
}
