// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Embedding.
struct EmbeddingConfig {
  int64_t input_dim = 0;
  int64_t output_dim = 0;
  Initializer embeddings_initializer = "uniform";
  Regularizer embeddings_regularizer = {};
  Constraint embeddings_constraint = {};
  bool mask_zero = false;
  HORN_FIELDS(input_dim, output_dim, embeddings_initializer, embeddings_regularizer,
              embeddings_constraint, mask_zero)
};

/// Rows of a table by number; numbers outside the table take the nearest row. With `mask_zero`,
/// number 0 is masked.
/// **Shapes** ids [...] to [..., output_dim]; embeddings (input_dim, output_dim).
/// Source: keras.layers.Embedding.
class EmbeddingLayer : public Configured<EmbeddingConfig> {
  HORN_LAYER(Embedding, Configured<EmbeddingConfig>)
  void build(const Shape &input_shape) override;
  Tensor call(const Tensor &ids) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

  Weight embeddings;

protected:
  void check_config();
};
using Embedding = Handle<EmbeddingLayer>;

/// Arguments of ReversibleEmbedding.
struct ReversibleEmbeddingConfig {
  int64_t input_dim = 0;
  int64_t output_dim = 0;
  bool tie_weights = true;
  Initializer embeddings_initializer = "uniform";
  Regularizer embeddings_regularizer = {};
  Constraint embeddings_constraint = {};
  bool mask_zero = false;
  ConfigValue reverse_dtype = {};
  std::optional<double> logit_soft_cap = {};
  HORN_FIELDS(input_dim, output_dim, tie_weights, embeddings_initializer, embeddings_regularizer,
              embeddings_constraint, mask_zero, reverse_dtype, logit_soft_cap)
};

/// An Embedding that, called with `reverse` true, gives scores for each row of its table: the
/// product with the table, or with reverse_embeddings (output_dim, input_dim) if weights are not
/// tied. Source: keras.layers.ReversibleEmbedding.
class ReversibleEmbeddingLayer : public Configured<ReversibleEmbeddingConfig> {
  HORN_LAYER(ReversibleEmbedding, Configured<ReversibleEmbeddingConfig>)
  void build(const Shape &input_shape) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

  Weight embeddings, reverse_embeddings;
};
using ReversibleEmbedding = Handle<ReversibleEmbeddingLayer>;

} // namespace horn::layers
