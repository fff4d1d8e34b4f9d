// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The parts of Layer that answer questions about weights and states; automatic names.
#include "frontend/core/Error.h"
#include "frontend/core/Layer.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace horn {

void Layer::set_trainable(bool trainable) {
  trainable_ = trainable;
  for (const Weight &weight : variables_)
    if (weight->kind() == VariableKind::weight)
      weight->set_trainable(trainable);
  for (const auto &[name, child] : children_)
    child->set_trainable(trainable);
}

std::vector<Weight> Layer::own_weights() const {
  std::vector<Weight> sorted;
  for (VariableKind kind : {VariableKind::weight, VariableKind::non_trainable_weight})
    for (const Weight &weight : variables_)
      if (weight->kind() == kind)
        sorted.push_back(weight);
  return sorted;
}

std::vector<Weight> Layer::own_states() const {
  std::vector<Weight> states;
  for (const Weight &weight : variables_)
    if (weight->kind() == VariableKind::state)
      states.push_back(weight);
  return states;
}

void Layer::collect_weights(std::vector<Weight> &weights) const {
  for (const Weight &weight : own_weights())
    if (std::find(weights.begin(), weights.end(), weight) == weights.end())
      weights.push_back(weight);
  for (const auto &[name, child] : children_)
    child->collect_weights(weights);
}

std::vector<Weight> Layer::weights() const {
  std::vector<Weight> weights;
  collect_weights(weights);
  return weights;
}

static std::vector<Weight> with_trainable(std::vector<Weight> weights, bool trainable) {
  std::erase_if(weights, [&](const Weight &weight) { return weight->trainable() != trainable; });
  return weights;
}

std::vector<Weight> Layer::trainable_weights() const { return with_trainable(weights(), true); }
std::vector<Weight> Layer::non_trainable_weights() const {
  return with_trainable(weights(), false);
}

std::vector<Array> Layer::get_weights() const {
  std::vector<Array> values;
  for (const Weight &weight : weights())
    values.push_back(weight->value().clone());
  return values;
}

void Layer::set_weights(const std::vector<Array> &values) {
  std::vector<Weight> weights = this->weights();
  require(weights.size() == values.size(), {.where = name(),
                                            .what = "wrong number of weights",
                                            .expected = std::to_string(weights.size()),
                                            .found = std::to_string(values.size())});
  for (size_t i = 0; i < values.size(); ++i)
    require(values[i].shape() == weights[i]->shape(), {.where = weights[i]->path(),
                                                       .what = "wrong shape for a weight",
                                                       .expected = weights[i]->shape().str(),
                                                       .found = values[i].shape().str()});
  for (size_t i = 0; i < values.size(); ++i)
    weights[i]->assign(values[i].cast(weights[i]->dtype()).clone());
}

int64_t Layer::count_params() const {
  require(built() || !weights().empty(),
          {.where = name(),
           .what = "count_params of a layer that is not built",
           .hint = "call it on a tensor, or build it with ensure_built({input_shape})"});
  int64_t count = 0;
  for (const Weight &weight : weights())
    count += weight->shape().num_elements().value_or(0);
  return count;
}

bool Layer::stateful() const {
  return !own_states().empty() || std::any_of(children_.begin(), children_.end(),
                                              [](auto &child) { return child.second->stateful(); });
}

void Layer::reset_states() {
  for (const Weight &state : own_states())
    state->assign(Array(state->shape(), state->dtype()));
  for (const auto &[name, child] : children_)
    child->reset_states();
}

void check_name(const Layer &layer) {
  require(layer.name().find('/') == std::string::npos, {.where = layer.name(),
                                                        .what = "a name must not contain a slash",
                                                        .hint = "use _ or - in its place"});
}

namespace {
struct NameCounts {
  std::mutex mutex;
  std::map<std::string, int> counts;
};
} // namespace

static NameCounts &name_counts() {
  static NameCounts counts;
  return counts;
}

std::string unique_name(std::string_view class_name) {
  std::string base = snake_case(class_name);
  std::lock_guard lock(name_counts().mutex);
  int number = name_counts().counts[base]++;
  return number ? base + "_" + std::to_string(number) : base;
}

void clear_session() {
  std::lock_guard lock(name_counts().mutex);
  name_counts().counts.clear();
}

} // namespace horn
