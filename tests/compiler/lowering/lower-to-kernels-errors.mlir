// RUN: horn-opt %s --horn-lower-to-kernels --verify-diagnostics --split-input-file

func.func @forward(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // Ops that compute must stand in a group.
  // expected-error @+1 {{horn.relu has no kernel}}
  %y = horn.relu %x : tensor<?x4xf32>
  return %y : tensor<?x4xf32>
}
