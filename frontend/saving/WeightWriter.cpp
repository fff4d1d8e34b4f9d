// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/WeightWriter.h"

#include "frontend/saving/KerasVersion.h"
#include "frontend/saving/Safetensors.h"
#include "frontend/saving/TrainingState.h"
#include "frontend/saving/WeightPaths.h"

#include <algorithm>

namespace horn::saving {

static std::string join(const std::string &path, const std::string &name) {
  return path.empty() ? name : path + "/" + name;
}

/// The optimizer's own name, which Keras notes at its variables.
static std::string optimizer_name(const TrainingState &state) {
  const ConfigValue *optimizer = state.compile_config.find("optimizer");
  const ConfigValue *config = optimizer ? optimizer->find("config") : nullptr;
  return std::string(config ? config->string_or("name", "") : "");
}

static void write_optimizer(const TrainingState &state, Hdf5Writer &file) {
  if (state.variables.empty())
    return;
  for (const auto &[path, dataset] : state.variables)
    file.write_dataset("optimizer/" + path, state.file->read(dataset));
  file.create_group("optimizer/vars");
  if (std::string name = optimizer_name(state); !name.empty())
    file.write_attribute("optimizer/vars", "name", name);
}

void write_weights_by_path(const Network &model, Hdf5Writer &file, bool with_optimizer) {
  for (const WeightGroup &group : weight_groups(model)) {
    std::string vars = join(group.path, "vars");
    file.create_group(vars);
    file.write_attribute(vars, "name", group.layer->name());
    std::vector<Weight> weights = group.layer->own_weights();
    for (size_t i = 0; i < weights.size(); ++i)
      file.write_dataset(join(vars, std::to_string(i)), weights[i]->peek());
  }
  if (with_optimizer && model.training_state())
    write_optimizer(*model.training_state(), file);
}

/// Trainable ones first, as legacy files list them.
static std::vector<Weight> legacy_order(const Layer &layer) {
  std::vector<Weight> weights = layer.trainable_weights();
  for (const Weight &weight : layer.non_trainable_weights())
    weights.push_back(weight);
  return weights;
}

static void write_legacy_group(const Layer &layer, Hdf5Writer &file, const std::string &group) {
  file.create_group(group);
  std::vector<std::string> names;
  for (const Weight &weight : legacy_order(layer)) {
    names.push_back(weight->path());
    file.write_dataset(join(group, weight->path()), weight->peek());
  }
  file.write_attribute(group, "weight_names", names);
}

void write_weights_by_layer(Network &model, Hdf5Writer &file, const std::string &root) {
  model.variables(); // gives each a path of its own
  std::vector<LayerPtr> layers = counted_layers(model);
  std::vector<std::string> names;
  for (const LayerPtr &layer : layers)
    names.push_back(layer->name());
  if (!root.empty())
    file.create_group(root);
  file.write_attribute(root, "layer_names", names);
  file.write_attribute(root, "backend", std::string_view(keras_backend));
  file.write_attribute(root, "keras_version", std::string_view(keras_version));
  // Sorted, so that no layer's group lies inside one that comes later.
  std::sort(layers.begin(), layers.end(),
            [](const LayerPtr &a, const LayerPtr &b) { return a->name() < b->name(); });
  for (const LayerPtr &layer : layers)
    write_legacy_group(*layer, file, join(root, layer->name()));
  std::string top = join(root, "top_level_model_weights");
  file.create_group(top);
  file.write_attribute(top, "weight_names", std::vector<std::string>());
}

void write_legacy_optimizer(const Network &model, Hdf5Writer &file) {
  const auto &state = model.training_state();
  if (!state || state->variables.empty())
    return;
  // Files keep numbers in the order of their digits: vars/10 before vars/2.
  std::vector<std::string> names;
  auto variables = state->variables;
  auto number = [](const std::string &path) {
    return std::atoll(path.c_str() + path.rfind('/') + 1);
  };
  for (const auto &[path, dataset] : variables)
    if (!path.starts_with("vars/"))
      return; // an optimizer around another one, which legacy files cannot hold
  std::sort(variables.begin(), variables.end(),
            [&](const auto &a, const auto &b) { return number(a.first) < number(b.first); });
  file.create_group("optimizer_weights");
  for (const auto &[path, dataset] : variables) {
    names.push_back(path);
    file.write_dataset("optimizer_weights/" + path, state->file->read(dataset));
  }
  file.write_attribute("optimizer_weights", "weight_names", names);
}

void write_weights_by_name(Network &model, const std::filesystem::path &path) {
  std::vector<NamedArray> arrays;
  model.variables(); // gives each a path of its own
  for (const Weight &weight : model.weights())
    arrays.push_back({weight->path(), weight->peek()});
  write_safetensors(path, arrays);
}

} // namespace horn::saving
