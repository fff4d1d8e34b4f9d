// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations of models, in the form that Keras 3 writes.
#include "frontend/core/Fields.h"
#include "frontend/core/LayerEnvelope.h"
#include "frontend/core/Network.h"

#include <unordered_map>
#include <unordered_set>

namespace horn {

namespace {
/// The number of each call of a layer among those of one network: what files count.
using CallNumbers = std::unordered_map<const Node *, int64_t>;
} // namespace

static CallNumbers number_calls(const Network &network) {
  std::unordered_set<const Node *> own;
  for (const std::shared_ptr<Node> &node : network.nodes())
    own.insert(node.get());
  CallNumbers numbers;
  for (const LayerPtr &layer : network.layers()) {
    int64_t next = 0;
    for (const std::shared_ptr<Node> &call : layer->inbound_nodes())
      if (own.contains(call.get()))
        numbers[call.get()] = next++;
  }
  return numbers;
}

static ConfigValue history_of(const Tensor &tensor, int64_t number) {
  return ConfigValue::List{tensor.node()->layer()->name(), number,
                           static_cast<int64_t>(tensor.tensor_index())};
}

static ConfigValue write_tensor(const Tensor &tensor, const CallNumbers &numbers) {
  ConfigValue history = history_of(tensor, numbers.at(tensor.node().get()));
  return ConfigValue::Dict{{"class_name", "__keras_tensor__"},
                           {"config", ConfigValue::Dict{{"shape", dims_of(tensor.shape())},
                                                        {"dtype", dtype_name(tensor.dtype())},
                                                        {"keras_history", std::move(history)}}}};
}

/// An input or output of the model. Here alone a nested Functional counts its own definition as its
/// call 0. Source: node_reindexing_map in keras.src.models.functional.
static ConfigValue write_end(const Tensor &tensor, const CallNumbers &numbers) {
  const Layer &layer = *tensor.node()->layer();
  bool counts_itself = layer.is_model() && layer.class_name() != "Sequential";
  return history_of(tensor, numbers.at(tensor.node().get()) + (counts_itself ? 1 : 0));
}

static ConfigValue write_calls(const Layer &layer, const CallNumbers &numbers) {
  ConfigValue::List calls;
  for (const std::shared_ptr<Node> &node : layer.inbound_nodes()) {
    if (!numbers.contains(node.get()) || node->input_tensors().empty())
      continue;
    auto leaf = [&](size_t index) { return write_tensor(node->input_tensors()[index], numbers); };
    calls.push_back(ConfigValue::Dict{{"args", write_nested(node->arguments().positional, leaf)},
                                      {"kwargs", write_nested(node->arguments().named, leaf)}});
  }
  return calls;
}

void write_added(const Network &network, ConfigValue &envelope) {
  if (network.added().empty())
    return;
  CallNumbers numbers = number_calls(network);
  ConfigValue::List entries;
  for (const Addition &addition : network.added())
    entries.push_back(
        ConfigValue::Dict{{"kind", addition.kind == Addition::Kind::loss ? "loss" : "metric"},
                          {"name", addition.name},
                          {"tensor", write_end(addition.value, numbers)}});
  envelope.set("added", std::move(entries));
}

ConfigValue Network::get_config() const {
  SharingScope sharing;
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
                        [&](size_t index) { return write_end(given.tensors[index], numbers); });
  };
  ConfigValue config = ConfigValue::Dict{{"name", name()},
                                         {"trainable", trainable()},
                                         {"layers", std::move(entries)},
                                         {"input_layers", structure(inputs_)},
                                         {"output_layers", structure(outputs_)}};
  sharing.finish(config);
  return config;
}

ConfigValue Network::build_config() const { return ConfigValue::Dict{{"input_shape", nullptr}}; }

ConfigValue SequentialNetwork::get_config() const {
  SharingScope sharing;
  ConfigValue::List entries;
  for (const LayerPtr &layer : stack_)
    entries.push_back(envelope_of(*layer));
  ConfigValue config = Layer::get_config();
  config.set("layers", std::move(entries));
  if (has_graph())
    config.set("build_input_shape", dims_of(inputs().front().shape()));
  sharing.finish(config);
  return config;
}

ConfigValue SequentialNetwork::build_config() const {
  if (!has_graph())
    return nullptr;
  return ConfigValue::Dict{{"input_shape", dims_of(inputs().front().shape())}};
}

} // namespace horn
