// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Attention.
struct AttentionConfig {
  bool use_scale = false;
  std::string score_mode = "dot";
  double dropout = 0;
  HORN_FIELDS(use_scale, score_mode, dropout)
};

/// Arguments of AdditiveAttention.
struct AdditiveAttentionConfig {
  bool use_scale = true;
  double dropout = 0;
  HORN_FIELDS(use_scale, dropout)
};

/// Called with [query, value] or [query, value, key]; value comes before key. Masks: those of query
/// and value, or `mask=[query's, value's]`; use_causal_mask and return_attention_scores by name.
/// **Shapes** query [N, T, C], value [N, S, D], key [N, S, C] to [N, T, D].
template <class C> class AttentionBase : public Configured<C> {
public:
  using Configured<C>::Configured;
  bool supports_masking() const override { return true; }
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

protected:
  virtual Tensor scores(const Tensor &query, const Tensor &key) = 0;
};

/// Scores are products, not divided by sqrt(C). Source: keras.layers.Attention.
class AttentionLayer : public AttentionBase<AttentionConfig> {
  HORN_LAYER(Attention, AttentionBase<AttentionConfig>)
  void build(const Shape &query_shape) override;
  Weight scale, concat_score_weight;

protected:
  Tensor scores(const Tensor &query, const Tensor &key) override;
};
using Attention = Handle<AttentionLayer>;

/// Scores are sum(scale * tanh(query + key)). Source: keras.layers.AdditiveAttention.
class AdditiveAttentionLayer : public AttentionBase<AdditiveAttentionConfig> {
  HORN_LAYER(AdditiveAttention, AttentionBase<AdditiveAttentionConfig>)
  void build(const Shape &query_shape) override;
  Weight scale;

protected:
  Tensor scores(const Tensor &query, const Tensor &key) override;
};
using AdditiveAttention = Handle<AdditiveAttentionLayer>;

} // namespace horn::layers
