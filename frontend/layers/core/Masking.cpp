// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/Masking.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Reduce.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Masking)

Tensor MaskingLayer::call(const Tensor &x) {
  Tensor counts = ops::any(ops::not_equal(x, config.mask_value), -1, /*keepdims=*/true);
  return x * ops::cast(counts, x.dtype());
}

std::vector<Tensor> MaskingLayer::compute_mask(const Arguments &arguments,
                                               const std::vector<Tensor> &) {
  Tensor x = arguments.inputs().front();
  return {ops::any(ops::not_equal(x, config.mask_value), -1)};
}

} // namespace horn::layers
