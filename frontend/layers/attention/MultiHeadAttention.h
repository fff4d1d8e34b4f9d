// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of MultiHeadAttention.
struct MultiHeadAttentionConfig {
  int64_t num_heads = 0;
  int64_t key_dim = 0;
  std::optional<int64_t> value_dim = {}; ///< key_dim unless given
  double dropout = 0;
  bool use_bias = true;
  IntList output_shape = {};
  ConfigValue attention_axes = {};
  ConfigValue sliding_window = {};
  bool use_gate = false;
  Initializer kernel_initializer = "glorot_uniform";
  Initializer bias_initializer = "zeros";
  Regularizer kernel_regularizer = {};
  Regularizer bias_regularizer = {};
  Constraint kernel_constraint = {};
  Constraint bias_constraint = {};
  HORN_FIELDS(num_heads, key_dim, value_dim, dropout, use_bias, output_shape, attention_axes,
              sliding_window, use_gate, kernel_initializer, bias_initializer, kernel_regularizer,
              bias_regularizer, kernel_constraint, bias_constraint)
};

/// Attention with several heads over attention_axes (all between batch and features). Called with
/// (query, value) or (query, value, key), and query_mask, value_mask, key_mask, attention_mask,
/// use_causal_mask, return_attention_scores by name.
/// **Shapes** query [N, T, C], value [N, S, D] to [N, T, C]; scores [N, heads, T, S].
/// Source: keras.layers.MultiHeadAttention.
class MultiHeadAttentionLayer : public Configured<MultiHeadAttentionConfig> {
  HORN_LAYER(MultiHeadAttention, Configured<MultiHeadAttentionConfig>)
  bool supports_masking() const override { return true; }
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

protected:
  void check_config();

private:
  void make_projections(const Tensor &query, const Tensor &value, const Tensor &key);
  LayerPtr head_projection(const char *attribute, size_t rank, int64_t features);
  LayerPtr projection(const char *attribute, const std::string &equation,
                      const ConfigValue::List &output, const std::string &bias_axes);
  LayerPtr query_, key_, value_, gate_, output_;
};
using MultiHeadAttention = Handle<MultiHeadAttentionLayer>;

} // namespace horn::layers
