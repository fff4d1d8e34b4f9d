// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers into categories, and categories into vectors. Source: keras.ops, numerical_utils.
#pragma once

#include "frontend/core/Tensor.h"

#include <string>

namespace horn::ops {

/// Categories as vectors of size `depth`. `mode`: "one_hot" (a last axis of size 1 is replaced),
/// "multi_hot" (which ones occur along axis 1) or "count" (how often, times `weights` if defined).
/// Categories outside [0, depth) count nowhere.
Tensor encode_categories(const Tensor &x, const std::string &mode, int64_t depth, DType dtype,
                         const Tensor &weights = {});
/// How many of the bins are not above x, int32. Source: keras.ops.digitize.
Tensor digitize(const Tensor &x, const std::vector<double> &bins);
/// The place of each element of `x` among `tokens`, counted from `first`, or `otherwise`; int64.
Tensor find_in(const Tensor &x, const std::vector<int64_t> &tokens, int64_t first,
               const Tensor &otherwise);

} // namespace horn::ops
