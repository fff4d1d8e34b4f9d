// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations of models, in the form that Keras 3 writes.
#include "frontend/core/Fields.h"
#include "frontend/core/Network.h"

#include <unordered_map>

namespace horn {

namespace {
/// The number of each call of a layer among those of one network: what files count.
using CallNumbers = std::unordered_map<const Node *, int64_t>;
} // namespace

static CallNumbers number_calls(const Network &network) {
  CallNumbers numbers;
  for (const LayerPtr &layer : network.layers()) {
    int64_t next = 0;
    for (const std::shared_ptr<Node> &call : layer->inbound_nodes())
      for (const std::shared_ptr<Node> &node : network.nodes())
        if (node == call)
          numbers[node.get()] = next++;
  }
  return numbers;
}

static ConfigValue dims_of(const Shape &shape) {
  ConfigValue::List dims;
  for (int64_t dim : shape)
    dims.push_back(dim == None ? ConfigValue() : ConfigValue(dim));
  return dims;
}

static ConfigValue history_of(const Tensor &tensor, const CallNumbers &numbers) {
  return ConfigValue::List{tensor.node()->layer()->name(), numbers.at(tensor.node().get()),
                           static_cast<int64_t>(tensor.tensor_index())};
}

static ConfigValue write_tensor(const Tensor &tensor, const CallNumbers &numbers) {
  return ConfigValue::Dict{
      {"class_name", "__keras_tensor__"},
      {"config", ConfigValue::Dict{{"shape", dims_of(tensor.shape())},
                                   {"dtype", dtype_name(tensor.dtype())},
                                   {"keras_history", history_of(tensor, numbers)}}}};
}

/// Arguments of a call with tensors written out; `leaf` writes one.
template <class Leaf> static ConfigValue write_nested(const ConfigValue &value, Leaf leaf) {
  if (value.is_tensor())
    return leaf(value.as_tensor());
  if (value.is_list()) {
    ConfigValue::List list;
    for (const ConfigValue &item : value.as_list())
      list.push_back(write_nested(item, leaf));
    return list;
  }
  if (value.is_dict()) {
    ConfigValue::Dict items;
    for (const auto &[key, item] : value.as_dict())
      items.emplace_back(key, write_nested(item, leaf));
    return items;
  }
  return value;
}

static ConfigValue write_calls(const Layer &layer, const CallNumbers &numbers) {
  ConfigValue::List calls;
  for (const std::shared_ptr<Node> &node : layer.inbound_nodes()) {
    if (!numbers.contains(node.get()) || layer.class_name() == "InputLayer")
      continue;
    auto leaf = [&](size_t index) { return write_tensor(node->input_tensors()[index], numbers); };
    calls.push_back(ConfigValue::Dict{{"args", write_nested(node->arguments().positional, leaf)},
                                      {"kwargs", write_nested(node->arguments().named, leaf)}});
  }
  return calls;
}

ConfigValue Network::get_config() const {
  CallNumbers numbers = number_calls(*this);
  ConfigValue::List entries;
  for (const LayerPtr &layer : layers_) {
    ConfigValue entry = envelope_of(*layer);
    entry.set("name", layer->name());
    entry.set("inbound_nodes", write_calls(*layer, numbers));
    entries.push_back(std::move(entry));
  }
  auto structure = [&](const TensorStructure &given) {
    return write_nested(given.structure,
                        [&](size_t index) { return history_of(given.tensors[index], numbers); });
  };
  return ConfigValue::Dict{{"name", name()},
                           {"trainable", trainable()},
                           {"layers", std::move(entries)},
                           {"input_layers", structure(inputs_)},
                           {"output_layers", structure(outputs_)}};
}

ConfigValue SequentialNetwork::get_config() const {
  ConfigValue::List entries;
  for (const LayerPtr &layer : stack_)
    entries.push_back(envelope_of(*layer));
  ConfigValue config = Layer::get_config();
  config.set("layers", std::move(entries));
  config.set("build_input_shape", has_graph() ? dims_of(inputs().front().shape()) : ConfigValue());
  return config;
}

} // namespace horn
