// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the attention layers with heads share.
#pragma once

#include "frontend/layers/core/EinsumDense.h"
#include "frontend/ops/Attention.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

/// A projection with the initializers, regularizers and constraints of an attention layer.
template <class Config>
EinsumDenseConfig projection_config(const Config &config, const std::string &equation,
                                    const ConfigValue::List &output, const std::string &bias_axes) {
  EinsumDenseConfig dense{.equation = equation,
                          .kernel_initializer = config.kernel_initializer,
                          .bias_initializer = config.bias_initializer,
                          .kernel_regularizer = config.kernel_regularizer,
                          .bias_regularizer = config.bias_regularizer,
                          .kernel_constraint = config.kernel_constraint,
                          .bias_constraint = config.bias_constraint};
  dense.output_shape = output;
  if (config.use_bias)
    dense.bias_axes = bias_axes;
  return dense;
}

/// The mask of a call: those of the tensors, and those given by name (for the query, Keras looks at
/// the tensor alone).
inline Tensor attention_mask_of(const Arguments &arguments, const Tensor &query,
                                const Tensor &value, const Tensor &key, const ConfigValue &window,
                                const Tensor &scores, size_t axes = 1) {
  auto mask_of = [&](const char *name, const Tensor &tensor) {
    Tensor given = arguments.tensor(name);
    return given.defined() ? given : tensor.mask();
  };
  return ops::attention_mask(
      {.query = query.mask(),
       .value = mask_of("value_mask", value),
       .key = key.same_as(value) ? Tensor() : mask_of("key_mask", key),
       .attention = arguments.tensor("attention_mask", 3),
       .causal = arguments.flag("use_causal_mask", false),
       .window = window.is_null() ? std::nullopt : std::optional(window.as_int())},
      scores, axes);
}

/// The scores with the mask of the call attached, as keras.layers.Softmax leaves it on them.
inline Tensor with_scores_mask(const Arguments &arguments, const Tensor &query, const Tensor &value,
                               const Tensor &key, const ConfigValue &window, const Tensor &scores,
                               size_t axes = 1) {
  std::vector<ops::SliceAxis> first(scores.rank() - 2 * axes, ops::SliceAxis::range(0, 1));
  Tensor like = ops::get_item(scores, first);
  return scores.with_mask(attention_mask_of(arguments, query, value, key, window, like, axes));
}

/// Masks of the outputs of such a layer: the query's, and the one attached to the scores.
inline std::vector<Tensor> attention_output_masks(const Arguments &arguments,
                                                  const std::vector<Tensor> &outputs) {
  std::vector<Tensor> masks;
  for (const Tensor &output : outputs)
    masks.push_back(output.mask());
  masks.front() = arguments.tensor("query", 0).mask();
  return masks;
}

} // namespace horn::layers
