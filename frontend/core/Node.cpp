// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Node.h"

#include "frontend/core/Layer.h"

namespace horn {

Node::Node(std::shared_ptr<Layer> layer, size_t index, Arguments arguments,
           std::vector<Tensor> outputs, CallRecord record)
    : layer_(std::move(layer)), index_(index), arguments_(std::move(arguments)),
      outputs_(std::move(outputs)), record_(std::move(record)) {}

// A long chain of nodes is taken apart in a loop: recursion would overflow the stack.
Node::~Node() {
  thread_local std::vector<Tensor> pending;
  thread_local bool draining = false;
  for (Tensor &input : arguments_.tensors)
    pending.push_back(std::move(input));
  if (draining)
    return;
  draining = true;
  while (!pending.empty()) {
    Tensor last = std::move(pending.back());
    pending.pop_back();
  }
  draining = false;
}

Tensor Node::output_tensor(size_t tensor_index) {
  const Tensor &tensor = tensor_index < outputs_.size()
                             ? outputs_[tensor_index]
                             : record_.additions.at(tensor_index - outputs_.size()).value;
  return tensor.with_history(shared_from_this(), tensor_index);
}

std::vector<Tensor> Node::output_tensors() {
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < outputs_.size(); ++i)
    tensors.push_back(output_tensor(i));
  return tensors;
}

std::vector<Addition> Node::additions() {
  std::vector<Addition> additions = record_.additions;
  for (size_t i = 0; i < additions.size(); ++i)
    additions[i].value = output_tensor(outputs_.size() + i);
  return additions;
}

std::vector<std::shared_ptr<Layer>> Node::inbound_layers() const {
  std::vector<std::shared_ptr<Layer>> layers;
  for (const Tensor &input : input_tensors())
    layers.push_back(input.node() ? input.node()->layer() : nullptr);
  return layers;
}

std::vector<size_t> Node::node_indices() const {
  std::vector<size_t> indices;
  for (const Tensor &input : input_tensors())
    indices.push_back(input.node() ? input.node()->index() : 0);
  return indices;
}

std::vector<size_t> Node::tensor_indices() const {
  std::vector<size_t> indices;
  for (const Tensor &input : input_tensors())
    indices.push_back(input.tensor_index());
  return indices;
}

static std::vector<Tensor> masks_of(const std::vector<Tensor> &tensors) {
  std::vector<Tensor> masks;
  for (const Tensor &tensor : tensors)
    masks.push_back(tensor.mask());
  return masks;
}

std::vector<Tensor> Node::input_masks() const { return masks_of(input_tensors()); }
std::vector<Tensor> Node::output_masks() const { return masks_of(outputs_); }

ConfigValue Node::get_config() const {
  ConfigValue::List inbound;
  for (const std::shared_ptr<Layer> &layer : inbound_layers())
    inbound.push_back(layer ? ConfigValue(layer->name()) : ConfigValue());
  auto integers = [](const std::vector<size_t> &values) {
    return ConfigValue(std::vector<int64_t>(values.begin(), values.end()));
  };
  return ConfigValue::Dict{{"outbound_layer", layer_->name()},
                           {"inbound_layers", std::move(inbound)},
                           {"node_indices", integers(node_indices())},
                           {"tensor_indices", integers(tensor_indices())},
                           {"args", arguments_.positional},
                           {"kwargs", arguments_.named}};
}

} // namespace horn
