// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/RandomInputs.h"

#include "frontend/core/Node.h"

#include <algorithm>
#include <random>

namespace horn::cli {

static constexpr int64_t default_batch = 1, default_side = 224, default_length = 32,
                         default_values = 10;

static std::optional<int64_t> smaller(std::optional<int64_t> a, std::optional<int64_t> b) {
  return a && b ? std::min(a, b) : a ? a : b;
}

/// What a layer itself says of the numbers it takes.
static std::optional<int64_t> values_of_layer(const Layer &layer) {
  for (auto [class_name, key] :
       {std::pair("Embedding", "input_dim"), std::pair("ReversibleEmbedding", "input_dim"),
        std::pair("CategoryEncoding", "num_tokens"), std::pair("OneHot", "num_classes")}) {
    if (layer.class_name() != class_name)
      continue;
    ConfigValue config = layer.get_config();
    if (const ConfigValue *count = config.find(key); count && count->is_int())
      return count->as_int();
  }
  return std::nullopt;
}

/// Whether a layer gives the numbers of its input, arranged otherwise.
static bool passes_values(const Layer &layer) {
  static constexpr const char *names[] = {
      "Reshape", "Flatten", "Permute", "RepeatVector", "Masking",   "Identity",   "Dropout",
      "Cast",    "GetItem", "Squeeze", "ExpandDims",   "Transpose", "Concatenate"};
  return std::find(std::begin(names), std::end(names), layer.class_name()) != std::end(names);
}

std::optional<int64_t> count_of_values(const Network &network, const Tensor &input) {
  std::optional<int64_t> count;
  for (const std::shared_ptr<Node> &node : network.nodes()) {
    const std::vector<Tensor> &taken = node->input_tensors();
    for (size_t i = 0; i < taken.size(); ++i) {
      if (!taken[i].same_as(input))
        continue;
      const Layer &layer = *node->layer();
      count = smaller(count, values_of_layer(layer));
      for (const auto &[name, child] : layer.children()) // a wrapper such as TimeDistributed
        if (!layer.is_model())
          count = smaller(count, values_of_layer(*child));
      auto *inner = dynamic_cast<const Network *>(&layer);
      if (inner && i < inner->inputs().size())
        count = smaller(count, count_of_values(*inner, inner->inputs()[i]));
      if (passes_values(layer))
        for (const Tensor &output : node->output_tensors())
          count = smaller(count, count_of_values(network, output));
    }
  }
  return count;
}

static Shape shape_for(const Tensor &input, std::optional<int64_t> batch) {
  Shape shape = input.shape();
  bool picture = shape.rank() == 4;
  for (size_t i = 1; i < shape.rank(); ++i)
    if (shape[i] == None)
      shape[i] = picture ? default_side : default_length;
  if (shape.empty())
    return shape;
  if (shape[0] != None && batch && shape[0] != *batch)
    throw Error({.where = "--batch",
                 .what = "the model is made for one batch size",
                 .expected = std::to_string(shape[0]),
                 .found = std::to_string(*batch)});
  if (shape[0] == None)
    shape[0] = batch.value_or(default_batch);
  return shape;
}

std::vector<Array> random_inputs(const Model &model, std::optional<int64_t> batch) {
  std::mt19937_64 engine(1);
  std::vector<Array> arrays;
  for (const Tensor &input : model.inputs()) {
    Array array(shape_for(input, batch), input.dtype());
    std::optional<int64_t> count = count_of_values(*model.network(), input);
    bool whole = count || !is_floating(input.dtype());
    int64_t highest =
        std::max<int64_t>(1, input.dtype() == DType::boolean ? 2 : count.value_or(default_values));
    std::uniform_real_distribution<double> real(-1, 1);
    std::uniform_int_distribution<int64_t> integer(0, highest - 1);
    for (size_t i = 0; i < array.size(); ++i)
      array.set(i, whole ? static_cast<double>(integer(engine)) : real(engine));
    arrays.push_back(std::move(array));
  }
  return arrays;
}

} // namespace horn::cli
