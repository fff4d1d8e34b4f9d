// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/Embedding.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Embedding)
HORN_DEFINE_LAYER(ReversibleEmbedding)

void EmbeddingLayer::check_config() {
  require(
      config.input_dim > 0 && config.output_dim > 0,
      {.what = "wrong input_dim or output_dim",
       .expected = "positive integers",
       .found = std::to_string(config.input_dim) + " and " + std::to_string(config.output_dim)});
}

void EmbeddingLayer::build(const Shape &) {
  embeddings = add_weight("embeddings", {config.input_dim, config.output_dim},
                          {.initializer = config.embeddings_initializer,
                           .regularizer = config.embeddings_regularizer,
                           .constraint = config.embeddings_constraint});
}

Tensor EmbeddingLayer::call(const Tensor &ids) { return ops::take(embeddings, ids, 0, "clip"); }

std::vector<Tensor> EmbeddingLayer::compute_mask(const Arguments &arguments,
                                                 const std::vector<Tensor> &) {
  return {config.mask_zero ? ops::not_equal(arguments.inputs().front(), 0) : Tensor()};
}

void ReversibleEmbeddingLayer::build(const Shape &) {
  WeightOptions options{.initializer = config.embeddings_initializer,
                        .regularizer = config.embeddings_regularizer,
                        .constraint = config.embeddings_constraint};
  embeddings = add_weight("embeddings", {config.input_dim, config.output_dim}, options);
  if (!config.tie_weights)
    reverse_embeddings = add_weight("reverse_embeddings", {config.output_dim, config.input_dim},
                                    {.initializer = config.embeddings_initializer});
}

static bool is_reverse(const Arguments &arguments) {
  const ConfigValue *reverse = arguments.find("reverse", 1);
  return reverse && reverse->is_bool() && reverse->as_bool();
}

std::vector<Tensor> ReversibleEmbeddingLayer::call_with(const Arguments &arguments) {
  Tensor x = arguments.inputs().at(0);
  if (!is_reverse(arguments))
    return {ops::take(embeddings, x, 0, "clip")};
  Tensor table = config.tie_weights ? embeddings.read() : reverse_embeddings.read();
  if (!config.reverse_dtype.is_null()) {
    DType dtype = dtype_from_name(config.reverse_dtype.as_string());
    x = ops::cast(x, dtype);
    table = ops::cast(table, dtype);
  }
  Tensor logits = config.tie_weights ? ops::matmul_transposed(x, table) : ops::matmul(x, table);
  if (config.logit_soft_cap)
    logits = ops::tanh(logits / *config.logit_soft_cap) * *config.logit_soft_cap;
  return {logits};
}

std::vector<Tensor> ReversibleEmbeddingLayer::compute_mask(const Arguments &arguments,
                                                           const std::vector<Tensor> &) {
  bool masks = config.mask_zero && !is_reverse(arguments);
  return {masks ? ops::not_equal(arguments.inputs().front(), 0) : Tensor()};
}

} // namespace horn::layers
