// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/attention/MultiHeadAttention.h"

#include "frontend/layers/core/EinsumDense.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/ShapeOps.h"

#include <cmath>

namespace horn::layers {

HORN_DEFINE_LAYER(MultiHeadAttention)

void MultiHeadAttentionLayer::check_config() {
  require(config.num_heads > 0 && config.key_dim > 0 && config.value_dim.value_or(1) > 0,
          {.what = "wrong num_heads, key_dim or value_dim", .expected = "positive integers"});
  if (!config.attention_axes.is_null() &&
      config.attention_axes.as_ints() != std::vector<int64_t>{1})
    throw UnsupportedError({.what = "attention_axes of MultiHeadAttention",
                            .expected = "null or [1]",
                            .found = config.attention_axes.str()});
}

LayerPtr MultiHeadAttentionLayer::projection(const char *attribute, const std::string &equation,
                                             const IntList &output, const std::string &bias_axes) {
  EinsumDenseConfig dense{.equation = equation,
                          .kernel_initializer = config.kernel_initializer,
                          .bias_initializer = config.bias_initializer,
                          .kernel_regularizer = config.kernel_regularizer,
                          .bias_regularizer = config.bias_regularizer,
                          .kernel_constraint = config.kernel_constraint,
                          .bias_constraint = config.bias_constraint};
  ConfigValue::List sizes{nullptr};
  for (int64_t size : output)
    sizes.push_back(size);
  dense.output_shape = std::move(sizes);
  if (config.use_bias)
    dense.bias_axes = bias_axes;
  std::string name = attribute; // Keras calls output_dense "attention_output", the others as is
  dense.name = name == "output_dense" ? "attention_output" : name.substr(0, name.find('_'));
  dense.dtype = dtype_policy();
  auto layer = std::make_shared<EinsumDenseLayer>(std::move(dense));
  track(attribute, layer);
  return layer;
}

void MultiHeadAttentionLayer::make_projections(const Tensor &query, const Tensor &value) {
  int64_t heads = config.num_heads, value_dim = config.value_dim.value_or(config.key_dim);
  query_ = projection("query_dense", "abc,cde->abde", {heads, config.key_dim}, "de");
  key_ = projection("key_dense", "abc,cde->abde", {heads, config.key_dim}, "de");
  value_ = projection("value_dense", "abc,cde->abde", {heads, value_dim}, "de");
  if (config.use_gate)
    gate_ = projection("gate_dense", "abc,cde->abde", {heads, value_dim}, "de");
  IntList output =
      config.output_shape.empty() ? IntList{query.shape().back()} : config.output_shape;
  std::string axes = std::string("efgh").substr(0, output.size());
  output_ = projection("output_dense", "abcd,cd" + axes + "->ab" + axes, output, axes);
}

/// Both where both are defined, else the one that is.
static Tensor both(const Tensor &a, const Tensor &b) {
  return !a.defined() ? b : !b.defined() ? a : ops::logical_and(a, b);
}

/// [N, T, S]: which values each query may look at; undefined for all.
static Tensor attention_mask(const Arguments &arguments, const Tensor &query, const Tensor &value,
                             const Tensor &key, const ConfigValue &window, const Tensor &scores) {
  auto mask_of = [&](const char *name, const Tensor &tensor) {
    Tensor given = arguments.tensor(name);
    return given.defined() ? given : tensor.mask();
  };
  Tensor mask = arguments.tensor("attention_mask", 3);
  if (mask.defined())
    mask = ops::cast(mask, DType::boolean);
  if (mask.defined() && mask.rank() == 3)
    mask = ops::expand_dims(mask, 1);
  if (Tensor m = mask_of("query_mask", query); m.defined())
    mask = both(mask, ops::expand_dims(ops::cast(m, DType::boolean), {1, 3}));
  if (Tensor m = mask_of("value_mask", value); m.defined())
    mask = both(mask, ops::expand_dims(ops::cast(m, DType::boolean), {1, 2}));
  if (Tensor m = mask_of("key_mask", key); m.defined() && !key.same_as(value))
    mask = both(mask, ops::expand_dims(ops::cast(m, DType::boolean), {1, 2}));
  Tensor row = ops::index_like(scores, 2), column = ops::index_like(scores, 3);
  if (arguments.flag("use_causal_mask", false))
    mask = both(mask, row >= column);
  if (!window.is_null()) {
    Tensor distance = ops::absolute(row - column);
    mask = both(mask, ops::less(distance, window.as_int()));
  }
  return mask;
}

std::vector<Tensor> MultiHeadAttentionLayer::call_with(const Arguments &arguments) {
  Tensor query = arguments.tensor("query", 0), value = arguments.tensor("value", 1);
  require(query.defined() && value.defined(),
          {.what = "MultiHeadAttention needs a query and a value"});
  Tensor key = arguments.tensor("key", 2);
  if (!key.defined())
    key = value;
  if (!query_)
    make_projections(query, value);
  Tensor q = query_->invoke(query).front() * (1 / std::sqrt(static_cast<double>(config.key_dim)));
  Tensor k = key_->invoke(key).front(), v = value_->invoke(value).front();
  Tensor scores = ops::einsum("bthd,bshd->bhts", {q, k});
  Tensor mask = attention_mask(arguments, query, value, key, config.sliding_window, scores);
  if (mask.defined()) {
    double lowest = scores.dtype() == DType::float16 ? -3e4 : -1e9;
    scores = ops::where(mask, scores, lowest);
    scores = ops::softmax(scores, -1) * ops::cast(mask, scores.dtype());
  } else {
    scores = ops::softmax(scores, -1);
  }
  Tensor y = ops::einsum("bhts,bshd->bthd", {scores, v});
  if (gate_)
    y = y * ops::sigmoid(gate_->invoke(query).front());
  std::vector<Tensor> outputs = output_->invoke(y);
  if (arguments.flag("return_attention_scores", false))
    outputs.push_back(scores);
  return outputs;
}

} // namespace horn::layers
