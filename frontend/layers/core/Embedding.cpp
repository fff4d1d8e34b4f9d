// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/Embedding.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Embedding)

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

} // namespace horn::layers
