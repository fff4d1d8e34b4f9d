// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The activation functions of NN.h.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::ops {

using detail::record;
using detail::recording;

static Tensor floats(const Tensor &x) { return cast(x, to_floating(x.dtype())); }

Tensor relu(const Tensor &x) { return recording({x}) ? record("Relu", x) : emit("relu", {x}); }

Tensor relu6(const Tensor &x) {
  return recording({x}) ? record("Relu6", x) : minimum(emit("relu", {x}), 6);
}

// With a threshold, what lies on it counts as below, and a maximum also cuts off what is negative.
Tensor relu(const Tensor &x, double negative_slope, std::optional<double> max_value,
            double threshold) {
  if (threshold == 0) {
    Tensor y = negative_slope == 0 ? relu(x) : leaky_relu(x, negative_slope);
    return max_value ? minimum(y, *max_value) : y;
  }
  Tensor y = where(x > threshold, x, 0);
  if (max_value)
    y = clip(y, 0, *max_value);
  return negative_slope == 0 ? y : y - negative_slope * relu(threshold - x);
}

Tensor leaky_relu(const Tensor &x, double negative_slope) {
  if (recording({x}))
    return record("LeakyRelu", x, {{"negative_slope", negative_slope}});
  return emit("leaky_relu", {floats(x)}, {{"negative_slope", negative_slope}});
}

Tensor elu(const Tensor &x, double alpha) {
  if (recording({x}))
    return record("Elu", x, {{"alpha", alpha}});
  return emit("elu", {floats(x)}, {{"alpha", alpha}});
}

Tensor celu(const Tensor &x, double alpha) {
  if (recording({x}))
    return record("Celu", x, {{"alpha", alpha}});
  return maximum(x, 0) + minimum(alpha * expm1(x / alpha), 0);
}

Tensor gelu(const Tensor &x, bool approximate) {
  if (recording({x}))
    return record("Gelu", x, {{"approximate", approximate}});
  return emit("gelu", {floats(x)}, {{"approximate", approximate}});
}

Tensor glu(const Tensor &x, int64_t axis) {
  if (recording({x}))
    return record("Glu", x, {{"axis", axis}});
  std::vector<Tensor> halves = split(x, int64_t{2}, axis);
  return halves[0] * sigmoid(halves[1]);
}

Tensor hard_sigmoid(const Tensor &x) {
  return recording({x}) ? record("HardSigmoid", x) : relu6(floats(x) + 3) / 6;
}
Tensor hard_silu(const Tensor &x) {
  return recording({x}) ? record("HardSilu", x) : x * hard_sigmoid(x);
}
Tensor hard_tanh(const Tensor &x) {
  return recording({x}) ? record("HardTanh", x) : clip(x, -1, 1);
}
Tensor hard_shrink(const Tensor &x, double threshold) {
  if (recording({x}))
    return record("HardShrink", x, {{"threshold", threshold}});
  return where(absolute(x) > threshold, x, 0);
}
Tensor soft_shrink(const Tensor &x, double threshold) {
  if (recording({x}))
    return record("SoftShrink", x, {{"threshold", threshold}});
  return where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0 * x));
}
Tensor tanh_shrink(const Tensor &x) {
  return recording({x}) ? record("TanhShrink", x) : x - tanh(x);
}
Tensor log_sigmoid(const Tensor &x) {
  return recording({x}) ? record("LogSigmoid", x) : -softplus(-x);
}
Tensor softsign(const Tensor &x) {
  return recording({x}) ? record("Softsign", x) : x / (1 + absolute(x));
}
Tensor squareplus(const Tensor &x, double b) {
  if (recording({x}))
    return record("Squareplus", x, {{"b", b}});
  return (x + sqrt(square(x) + b)) / 2;
}
Tensor mish(const Tensor &x) { return recording({x}) ? record("Mish", x) : x * tanh(softplus(x)); }
Tensor sparse_plus(const Tensor &x) {
  if (recording({x}))
    return record("SparsePlus", x);
  return where(x <= -1, 0 * x, where(x < 1, square(x + 1) / 4, x));
}
Tensor sparse_sigmoid(const Tensor &x) {
  return recording({x}) ? record("SparseSigmoid", x) : clip((x + 1) / 2, 0, 1);
}
Tensor threshold(const Tensor &x, double threshold, double value) {
  if (recording({x}))
    return record("Threshold", x, {{"threshold", threshold}, {"default_value", value}});
  return where(x > threshold, x, value);
}

// Martins and Astudillo (2016), equation 2: the support is the longest prefix of the sorted values
// with 1 + k * z_k > sum of the first k. Keras adds up the running sums of the support where the
// paper takes the last of them; what Keras gives counts.
Tensor sparsemax(const Tensor &x, int64_t axis) {
  if (recording({x}))
    return record("Sparsemax", x, {{"axis", axis}});
  int64_t place = static_cast<int64_t>(x.shape().axis(axis));
  Tensor descending = flip(sort(x, place), place);
  Tensor sums = cumsum(descending, place);
  Tensor rank = index_like(x, place, x.dtype()) + 1;
  Tensor support = cast(rank * descending + 1 > sums, x.dtype());
  Tensor count = sum(support, place, /*keepdims=*/true);
  Tensor total = sum(support * sums, place, /*keepdims=*/true);
  return maximum(x - (total - 1) / count, 0);
}

} // namespace horn::ops
