// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/attention/GroupedQueryAttention.h"

#include "frontend/layers/attention/Projection.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/ShapeOps.h"

#include <cmath>

namespace horn::layers {

HORN_DEFINE_LAYER(GroupedQueryAttention)

void GroupedQueryAttentionLayer::check_config() {
  require(config.head_dim > 0 && config.num_query_heads > 0 && config.num_key_value_heads > 0 &&
              config.num_query_heads % config.num_key_value_heads == 0,
          {.what = "wrong head_dim, num_query_heads or num_key_value_heads",
           .expected = "positive integers, num_query_heads a multiple of num_key_value_heads"});
}

void GroupedQueryAttentionLayer::make_projections(int64_t features) {
  auto add = [&](const char *attribute, const char *name, const char *equation,
                 ConfigValue::List output, const char *bias_axes) -> LayerPtr {
    EinsumDenseConfig dense = projection_config(config, equation, output, bias_axes);
    dense.name = name;
    dense.dtype = dtype_policy();
    auto layer = std::make_shared<EinsumDenseLayer>(std::move(dense));
    track(attribute, layer);
    return layer;
  };
  ConfigValue::List queries{nullptr, config.num_query_heads, config.head_dim},
      keys{nullptr, config.num_key_value_heads, config.head_dim};
  // Private attributes in Keras: files have the underscore.
  query_ = add("_query_dense", "query", "bqm,muh->bquh", queries, "uh");
  key_ = add("_key_dense", "key", "bkm,mvh->bkvh", keys, "vh");
  if (config.use_gate)
    gate_ = add("_gate_dense", "gate", "bqm,muh->bquh", queries, "uh");
  value_ = add("_value_dense", "value", "bkm,mvh->bkvh", keys, "vh");
  output_ = add("_output_dense", "attention_output", "bquh,uhm->bqm", {nullptr, features}, "m");
}

std::vector<Tensor> GroupedQueryAttentionLayer::call_with(const Arguments &arguments) {
  Tensor query = arguments.tensor("query", 0), value = arguments.tensor("value", 1);
  require(query.defined() && value.defined() && query.rank() == 3 && value.rank() == 3,
          {.what = "GroupedQueryAttention needs a query and a value of rank 3"});
  Tensor key = arguments.tensor("key", 2);
  if (!key.defined())
    key = value;
  if (!query_)
    make_projections(query.shape().back());
  int64_t repeats = config.num_query_heads / config.num_key_value_heads;
  Tensor q = query_->invoke(query).front() * (1 / std::sqrt(static_cast<double>(config.head_dim)));
  Tensor k = ops::repeat(key_->invoke(key).front(), repeats, 2);
  Tensor v = ops::repeat(value_->invoke(value).front(), repeats, 2);
  Tensor scores = ops::einsum("bquh,bkuh->buqk", {q, k});
  bool return_scores = arguments.flag("return_attention_scores", false);
  bool fused = config.dropout == 0 && !return_scores;
  Tensor mask = attention_mask_of(arguments, query, value, key, config.sliding_window, scores);
  scores = ops::attention_weights(scores, mask, fused ? ops::NoKeys::uniform : ops::NoKeys::zero);
  Tensor y = ops::einsum("buqk,bkuh->bquh", {scores, v});
  if (gate_)
    y = y * ops::sigmoid(gate_->invoke(query).front());
  std::vector<Tensor> outputs = output_->invoke(y);
  if (return_scores)
    outputs.push_back(
        with_scores_mask(arguments, query, value, key, config.sliding_window, scores));
  return outputs;
}

std::vector<Tensor> GroupedQueryAttentionLayer::compute_mask(const Arguments &arguments,
                                                             const std::vector<Tensor> &outputs) {
  return attention_output_masks(arguments, outputs);
}

} // namespace horn::layers
