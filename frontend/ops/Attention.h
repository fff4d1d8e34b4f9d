// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What attention layers share. Source: keras.ops.nn.dot_product_attention, MultiHeadAttention.
#pragma once

#include "frontend/core/Tensor.h"

#include <optional>

namespace horn::ops {

/// Masks that say which keys a query looks at: undefined ones are left out.
struct AttentionMasks {
  Tensor query;                       ///< [N, T...]
  Tensor value;                       ///< [N, S...]
  Tensor key;                         ///< [N, S...]
  Tensor attention;                   ///< [N, T..., S...], or with axes of heads in front of T
  bool causal = false;                ///< a query sees earlier keys alone
  std::optional<int64_t> window = {}; ///< keys nearer than this, in both directions
};

/// All masks as one that broadcasts against scores [N, ..., T..., S...], where T and S are `axes`
/// axes each. Undefined when there is none.
Tensor attention_mask(const AttentionMasks &masks, const Tensor &scores, size_t axes = 1);

/// What becomes of a query that may look at no key.
enum class NoKeys {
  uniform, ///< the mean of all values, as the fused kernels give
  zero     ///< zero, as keras.layers.Softmax gives
};

/// Scores as weights: softmax over the last `axes` axes.
Tensor attention_weights(const Tensor &scores, const Tensor &mask, NoKeys no_keys, size_t axes = 1);

/// Arguments of dot_product_attention.
struct AttentionOptions {
  Tensor bias;                      ///< added to the scores; broadcast against [N, heads, T, S]
  Tensor mask;                      ///< broadcast against [N, heads, T, S]
  std::optional<double> scale{};    ///< 1 / sqrt(features) unless given
  bool is_causal = false;           ///< a query sees earlier keys alone
  std::optional<double> soft_cap{}; ///< scores / (1 + |scores| / soft_cap)
};
/// softmax(q k^T * scale) v for each head.
/// **Shapes** query [N, T, H, D], key [N, S, K, D], value [N, S, K, E], K a divisor of H.
Tensor dot_product_attention(const Tensor &query, const Tensor &key, const Tensor &value,
                             const AttentionOptions &options);

} // namespace horn::ops
