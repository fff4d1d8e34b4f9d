// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What graph passes ask of the windows of convolutions.
#pragma once

#include "dialects/horn/HornContractionOps.h"

namespace horn::graph {

/// Whether strides, dilations or window sizes are all 1.
inline bool isAllOnes(llvm::ArrayRef<int64_t> values) {
  return llvm::all_of(values, [](int64_t value) { return value == 1; });
}

/// Whether the depthwise kernel can do a convolution on every target: f32, pictures of known size,
/// one filter a channel and a window that leaves registers for the sums.
bool suitsDepthwiseKernel(ir::DepthwiseConvOp convolution);

} // namespace horn::graph
