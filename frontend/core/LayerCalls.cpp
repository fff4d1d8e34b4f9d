// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Layer that tell of its calls so far.
#include "frontend/core/Layer.h"
#include "frontend/core/Node.h"

namespace horn {

static std::vector<std::shared_ptr<Node>> alive(const std::vector<std::weak_ptr<Node>> &nodes) {
  std::vector<std::shared_ptr<Node>> result;
  for (const std::weak_ptr<Node> &node : nodes)
    if (auto locked = node.lock())
      result.push_back(std::move(locked));
  return result;
}

std::vector<std::shared_ptr<Node>> Layer::inbound_nodes() const { return alive(nodes_); }
std::vector<std::shared_ptr<Node>> Layer::outbound_nodes() const { return alive(outbound_nodes_); }

/// Throws for a layer that was not called.
static void require_called(const Layer &layer, const std::vector<std::shared_ptr<Node>> &nodes,
                           const std::string &what) {
  require(!nodes.empty(), {.where = layer.name(),
                           .what = what + " of a layer that was not called",
                           .hint = "call the layer on a tensor first"});
}

static std::string at_hint(const std::string &what) {
  return "use get_" + what + "_at(node_index)";
}

std::shared_ptr<Node> Layer::only_node(const char *what) const {
  auto nodes = inbound_nodes();
  require_called(*this, nodes, what);
  require(nodes.size() == 1, {.where = name(),
                              .what = std::string(what) + " of a layer that was called " +
                                      std::to_string(nodes.size()) + " times is ambiguous",
                              .hint = at_hint(what)});
  return nodes.front();
}

Tensor Layer::only_tensor(const std::vector<Tensor> &tensors, const char *what) const {
  require(!tensors.empty(), {.where = name(), .what = std::string("the layer has no ") + what});
  require(tensors.size() == 1,
          {.where = name(),
           .what = std::string(what) + " of a layer with " + std::to_string(tensors.size()) +
                   " of them is ambiguous",
           .hint = "use get_" + std::string(what) + "_at(0), which gives all"});
  return tensors.front();
}

Tensor Layer::input() const { return only_tensor(only_node("input")->input_tensors(), "input"); }
Tensor Layer::output() const {
  return only_tensor(only_node("output")->output_tensors(), "output");
}
Tensor Layer::input_mask() const {
  return only_tensor(only_node("input_mask")->input_masks(), "input_mask");
}
Tensor Layer::output_mask() const {
  return only_tensor(only_node("output_mask")->output_masks(), "output_mask");
}

/// The one shape that all calls have.
static Shape common_shape(const Layer &layer, const std::string &what,
                          std::vector<Shape> (Node::*shapes)() const) {
  auto nodes = layer.inbound_nodes();
  require_called(layer, nodes, what);
  std::vector<Shape> first = (*nodes.front().*shapes)();
  for (const std::shared_ptr<Node> &node : nodes)
    require((*node.*shapes)() == first,
            {.where = layer.name(),
             .what = what + " of a layer that was called with different shapes is ill-defined",
             .hint = at_hint(what)});
  require(first.size() == 1, {.where = layer.name(),
                              .what = "the layer has " + std::to_string(first.size()) +
                                      " tensors there, not one " + what,
                              .hint = at_hint(what)});
  return first.front();
}

Shape Layer::input_shape() const { return common_shape(*this, "input_shape", &Node::input_shapes); }
Shape Layer::output_shape() const {
  return common_shape(*this, "output_shape", &Node::output_shapes);
}

std::shared_ptr<Node> Layer::node_at(size_t index) const {
  auto node = index < nodes_.size() ? nodes_[index].lock() : nullptr;
  require(index < nodes_.size(),
          {.where = name(),
           .what = "no call number " + std::to_string(index),
           .expected = nodes_.empty() ? "a layer that was called"
                                      : "a node_index below " + std::to_string(nodes_.size())});
  require(node != nullptr, {.where = name(),
                            .what = "call number " + std::to_string(index) + " is gone",
                            .hint = "keep its outputs, or a model made of them"});
  return node;
}

std::vector<Tensor> Layer::get_input_at(size_t node_index) const {
  return node_at(node_index)->input_tensors();
}
std::vector<Tensor> Layer::get_output_at(size_t node_index) const {
  return node_at(node_index)->output_tensors();
}
std::vector<Tensor> Layer::get_input_mask_at(size_t node_index) const {
  return node_at(node_index)->input_masks();
}
std::vector<Tensor> Layer::get_output_mask_at(size_t node_index) const {
  return node_at(node_index)->output_masks();
}
std::vector<Shape> Layer::get_input_shape_at(size_t node_index) const {
  return node_at(node_index)->input_shapes();
}
std::vector<Shape> Layer::get_output_shape_at(size_t node_index) const {
  return node_at(node_index)->output_shapes();
}

} // namespace horn
