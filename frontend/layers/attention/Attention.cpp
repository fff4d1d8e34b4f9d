// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/attention/Attention.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Attention)
HORN_DEFINE_LAYER(AdditiveAttention)

template <class C> std::vector<Tensor> AttentionBase<C>::call_with(const Arguments &arguments) {
  std::vector<Tensor> inputs = arguments.inputs();
  require(inputs.size() == 2 || inputs.size() == 3,
          {.what = this->class_name() + " needs [query, value] or [query, value, key]",
           .found = std::to_string(inputs.size()) + " tensors"});
  const Tensor &query = inputs[0], &value = inputs[1],
               &key = inputs.back().same_as(value) ? value : inputs.back();
  Tensor weights = scores(query, inputs.size() == 3 ? key : value);
  Tensor allowed;
  if (value.mask().defined())
    allowed = ops::expand_dims(value.mask(), 1);
  if (arguments.flag("use_causal_mask", false)) {
    Tensor causal = ops::index_like(weights, 1) >= ops::index_like(weights, 2);
    allowed = allowed.defined() ? ops::logical_and(allowed, causal) : causal;
  }
  if (allowed.defined()) { // as Keras: a large number is taken away, not replaced
    double large = weights.dtype() == DType::float16 ? 65504.0 : 1e9;
    weights = weights - large * ops::cast(ops::logical_not(allowed), weights.dtype());
  }
  weights = ops::softmax(weights, -1);
  Tensor result = ops::matmul(weights, value);
  if (query.mask().defined())
    result = result * ops::cast(ops::expand_dims(query.mask(), -1), result.dtype());
  std::vector<Tensor> outputs{result};
  if (arguments.flag("return_attention_scores", false))
    outputs.push_back(weights);
  return outputs;
}

template <class C>
std::vector<Tensor> AttentionBase<C>::compute_mask(const Arguments &arguments,
                                                   const std::vector<Tensor> &outputs) {
  std::vector<Tensor> masks(outputs.size());
  masks[0] = arguments.inputs().at(0).mask();
  return masks;
}

void AttentionLayer::build(const Shape &) {
  if (config.use_scale)
    scale = add_weight("scale", {}, {.initializer = "ones"});
  if (config.score_mode == "concat")
    concat_score_weight = add_weight("concat_score_weight", {}, {.initializer = "ones"});
}

/// tanh(q_i + k_j) summed over features, [N, T, S].
static Tensor additive(const Tensor &query, const Tensor &key, const Tensor &scale, bool inside) {
  Tensor sum = ops::expand_dims(query, 2) + ops::expand_dims(key, 1);
  if (scale.defined() && inside)
    sum = sum * scale;
  Tensor value = ops::tanh(sum);
  return ops::sum(scale.defined() && !inside ? value * scale : value, -1);
}

Tensor AttentionLayer::scores(const Tensor &query, const Tensor &key) {
  if (config.score_mode == "concat")
    return concat_score_weight *
           additive(query, key, config.use_scale ? scale.read() : Tensor(), /*inside=*/true);
  require(config.score_mode == "dot",
          {.what = "unknown score_mode", .expected = "dot or concat", .found = config.score_mode});
  Tensor products = ops::matmul_transposed(query, key);
  return config.use_scale ? products * scale : products;
}

void AdditiveAttentionLayer::build(const Shape &query_shape) {
  InputSpec{.min_ndim = 3}.check(query_shape, 0);
  if (config.use_scale)
    scale = add_weight("scale", {query_shape.back()}, {.initializer = "glorot_uniform"});
}

Tensor AdditiveAttentionLayer::scores(const Tensor &query, const Tensor &key) {
  return additive(query, key, config.use_scale ? scale.read() : Tensor(), /*inside=*/false);
}

} // namespace horn::layers
