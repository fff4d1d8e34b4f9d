// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Weights of resizing for an axis whose size is unknown until the model runs: computed by it.
#pragma once

#include "frontend/ops/Image.h"

namespace horn::ops {

/// [to, from]: what each element along `axis` of `x` weighs in each of `to` elements; rows sum
/// to 1.
Tensor resize_weights(const Tensor &x, int64_t axis, int64_t to, const ResizeOptions &options);
/// The same for `factor` times as many elements.
Tensor upsample_weights(const Tensor &x, int64_t axis, int64_t factor,
                        const ResizeOptions &options);
/// [to], int32: the element along `axis` that is nearest to each of `to` elements.
Tensor nearest_places(const Tensor &x, int64_t axis, int64_t to);

} // namespace horn::ops
