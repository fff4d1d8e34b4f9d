// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/attention/MultiHeadAttention.h"

#include "frontend/layers/attention/Projection.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"

#include <cmath>

namespace horn::layers {

HORN_DEFINE_LAYER(MultiHeadAttention)

void MultiHeadAttentionLayer::check_config() {
  require(config.num_heads > 0 && config.key_dim > 0 && config.value_dim.value_or(1) > 0,
          {.what = "wrong num_heads, key_dim or value_dim",
           .expected = "positive integers",
           .found = std::to_string(config.num_heads) + " heads of " +
                    std::to_string(config.key_dim) + " and " +
                    std::to_string(config.value_dim.value_or(config.key_dim))});
}

LayerPtr MultiHeadAttentionLayer::projection(const char *attribute, const std::string &equation,
                                             const ConfigValue::List &output,
                                             const std::string &bias_axes) {
  EinsumDenseConfig dense = projection_config(config, equation, output, bias_axes);
  std::string name = attribute; // Keras calls output_dense "attention_output", the others as is
  dense.name = name == "output_dense" ? "attention_output" : name.substr(0, name.find('_'));
  dense.dtype = dtype_policy();
  auto layer = std::make_shared<EinsumDenseLayer>(std::move(dense));
  // The gate alone is a private attribute in Keras: its name in files has an underscore.
  track((name == "gate_dense" ? "_" : "") + name, layer);
  return layer;
}

static std::string letters(char first, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i)
    text += static_cast<char>(first + static_cast<char>(i));
  return text;
}

/// A projection of the last axis of a tensor of rank `rank` to heads and features.
LayerPtr MultiHeadAttentionLayer::head_projection(const char *attribute, size_t rank,
                                                  int64_t features) {
  std::string free = letters('a', rank - 1);
  ConfigValue::List output(rank - 2);
  output.insert(output.end(), {config.num_heads, features});
  return projection(attribute, free + "x,xyz->" + free + "yz", output, "yz");
}

void MultiHeadAttentionLayer::make_projections(const Tensor &query, const Tensor &value,
                                               const Tensor &key) {
  int64_t value_dim = config.value_dim.value_or(config.key_dim);
  query_ = head_projection("query_dense", query.rank(), config.key_dim);
  key_ = head_projection("key_dense", key.rank(), config.key_dim);
  if (config.use_gate)
    gate_ = head_projection("gate_dense", query.rank(), value_dim);
  value_ = head_projection("value_dense", value.rank(), value_dim);
  ConfigValue::List output(query.rank() - 2);
  if (config.output_shape.empty())
    output.push_back(query.shape().back());
  for (int64_t size : config.output_shape)
    output.push_back(size);
  std::string free = letters('a', query.rank() - 1);
  std::string axes = letters('q', config.output_shape.empty() ? 1 : config.output_shape.size());
  output_ = projection("output_dense", free + "yz,yz" + axes + "->" + free + axes, output, axes);
}

namespace {
/// Axes of projected tensors (batch, free axes, attention axes, heads, features) as letters.
struct Equations {
  std::string query, key, scores;
  size_t num_axes = 0;

  Equations(size_t rank, const ConfigValue &attention_axes) {
    std::vector<int64_t> axes;
    for (size_t i = 1; i + 2 < rank; ++i)
      axes.push_back(static_cast<int64_t>(i));
    if (!attention_axes.is_null())
      axes = attention_axes.as_ints();
    for (int64_t &axis : axes) {
      axis += axis < 0 ? static_cast<int64_t>(rank) - 1 : 0;
      require(axis > 0 && axis + 2 < static_cast<int64_t>(rank),
              {.what = "wrong attention_axes", .found = attention_axes.str()});
    }
    query = key = letters('a', rank);
    for (int64_t axis : axes)
      key[static_cast<size_t>(axis)] = static_cast<char>('A' + axis);
    for (size_t i = 0; i + 1 < rank; ++i) // batch, free axes and heads
      if (key[i] == query[i])
        scores += query[i];
    for (int64_t axis : axes)
      scores += query[static_cast<size_t>(axis)];
    for (int64_t axis : axes)
      scores += key[static_cast<size_t>(axis)];
    num_axes = axes.size();
  }
};
} // namespace

std::vector<Tensor> MultiHeadAttentionLayer::call_with(const Arguments &arguments) {
  Tensor query = arguments.tensor("query", 0), value = arguments.tensor("value", 1);
  require(query.defined() && value.defined(),
          {.what = "MultiHeadAttention needs a query and a value"});
  require(query.rank() >= 3 && query.rank() <= 8 && value.rank() == query.rank(),
          {.what = "MultiHeadAttention needs query and value of one rank, 3 or more",
           .found = query.shape().str() + " and " + value.shape().str()});
  Tensor key = arguments.tensor("key", 2);
  if (!key.defined())
    key = value;
  if (!query_)
    make_projections(query, value, key);
  Equations axes(query.rank() + 1, config.attention_axes);
  Tensor q = query_->invoke(query).front() * (1 / std::sqrt(static_cast<double>(config.key_dim)));
  Tensor k = key_->invoke(key).front(), v = value_->invoke(value).front();
  Tensor scores = ops::einsum(axes.query + "," + axes.key + "->" + axes.scores, {q, k});
  bool return_scores = arguments.flag("return_attention_scores", false);
  // Keras has two ways of computing this, which differ where a query may look at no key.
  bool fused = config.dropout == 0 && !return_scores && query.rank() == 3;
  Tensor mask =
      attention_mask_of(arguments, query, value, key, config.sliding_window, scores, axes.num_axes);
  scores = ops::attention_weights(scores, mask, fused ? ops::NoKeys::uniform : ops::NoKeys::zero,
                                  axes.num_axes);
  Tensor y = ops::einsum(axes.scores + "," + axes.key + "->" + axes.query, {scores, v});
  if (gate_)
    y = y * ops::sigmoid(gate_->invoke(query).front());
  std::vector<Tensor> outputs = output_->invoke(y);
  if (return_scores)
    outputs.push_back(with_scores_mask(arguments, query, value, key, config.sliding_window, scores,
                                       axes.num_axes));
  return outputs;
}

std::vector<Tensor> MultiHeadAttentionLayer::compute_mask(const Arguments &arguments,
                                                          const std::vector<Tensor> &outputs) {
  return attention_output_masks(arguments, outputs);
}

} // namespace horn::layers
