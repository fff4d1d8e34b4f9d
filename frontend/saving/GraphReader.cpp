// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/GraphReader.h"

#include "frontend/core/CallContext.h"
#include "frontend/core/ErrorPath.h"
#include "frontend/layers/core/InputLayer.h"

#include <algorithm>

namespace horn::saving {

GraphReader::GraphReader(const ConfigValue::List &entries, const std::vector<LayerPtr> &layers)
    : layers_(layers), calls_(layers.size()) {
  for (size_t i = 0; i < layers.size(); ++i) {
    std::string name(entries[i].string_or("name", layers[i]->name()));
    require(index_.emplace(name, i).second,
            {.where = name, .what = "two layers of a model have the same name"});
    if (auto input = std::dynamic_pointer_cast<layers::InputLayer>(layers[i])) {
      calls_[i].push_back({nullptr, {input->tensor()}, Call::done});
      continue;
    }
    if (const ConfigValue *nodes = entries[i].find("inbound_nodes"))
      for (const ConfigValue &node : nodes->as_list())
        calls_[i].push_back({&node, {}, Call::waiting});
  }
  for (size_t i = 0; i < layers.size(); ++i)
    for (size_t node = 0; node < calls_[i].size(); ++node)
      run_from(i, node);
}

GraphReader::Reference GraphReader::resolve(const ConfigValue &name, const ConfigValue &node,
                                            const ConfigValue &tensor, bool of_outputs) const {
  auto found = index_.find(name.as_string());
  require(found != index_.end(), {.what = "a call takes a tensor of a layer that is not there",
                                  .expected = "the name of a layer of the model",
                                  .found = name.str()});
  int64_t node_index = node.as_int(), tensor_index = tensor.as_int();
  const std::vector<Call> &calls = calls_[found->second];
  // A nested Functional counts its own definition as call 0 in lists of outputs.
  const Layer &layer = *layers_[found->second];
  bool counts_itself = layer.is_model() && layer.class_name() != "Sequential";
  if (node_index > 0 &&
      ((of_outputs && counts_itself) || node_index == static_cast<int64_t>(calls.size())))
    --node_index;
  require(node_index >= 0 && node_index < static_cast<int64_t>(calls.size()) && tensor_index >= 0,
          {.what = "there is no call " + node.str() + " of layer " + name.as_string(),
           .expected = "a number below " + std::to_string(calls.size())});
  return {found->second, static_cast<size_t>(node_index), static_cast<size_t>(tensor_index)};
}

/// A tensor of Keras 3's form, or of Keras 2's: ["layer", 0, 0].
bool GraphReader::is_history(const ConfigValue &value) const {
  if (value.is_dict())
    return value.string_or("class_name", "") == "__keras_tensor__";
  if (!value.is_list() || value.as_list().size() < 3 || value.as_list().size() > 4)
    return false;
  const ConfigValue::List &list = value.as_list();
  return list[0].is_string() && list[1].is_int() && list[2].is_int() &&
         index_.contains(list[0].as_string());
}

GraphReader::Reference GraphReader::history(const ConfigValue &value) const {
  const ConfigValue::List &list =
      value.is_dict() ? value.at("config").at("keras_history").as_list() : value.as_list();
  require(list.size() >= 3, {.what = "a tensor needs layer, node and index", .found = value.str()});
  return resolve(list[0], list[1], list[2]);
}

void GraphReader::collect(const ConfigValue &value, std::vector<Reference> &references) const {
  if (is_history(value))
    references.push_back(history(value));
  else if (value.is_list())
    for (const ConfigValue &item : value.as_list())
      collect(item, references);
  else if (value.is_dict())
    for (const auto &[key, item] : value.as_dict())
      collect(item, references);
}

static bool is_modern(const ConfigValue &node) { return node.is_dict(); }

std::vector<GraphReader::Reference> GraphReader::inputs_of(const Call &call) const {
  std::vector<Reference> references;
  const ConfigValue &node = *call.config;
  if (is_modern(node)) {
    collect(node.at("args"), references);
    if (const ConfigValue *kwargs = node.find("kwargs"))
      collect(*kwargs, references);
    return references;
  }
  for (const ConfigValue &input : node.as_list()) {
    const ConfigValue::List &parts = input.as_list();
    require(parts.size() >= 3, {.what = "wrong entry of inbound_nodes", .found = input.str()});
    references.push_back(resolve(parts[0], parts[1], parts[2]));
    if (parts.size() > 3)
      collect(parts[3], references);
  }
  return references;
}

/// Runs a call after all it depends on. Without recursion: graphs may be long chains.
void GraphReader::run_from(size_t layer, size_t node) {
  struct Frame {
    size_t layer, node;
    std::vector<Reference> inputs;
    size_t next = 0;
  };
  std::vector<Frame> stack;
  auto enter = [&](size_t l, size_t n) {
    Call &call = calls_[l][n];
    if (call.state == Call::done)
      return;
    require(call.state == Call::waiting,
            {.where = layers_[l]->name(), .what = "the graph has a cycle"});
    call.state = Call::entered;
    try {
      stack.push_back({l, n, inputs_of(call)});
    } catch (const Error &error) {
      rethrow_within(error, layers_[l]->name());
    }
  };
  enter(layer, node);
  while (!stack.empty()) {
    Frame &frame = stack.back();
    if (frame.next < frame.inputs.size()) {
      Reference input = frame.inputs[frame.next++];
      enter(input.layer, input.node);
      continue;
    }
    run(frame.layer, calls_[frame.layer][frame.node]);
    stack.pop_back();
  }
}

Tensor GraphReader::tensor_of(const Reference &reference) const {
  const Call &call = calls_[reference.layer][reference.node];
  require(call.state == Call::done && reference.tensor < call.outputs.size(),
          {.what = "layer " + layers_[reference.layer]->name() + " has no output " +
                   std::to_string(reference.tensor),
           .expected = "a number below " + std::to_string(call.outputs.size())});
  return call.outputs[reference.tensor];
}

ConfigValue GraphReader::convert(const ConfigValue &value, Arguments &arguments) const {
  if (is_history(value)) {
    arguments.tensors.push_back(tensor_of(history(value)));
    return ConfigValue::TensorRef{arguments.tensors.size() - 1};
  }
  if (value.is_list()) {
    ConfigValue::List list;
    for (const ConfigValue &item : value.as_list())
      list.push_back(convert(item, arguments));
    return list;
  }
  if (value.is_dict()) {
    ConfigValue::Dict items;
    for (const auto &[key, item] : value.as_dict())
      items.emplace_back(key, convert(item, arguments));
    return items;
  }
  return value;
}

Arguments GraphReader::arguments_of(const Call &call) const {
  Arguments arguments;
  const ConfigValue &node = *call.config;
  if (is_modern(node)) {
    node.at("args").as_list();
    arguments.positional = convert(node.at("args"), arguments);
    if (const ConfigValue *kwargs = node.find("kwargs"); kwargs && !kwargs->is_null())
      arguments.named = convert(ConfigValue(kwargs->as_dict()), arguments);
    return arguments;
  }
  ConfigValue::List tensors;
  for (const ConfigValue &input : node.as_list()) {
    const ConfigValue::List &parts = input.as_list();
    arguments.tensors.push_back(tensor_of(resolve(parts[0], parts[1], parts[2])));
    tensors.push_back(ConfigValue::TensorRef{arguments.tensors.size() - 1});
    if (parts.size() > 3 && parts[3].is_dict() && arguments.named.as_dict().empty())
      arguments.named = convert(parts[3], arguments);
  }
  if (tensors.size() == 1)
    arguments.positional = tensors;
  else
    arguments.positional = ConfigValue::List{ConfigValue(std::move(tensors))};
  return arguments;
}

void GraphReader::run(size_t layer, Call &call) {
  CallScope top_level;
  try {
    call.outputs = (*layers_[layer])(arguments_of(call));
  } catch (const Error &error) {
    if (error.parts().where.starts_with(layers_[layer]->name()))
      throw;
    rethrow_within(error, layers_[layer]->name());
  }
  call.state = Call::done;
}

void GraphReader::add_nested(const ConfigValue &value, bool outputs, TensorStructure &structure,
                             ConfigValue &place) const {
  bool leaf = value.is_list() && !value.as_list().empty() && value.as_list()[0].is_string();
  if (leaf) {
    const ConfigValue::List &list = value.as_list();
    require(list.size() >= 3,
            {.what = "a tensor needs layer, node and index", .found = value.str()});
    structure.tensors.push_back(tensor_of(resolve(list[0], list[1], list[2], outputs)));
    place = ConfigValue::TensorRef{structure.tensors.size() - 1};
  } else if (value.is_list()) {
    ConfigValue::List list(value.as_list().size());
    for (size_t i = 0; i < list.size(); ++i)
      add_nested(value.as_list()[i], outputs, structure, list[i]);
    place = std::move(list);
  } else {
    ConfigValue::Dict items = value.as_dict(); // flattened in sorted order, as Keras does
    std::sort(items.begin(), items.end(),
              [](const auto &a, const auto &b) { return a.first < b.first; });
    for (auto &[key, item] : items) {
      ConfigValue inner;
      add_nested(item, outputs, structure, inner);
      item = std::move(inner);
    }
    place = std::move(items);
  }
}

TensorStructure GraphReader::read_structure(const ConfigValue &value, bool outputs) const {
  TensorStructure structure;
  try {
    add_nested(value, outputs, structure, structure.structure);
  } catch (const Error &error) {
    rethrow_within(error, outputs ? "output_layers" : "input_layers");
  }
  return structure;
}

std::vector<LayerPtr> GraphReader::used_layers() const {
  std::vector<LayerPtr> used;
  for (size_t i = 0; i < layers_.size(); ++i)
    if (!calls_[i].empty())
      used.push_back(layers_[i]);
  return used;
}

} // namespace horn::saving
