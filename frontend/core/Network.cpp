// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Network.h"

#include "frontend/core/CallContext.h"
#include "frontend/core/CallRecord.h"
#include "frontend/core/ErrorPath.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace horn {

TensorStructure::TensorStructure(std::vector<Tensor> list) : tensors(std::move(list)) {
  ConfigValue::List references;
  for (size_t i = 0; i < tensors.size(); ++i)
    references.push_back(ConfigValue::TensorRef{i});
  structure = std::move(references);
}

TensorStructure::TensorStructure(std::map<std::string, Tensor> named) {
  ConfigValue::Dict items;
  for (auto &[name, tensor] : named) {
    items.emplace_back(name, ConfigValue::TensorRef{tensors.size()});
    tensors.push_back(tensor);
  }
  structure = std::move(items);
}

Network::Network(TensorStructure inputs, TensorStructure outputs, std::string name,
                 const std::vector<LayerPtr> &order)
    : Layer(name) {
  bool named = !name.empty();
  try {
    set_graph(std::move(inputs), std::move(outputs), order);
  } catch (const Error &error) {
    if (named && error.parts().where.empty())
      rethrow_within(error, this->name());
    throw;
  }
}

Network::Network(std::string name, bool trainable, DTypePolicy dtype)
    : Layer(std::move(name), trainable, std::move(dtype)) {}
Network::~Network() = default;
Compiled::~Compiled() = default;

static std::string describe(const Tensor &tensor) {
  return (tensor.name().empty() ? "a tensor" : "tensor " + tensor.name()) + " of shape " +
         tensor.shape().str();
}

static void check_inputs_of_model(const std::vector<Tensor> &inputs) {
  std::set<std::string> names;
  for (const Tensor &input : inputs) {
    require(input.defined() && input.node() && input.node()->layer()->class_name() == "InputLayer",
            {.what = "an input of a model must come from Input()",
             .found = input.defined() ? describe(input) : "a tensor that was never set",
             .hint = "for a part of a model, call its layers on a new Input()"});
    require(names.insert(input.name()).second,
            {.what = "an input is given twice to a model",
             .found = describe(input),
             .hint = "give each input once, and inputs names of their own"});
  }
}

namespace {
/// Collects the nodes that outputs depend on, each after those it depends on. Without recursion,
/// since models may be thousands of layers deep.
class GraphWalk {
public:
  explicit GraphWalk(const std::vector<Tensor> &inputs) {
    for (const Tensor &input : inputs)
      inputs_.insert(input.node().get());
  }

  void visit(const Tensor &output) {
    enter(output, "");
    while (!stack_.empty()) {
      auto &[node, next] = stack_.back();
      if (next < node->input_tensors().size()) {
        Tensor input = node->input_tensors()[next++];
        enter(input, node->layer()->name());
        continue;
      }
      nodes.push_back(node);
      stack_.pop_back();
    }
  }

  std::vector<std::shared_ptr<Node>> nodes;

private:
  /// `needed_by` is the layer that takes the tensor, empty for an output of the model.
  void enter(const Tensor &tensor, const std::string &needed_by) {
    const std::shared_ptr<Node> &node = tensor.node();
    if (node && seen_.contains(node.get()))
      return;
    bool foreign_input =
        node && node->layer()->class_name() == "InputLayer" && !inputs_.contains(node.get());
    if (!node || foreign_input)
      throw Error(
          {.what = "graph disconnected: cannot obtain a value for " + describe(tensor) +
                   (needed_by.empty() ? ", an output of the model" : " at layer " + needed_by),
           .expected = "tensors computed from the inputs of the model",
           .hint = "layers that were reached before: " + met()});
    seen_.insert(node.get());
    stack_.emplace_back(node, 0);
  }

  std::string met() const {
    std::string names;
    for (size_t i = nodes.size() > 8 ? nodes.size() - 8 : 0; i < nodes.size(); ++i)
      (names += names.empty() ? "" : ", ") += nodes[i]->layer()->name();
    return names.empty() ? "none" : names;
  }

  std::unordered_set<const Node *> inputs_, seen_;
  std::vector<std::pair<std::shared_ptr<Node>, size_t>> stack_;
};
} // namespace

/// Keras's order of layers: by depth from the outputs, the deepest first; at one depth as met.
static std::vector<LayerPtr> order_layers(const std::vector<Tensor> &inputs,
                                          const std::vector<std::shared_ptr<Node>> &nodes) {
  std::unordered_map<const Node *, int> node_depth;
  std::unordered_map<const Layer *, int> layer_depth;
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    int &layer = layer_depth[(*it)->layer().get()];
    int depth = layer = std::max(node_depth[it->get()], layer);
    for (const Tensor &input : (*it)->input_tensors()) {
      int &below = node_depth[input.node().get()];
      below = std::max(below, depth + 1);
    }
  }
  std::vector<LayerPtr> layers;
  std::unordered_map<const Layer *, size_t> place;
  auto add = [&](const LayerPtr &layer) {
    if (place.emplace(layer.get(), layers.size()).second)
      layers.push_back(layer);
  };
  int deepest = 0;
  for (auto [layer, depth] : layer_depth)
    deepest = std::max(deepest, depth);
  for (const Tensor &input : inputs) {
    layer_depth[input.node()->layer().get()] = deepest;
    add(input.node()->layer());
  }
  for (const auto &node : nodes)
    add(node->layer());
  std::sort(layers.begin(), layers.end(), [&](const LayerPtr &a, const LayerPtr &b) {
    return std::pair(-layer_depth[a.get()], place[a.get()]) <
           std::pair(-layer_depth[b.get()], place[b.get()]);
  });
  return layers;
}

/// Layers that only losses depend on come last: the order of the others is what files count by.
static void append_missing(const std::vector<std::shared_ptr<Node>> &nodes,
                           std::vector<LayerPtr> &layers) {
  std::unordered_set<const Layer *> known;
  for (const LayerPtr &layer : layers)
    known.insert(layer.get());
  for (const std::shared_ptr<Node> &node : nodes)
    if (known.insert(node->layer().get()).second)
      layers.push_back(node->layer());
}

void Network::set_graph(TensorStructure inputs, TensorStructure outputs,
                        const std::vector<LayerPtr> &order) {
  check_inputs_of_model(inputs.tensors);
  require(!outputs.tensors.empty(), {.what = "a model needs an output"});
  GraphWalk walk(inputs.tensors);
  for (const Tensor &input : inputs.tensors)
    walk.visit(input);
  for (const Tensor &output : outputs.tensors) {
    require(output.defined(), {.what = "an output of a model is a tensor that was never set"});
    walk.visit(output);
  }
  std::vector<LayerPtr> layers = order.empty() ? order_layers(inputs.tensors, walk.nodes) : order;
  for (const Addition &addition : added_)
    walk.visit(addition.value);
  append_missing(walk.nodes, layers);
  inputs_ = std::move(inputs);
  outputs_ = std::move(outputs);
  nodes_ = std::move(walk.nodes);
  set_layers(std::move(layers));
  set_built();
}

void Network::set_layers(std::vector<LayerPtr> layers) {
  std::set<std::string> names;
  for (const LayerPtr &layer : layers)
    require(names.insert(layer->name()).second,
            {.what = "the name " + layer->name() + " is used by two layers of the model",
             .expected = "unique names of layers",
             .hint = "give one of them another name"});
  layers_ = std::move(layers);
  compiled_.reset();
  clear_children();
  for (const LayerPtr &layer : layers_)
    if (!layer->is_operation())
      track(layer->name(), layer);
  // Operations have no weights but those of layers that they take a loss of.
  for (const LayerPtr &layer : layers_)
    if (layer->is_operation() && !(layer->weights().empty() && layer->own_states().empty()))
      track(layer->name(), layer);
}

void Network::remember(TensorStructure inputs, TensorStructure outputs,
                       std::vector<LayerPtr> layers) {
  inputs_ = std::move(inputs);
  outputs_ = std::move(outputs);
  layers_ = std::move(layers);
  compiled_.reset();
}

std::vector<std::string> Network::input_names() const {
  std::vector<std::string> names;
  for (const Tensor &input : inputs())
    names.push_back(input.node() ? input.name() : "input_" + std::to_string(names.size()));
  return names;
}

std::vector<std::string> Network::output_names() const {
  std::vector<std::string> names;
  for (const Tensor &output : outputs())
    names.push_back(output.node() ? output.node()->layer()->name()
                                  : "output_" + std::to_string(names.size()));
  return names;
}

LayerPtr Network::get_layer(std::string_view name) const {
  std::string names;
  for (const LayerPtr &layer : layers_) {
    if (layer->name() == name)
      return layer;
    (names += names.empty() ? "" : ", ") += layer->name();
  }
  throw Error({.where = this->name(),
               .what = "no layer named " + std::string(name),
               .expected = "one of " + names});
}

LayerPtr Network::get_layer(size_t index) const {
  require(index < layers_.size(), {.where = name(),
                                   .what = "no layer at index " + std::to_string(index),
                                   .expected = "an index below " + std::to_string(layers_.size())});
  return layers_[index];
}

/// An argument of a call made to fit an input of the model.
static Tensor fit_input(const Tensor &given, const Tensor &wanted) {
  Tensor tensor = given;
  Shape shape = tensor.shape();
  if (shape.rank() + 1 == wanted.rank() && wanted.shape().back() == 1)
    tensor = ops::expand_dims(tensor, -1);
  else if (shape.rank() == wanted.rank() + 1 && shape.back() == 1)
    tensor = ops::squeeze(tensor, {-1});
  bool fits = tensor.rank() == wanted.rank();
  for (size_t i = 0; fits && i < tensor.rank(); ++i)
    fits = tensor.shape()[i] == wanted.shape()[i] || tensor.shape()[i] == None ||
           wanted.shape()[i] == None;
  require(fits, {.what = "input " + wanted.name() + " does not fit the model",
                 .expected = wanted.shape().str(),
                 .found = shape.str()});
  return ops::cast(tensor, wanted.dtype()).with_mask(given.mask());
}

std::vector<Tensor> Network::trace(const std::vector<Tensor> &inputs) {
  require(inputs.size() == this->inputs().size(),
          {.where = name(),
           .what = "wrong number of inputs",
           .expected = std::to_string(this->inputs().size()),
           .found = std::to_string(inputs.size())});
  CallScope scope(*this, std::nullopt);
  std::unordered_map<const Node *, std::vector<Tensor>> values;
  for (size_t i = 0; i < inputs.size(); ++i)
    values[this->inputs()[i].node().get()] = {fit_input(inputs[i], this->inputs()[i])};
  auto value_of = [&](const Tensor &tensor) {
    return values.at(tensor.node().get()).at(tensor.tensor_index());
  };
  for (const std::shared_ptr<Node> &node : nodes_) {
    if (values.contains(node.get()))
      continue;
    std::vector<Tensor> tensors;
    for (const Tensor &input : node->input_tensors())
      tensors.push_back(value_of(input));
    RecordScope scope;
    std::vector<Tensor> &results = values[node.get()];
    Arguments arguments = node->arguments().on(std::move(tensors));
    arguments.named.erase("training"); // the model's flag overrides it
    results = node->layer()->invoke(std::move(arguments));
    // Losses and their like are used as outputs that follow the others.
    for (const Addition &addition : scope.record().additions)
      results.push_back(addition.value);
    scope.pass_on();
  }
  if (CallRecord *record = call_context().record)
    for (Addition addition : added_) {
      addition.value = value_of(addition.value);
      record->additions.push_back(std::move(addition));
    }
  std::vector<Tensor> results;
  for (const Tensor &output : outputs())
    results.push_back(value_of(output));
  return results;
}

void Network::build_many(const std::vector<Shape> &) {}

/// Tensors of the first argument, a dictionary in sorted order of keys as Keras flattens it.
static std::vector<Tensor> flatten_inputs(const Arguments &arguments) {
  if (arguments.positional.as_list().empty() || !arguments.positional.as_list()[0].is_dict())
    return arguments.inputs();
  ConfigValue::Dict items = arguments.positional.as_list()[0].as_dict();
  std::sort(items.begin(), items.end(),
            [](const auto &a, const auto &b) { return a.first < b.first; });
  return arguments.tensors_of(ConfigValue(std::move(items)));
}

std::vector<Tensor> Network::call_with(const Arguments &arguments) {
  return trace(flatten_inputs(arguments));
}

void Network::accept(const std::vector<Tensor> &) {
  require(has_graph(), {.where = name(),
                        .what = "the model has no inputs yet",
                        .hint = "build it for an input shape, or call it on an Input()"});
}

std::vector<Tensor> Network::compute_mask(const Arguments &, const std::vector<Tensor> &outputs) {
  std::vector<Tensor> masks;
  for (const Tensor &output : outputs)
    masks.push_back(output.mask());
  return masks;
}

static void collect_variables(const Layer &layer, const std::string &prefix,
                              std::vector<std::pair<std::string, Weight>> &found,
                              std::unordered_set<const Variable *> &seen) {
  for (const std::vector<Weight> &group : {layer.own_weights(), layer.own_states()})
    for (const Weight &weight : group)
      if (seen.insert(&*weight).second)
        found.emplace_back(prefix + weight->name(), weight);
  for (const auto &[name, child] : layer.children())
    collect_variables(*child, prefix + child->name() + "/", found, seen);
}

std::vector<Weight> Network::variables() {
  std::vector<std::pair<std::string, Weight>> found;
  std::unordered_set<const Variable *> seen;
  collect_variables(*this, "", found, seen);
  std::unordered_set<std::string> symbols;
  std::vector<Weight> weights;
  for (auto &[path, weight] : found) {
    weight->set_path(path);
    for (int number = 1; !symbols.insert(weight->symbol()).second; ++number)
      weight->set_path(path + "_" + std::to_string(number));
    weights.push_back(weight);
  }
  return weights;
}

} // namespace horn
