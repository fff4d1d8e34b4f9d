// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Layer about losses, updates and metrics.
#include "frontend/core/CallContext.h"
#include "frontend/core/Layer.h"
#include "frontend/core/Node.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>
#include <unordered_set>

namespace horn {

namespace {
/// A value that depends on no input, as a call of the graph. It counts the variables that it may
/// read as its own, so that models that have the value alone find them.
class OfWeights : public Layer {
public:
  OfWeights(std::function<Tensor()> function, const std::vector<Weight> &variables)
      : function_(std::move(function)) {
    for (const Weight &variable : variables)
      share_weight(variable);
  }
  std::string class_name() const override { return "OfWeights"; }
  bool is_operation() const override { return true; }
  ConfigValue get_config() const override {
    throw UnsupportedError({.where = name(),
                            .what = "a model whose output is a loss or an update of weights alone "
                                    "cannot be written",
                            .hint = "save the model that the layer is in"});
  }
  std::vector<Tensor> call_with(const Arguments &) override { return {function_()}; }

private:
  std::function<Tensor()> function_;
};
} // namespace

static Tensor value_of(std::function<Tensor()> function, const std::vector<Weight> &variables) {
  CallScope top_level;
  return (*std::make_shared<OfWeights>(std::move(function), variables))(Arguments()).front();
}

static void record(Addition addition) {
  CallRecord *record = call_context().record;
  if (record)
    record->additions.push_back(std::move(addition));
}

static void require_scalar(const Tensor &value, const char *what) {
  require(value.rank() == 0, {.what = std::string(what) + " must be a scalar",
                              .expected = "shape ()",
                              .found = "shape " + value.shape().str(),
                              .hint = "take ops::mean or ops::sum of it"});
}

/// Throws unless the layer is being called: elsewhere nobody would learn of the addition.
static void require_within_call(const Layer &layer, const char *what, const char *hint) {
  const std::vector<Layer *> &layers = call_context().layers;
  bool called = std::find(layers.begin(), layers.end(), &layer) != layers.end();
  require(called, {.where = layer.name(),
                   .what = std::string(what) + " of a tensor outside of the layer's call",
                   .hint = hint});
}

void Layer::add_loss(const Tensor &loss) {
  require_within_call(*this, "add_loss",
                      "call it in call(), give a function for a loss of weights alone, or use "
                      "model.add_loss(tensor)");
  require_scalar(loss, "a loss");
  record({.kind = Addition::Kind::loss, .value = loss});
}

void Layer::add_loss(std::function<Tensor()> loss) { loss_functions_.push_back(std::move(loss)); }

void Layer::add_update(const Weight &variable, const Tensor &value) {
  require_within_call(
      *this, "add_update",
      "call it in call(), or give a function for an update that depends on no input");
  require(variable.defined(), {.what = "an update needs a variable", .hint = "see add_weight"});
  require(value.shape() == variable->shape(),
          {.what = "an update of " + variable->name() + " has the wrong shape",
           .expected = variable->shape().str(),
           .found = value.shape().str()});
  if (variable->kind() == VariableKind::state)
    variable.assign(value); // records it
  else
    record({.kind = Addition::Kind::update, .value = value, .variable = variable});
}

void Layer::add_update(const Weight &variable, std::function<Tensor()> value) {
  require(variable.defined(),
          {.where = name(), .what = "an update needs a variable", .hint = "see add_weight"});
  update_functions_.emplace_back(variable, std::move(value));
}

void Layer::add_metric(const Tensor &value, std::string name) {
  require_within_call(*this, "add_metric",
                      "call it in call(), or use model.add_metric(tensor, name)");
  require(!name.empty(), {.what = "a metric needs a name"});
  require_scalar(value, "a metric");
  record({.kind = Addition::Kind::metric, .value = value, .name = std::move(name)});
}

void Layer::set_activity_regularizer(Regularizer regularizer) {
  activity_regularizer_ = std::move(regularizer);
}

/// The number of rows of a tensor.
static Operand batch_size_of(const Tensor &tensor) {
  if (tensor.dim(0) != None)
    return tensor.dim(0);
  return ops::max(ops::index_like(tensor, 0, DType::float32)) + 1;
}

void Layer::add_activity_losses(const std::vector<Tensor> &outputs) {
  if (!activity_regularizer_.defined() || !call_context().record)
    return;
  for (const Tensor &output : outputs) {
    Tensor loss = activity_regularizer_(output);
    if (output.rank() > 0)
      loss = loss / batch_size_of(output);
    add_loss(loss);
  }
}

std::vector<Addition> additions_of(const std::vector<std::shared_ptr<Node>> &nodes,
                                   Addition::Kind kind) {
  std::vector<Addition> found;
  for (const std::shared_ptr<Node> &node : nodes)
    for (Addition &addition : node->additions())
      if (addition.kind == kind)
        found.push_back(std::move(addition));
  return found;
}

std::vector<const Layer *> Layer::family() const {
  std::vector<const Layer *> layers{this};
  std::unordered_set<const Layer *> seen{this};
  for (size_t i = 0; i < layers.size(); ++i)
    for (const auto &[name, child] : layers[i]->children_)
      if (seen.insert(child.get()).second)
        layers.push_back(child.get());
  return layers;
}

std::vector<Layer::UpdateFunction> Layer::update_functions() const {
  std::vector<UpdateFunction> functions;
  for (const Layer *layer : family())
    functions.insert(functions.end(), layer->update_functions_.begin(),
                     layer->update_functions_.end());
  return functions;
}

std::vector<Tensor> Layer::unconditional_losses() const {
  std::vector<Tensor> losses;
  for (const Layer *layer : family())
    for (const std::function<Tensor()> &function : layer->loss_functions_) {
      losses.push_back(value_of(function, layer->weights()));
      require_scalar(losses.back(), "a loss");
    }
  for (const Weight &weight : trainable_weights())
    if (weight->regularizer().defined())
      losses.push_back(
          value_of([weight] { return weight->regularizer()(weight.read()); }, {weight}));
  return losses;
}

std::vector<Update> Layer::unconditional_updates() const {
  std::vector<Update> updates;
  for (const Layer *layer : family())
    for (const auto &[variable, function] : layer->update_functions_)
      updates.push_back({variable, value_of(function, layer->variables_)});
  return updates;
}

std::vector<Tensor> Layer::losses() const {
  std::vector<Tensor> losses;
  for (Addition &addition : additions_of(inbound_nodes(), Addition::Kind::loss))
    losses.push_back(std::move(addition.value));
  std::vector<Tensor> others = unconditional_losses();
  losses.insert(losses.end(), others.begin(), others.end());
  return losses;
}

/// A frozen layer is not updated; states are not training.
static std::vector<Update> in_force(std::vector<Update> updates, bool trainable) {
  std::erase_if(updates, [&](const Update &update) {
    return !trainable && update.variable->kind() != VariableKind::state;
  });
  return updates;
}

std::vector<Update> Layer::updates() const {
  std::vector<Update> updates;
  for (Addition &addition : additions_of(inbound_nodes(), Addition::Kind::update))
    updates.push_back({addition.variable, std::move(addition.value)});
  std::vector<Update> others = unconditional_updates();
  updates.insert(updates.end(), others.begin(), others.end());
  return in_force(std::move(updates), trainable());
}

std::vector<Metric> Layer::metrics() const {
  std::vector<Metric> metrics;
  for (Addition &addition : additions_of(inbound_nodes(), Addition::Kind::metric))
    metrics.push_back({std::move(addition.name), std::move(addition.value)});
  return metrics;
}

bool depends_on(const Tensor &tensor, const std::vector<Tensor> &inputs) {
  std::unordered_set<const Node *> seen;
  std::vector<Tensor> waiting{tensor};
  while (!waiting.empty()) {
    Tensor next = std::move(waiting.back());
    waiting.pop_back();
    for (const Tensor &input : inputs)
      if (next.same_as(input))
        return true;
    if (!next.node() || !seen.insert(next.node().get()).second)
      continue;
    for (const Tensor &input : next.node()->input_tensors())
      waiting.push_back(input);
  }
  return false;
}

/// Whether no input was involved in a tensor.
static bool is_unconditional(const Tensor &tensor) {
  return tensor.node() && dynamic_cast<OfWeights *>(tensor.node()->layer().get());
}

static bool is_for(const Tensor &value, const std::vector<Tensor> &inputs) {
  return inputs.empty() ? is_unconditional(value) : depends_on(value, inputs);
}

std::vector<Tensor> Layer::get_losses_for(const std::vector<Tensor> &inputs) const {
  std::vector<Tensor> losses = this->losses();
  std::erase_if(losses, [&](const Tensor &loss) { return !is_for(loss, inputs); });
  return losses;
}

std::vector<Update> Layer::get_updates_for(const std::vector<Tensor> &inputs) const {
  std::vector<Update> updates = this->updates();
  std::erase_if(updates, [&](const Update &update) { return !is_for(update.value, inputs); });
  return updates;
}

std::vector<Update> Layer::state_updates() const {
  return in_force(updates(), /*trainable=*/false);
}

bool Layer::uses_learning_phase() const {
  auto nodes = inbound_nodes();
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const auto &node) { return node->uses_learning_phase(); });
}

} // namespace horn
