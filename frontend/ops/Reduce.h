// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that take axes away. `keepdims` keeps them with size 1. Source: keras.ops.numpy.
#pragma once

#include "frontend/core/Tensor.h"
#include "frontend/ops/Axes.h"

namespace horn::ops {

Tensor sum(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
/// Integers are averaged as float32.
Tensor mean(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor max(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor min(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor prod(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor any(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor all(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
/// Variance of the population.
Tensor var(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor std(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor logsumexp(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
/// Index of the largest (smallest) element, int32; over the flattened tensor without an axis.
Tensor argmax(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor argmin(const Tensor &x, const Axes &axis = {}, bool keepdims = false);
Tensor cumsum(const Tensor &x, int64_t axis);
Tensor cumprod(const Tensor &x, int64_t axis);
Tensor sort(const Tensor &x, int64_t axis = -1);
Tensor argsort(const Tensor &x, int64_t axis = -1);

} // namespace horn::ops
