// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of GroupedQueryAttention.
struct GroupedQueryAttentionConfig {
  int64_t head_dim = 0;
  int64_t num_query_heads = 0;
  int64_t num_key_value_heads = 0;
  double dropout = 0;
  bool use_bias = true;
  ConfigValue sliding_window = {};
  bool use_gate = false;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(head_dim, num_query_heads, num_key_value_heads, dropout, use_bias, sliding_window,
              use_gate, kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer,
              kernel_constraint, bias_constraint)
};

/// Attention in which several heads of the query share one of key and value. Called as
/// MultiHeadAttention is. Keras exports it as GroupQueryAttention.
/// **Shapes** query [N, T, C], value [N, S, D] to [N, T, C]; scores [N, num_query_heads, T, S].
/// Source: keras.layers.GroupQueryAttention.
class GroupedQueryAttentionLayer : public Configured<GroupedQueryAttentionConfig> {
  HORN_LAYER(GroupedQueryAttention, Configured<GroupedQueryAttentionConfig>)
  bool supports_masking() const override { return true; }
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

protected:
  void check_config();

private:
  void make_projections(int64_t features);
  LayerPtr query_, key_, value_, gate_, output_;
};
using GroupedQueryAttention = Handle<GroupedQueryAttentionLayer>;

} // namespace horn::layers
