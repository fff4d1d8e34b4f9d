// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Attention.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"

#include <cmath>

namespace horn::ops {

/// Both where both are defined, else the one that is.
static Tensor both(const Tensor &a, const Tensor &b) {
  return !a.defined() ? b : !b.defined() ? a : logical_and(a, b);
}

/// Axes of size 1 in front of the last `axes` axes until the mask has the rank of the scores.
static Tensor fit(Tensor mask, size_t rank, size_t axes) {
  while (mask.rank() < rank)
    mask = expand_dims(mask, -static_cast<int64_t>(axes) - 1);
  return mask;
}

Tensor attention_mask(const AttentionMasks &masks, const Tensor &scores, size_t axes) {
  auto along = [&](const Tensor &mask, int64_t axis) {
    Tensor given = expand_dims(cast(mask, DType::boolean), axis);
    return fit(given, scores.rank(), 2 * axes);
  };
  Tensor result;
  if (masks.attention.defined())
    result = fit(cast(masks.attention, DType::boolean), scores.rank(), 2 * axes);
  if (masks.query.defined())
    result = both(result, along(masks.query, -1));
  if (masks.value.defined())
    result = both(result, along(masks.value, -2));
  if (masks.key.defined())
    result = both(result, along(masks.key, -2));
  if (!masks.causal && !masks.window)
    return result;
  Tensor row = index_like(scores, -2), column = index_like(scores, -1);
  if (masks.causal)
    result = both(result, row >= column);
  if (masks.window)
    result = both(result, less(absolute(row - column), *masks.window));
  return result;
}

Tensor attention_weights(const Tensor &scores, const Tensor &mask, NoKeys no_keys, size_t axes) {
  std::vector<int64_t> last;
  for (size_t i = scores.rank() - axes; i < scores.rank(); ++i)
    last.push_back(static_cast<int64_t>(i));
  if (!mask.defined())
    return softmax(scores, last);
  double lowest = scores.dtype() == DType::float16 ? -3e4 : -1e9;
  Tensor weights = softmax(where(mask, scores, lowest), last);
  return no_keys == NoKeys::zero ? weights * cast(mask, weights.dtype()) : weights;
}

/// Heads of keys or values repeated for the queries that share them.
static Tensor repeat_heads(const Tensor &x, int64_t heads) {
  int64_t own = x.dim(2);
  require(
      own != None && heads != None && own > 0 && heads % own == 0,
      {.what = "heads of the query are no multiple of those of the key", .found = x.shape().str()});
  return own == heads ? x : repeat(x, heads / own, 2);
}

static Tensor record_attention(const Tensor &query, const Tensor &key, const Tensor &value,
                               const AttentionOptions &options) {
  auto number = [](const std::optional<double> &value) {
    return value ? ConfigValue(*value) : ConfigValue();
  };
  Arguments arguments = Arguments::positionals({query, key, value});
  arguments.with("bias", options.bias);
  arguments.with("mask", options.mask);
  arguments.with("scale", number(options.scale));
  arguments.with("is_causal", ConfigValue(options.is_causal));
  return detail::record("DotProductAttention", std::move(arguments),
                        {{"attn_logits_soft_cap", number(options.soft_cap)}});
}

Tensor dot_product_attention(const Tensor &query, const Tensor &key, const Tensor &value,
                             const AttentionOptions &options) {
  if (detail::recording({query, key, value}))
    return record_attention(query, key, value, options);
  require(query.rank() == 4 && key.rank() == 4 && value.rank() == 4,
          {.what = "dot_product_attention needs tensors of rank 4", .found = query.shape().str()});
  double scale = options.scale.value_or(1 / std::sqrt(static_cast<double>(query.dim(3))));
  Tensor k = repeat_heads(key, query.dim(2)), v = repeat_heads(value, query.dim(2));
  Tensor scores = einsum("bthd,bshd->bhts", {query * scale, k});
  if (options.bias.defined())
    scores = scores + options.bias;
  if (options.soft_cap)
    scores = scores / (1 + absolute(scores) / *options.soft_cap);
  Tensor mask = attention_mask({.attention = options.mask, .causal = options.is_causal}, scores);
  return einsum("bhts,bshd->bthd", {attention_weights(scores, mask, NoKeys::uniform), v});
}

} // namespace horn::ops
