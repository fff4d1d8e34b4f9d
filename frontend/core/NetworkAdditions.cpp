// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Network about losses, updates, metrics and states.
#include "frontend/core/CallContext.h"
#include "frontend/core/ErrorPath.h"
#include "frontend/core/Network.h"

#include <algorithm>

namespace horn {

/// Whether the model is being called on this thread: then its `call` is C++ that adds something.
static bool is_being_called(const Network &network) {
  const std::vector<Layer *> &layers = call_context().layers;
  return std::find(layers.begin(), layers.end(), &network) != layers.end();
}

void Network::add(Addition addition) {
  require(has_graph(),
          {.where = name(), .what = "add_loss of a tensor to a model without a graph"});
  require(addition.value.defined() && addition.value.rank() == 0,
          {.where = name(),
           .what = "a loss or metric of a model must be a scalar",
           .expected = "shape ()",
           .found = addition.value.defined() ? "shape " + addition.value.shape().str()
                                             : "a tensor that was never set",
           .hint = "take ops::mean or ops::sum of it"});
  added_.push_back(std::move(addition));
  try {
    set_graph(inputs_, outputs_, layers_);
  } catch (const Error &error) {
    added_.pop_back();
    rethrow_within(error, name());
  }
}

void Network::add_loss(const Tensor &loss) {
  if (is_being_called(*this))
    Layer::add_loss(loss);
  else
    add({.kind = Addition::Kind::loss, .value = loss});
}

void Network::add_metric(const Tensor &value, std::string name) {
  if (is_being_called(*this))
    return Layer::add_metric(value, std::move(name));
  require(!name.empty(), {.where = this->name(), .what = "a metric needs a name"});
  add({.kind = Addition::Kind::metric, .value = value, .name = std::move(name)});
}

/// Those of one kind: of the layers of the graph, then of the model itself. A model whose call is
/// C++ has no graph; its calls know.
static std::vector<Addition> additions_in(const Network &network, Addition::Kind kind) {
  std::vector<Addition> all =
      additions_of(network.nodes().empty() ? network.inbound_nodes() : network.nodes(), kind);
  for (const Addition &addition : network.added())
    if (addition.kind == kind)
      all.push_back(addition);
  return all;
}

std::vector<Tensor> Network::losses() const {
  std::vector<Tensor> losses;
  for (Addition &addition : additions_in(*this, Addition::Kind::loss))
    losses.push_back(std::move(addition.value));
  std::vector<Tensor> others = unconditional_losses();
  losses.insert(losses.end(), others.begin(), others.end());
  return losses;
}

std::vector<Update> Network::updates() const {
  std::vector<Update> updates;
  for (Addition &addition : additions_in(*this, Addition::Kind::update))
    updates.push_back({addition.variable, std::move(addition.value)});
  std::vector<Update> others = unconditional_updates();
  updates.insert(updates.end(), others.begin(), others.end());
  std::erase_if(updates, [&](const Update &update) {
    return !trainable() && update.variable->kind() != VariableKind::state;
  });
  return updates;
}

std::vector<Metric> Network::metrics() const {
  std::vector<Metric> metrics;
  for (Addition &addition : additions_in(*this, Addition::Kind::metric))
    metrics.push_back({std::move(addition.name), std::move(addition.value)});
  return metrics;
}

bool Network::uses_learning_phase() const {
  return std::any_of(nodes().begin(), nodes().end(),
                     [](const auto &node) { return node->uses_learning_phase(); }) ||
         (nodes().empty() && Layer::uses_learning_phase());
}

void Network::trace_state_updates() const {
  for (const auto &[variable, function] : update_functions())
    if (variable->kind() == VariableKind::state)
      variable.assign(function());
}

void Network::reset_states() {
  if (!compiled_ || !compiled_->reset_states())
    Layer::reset_states();
}

std::vector<Shape> Network::compute_output_shapes(const std::vector<Shape> &input_shapes) {
  std::vector<Tensor> tensors;
  for (size_t i = 0; i < input_shapes.size(); ++i)
    tensors.emplace_back(input_shapes[i],
                         i < inputs().size() ? inputs()[i].dtype() : compute_dtype());
  accept(tensors);
  Arguments arguments = tensors.size() == 1 ? Arguments(tensors.front()) : Arguments(tensors);
  return shapes_of(invoke(std::move(arguments)));
}

} // namespace horn
