// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/TrainingState.h"

#include "frontend/saving/ConfigJson.h"

namespace horn::saving {

std::shared_ptr<const TrainingState> training_state_of_archive(const ConfigValue &envelope,
                                                               const SharedHdf5 &weights) {
  const ConfigValue *config = envelope.find("compile_config");
  if (!config || !config->is_dict())
    return nullptr;
  auto state = std::make_shared<TrainingState>();
  state->compile_config = *config;
  static constexpr std::string_view root = "optimizer/";
  if (weights)
    for (const Hdf5Dataset &dataset : weights->datasets())
      if (dataset.path.starts_with(root))
        state->variables.emplace_back(dataset.path.substr(root.size()), dataset.path);
  if (!state->variables.empty())
    state->file = weights;
  return state;
}

/// Whether every envelope below a value says its module, as Keras 3 asks for in a compile_config.
static bool has_modules(const ConfigValue &value) {
  if (value.is_list()) {
    for (const ConfigValue &item : value.as_list())
      if (!has_modules(item))
        return false;
  } else if (value.is_dict()) {
    if (value.find("class_name") && !value.find("module"))
      return false;
    for (const auto &[key, item] : value.as_dict())
      if (!has_modules(item))
        return false;
  }
  return true;
}

static std::vector<std::pair<std::string, std::string>> legacy_variables(const Hdf5Reader &file) {
  static const std::string root = "optimizer_weights";
  std::vector<std::pair<std::string, std::string>> variables;
  if (!file.has_group(root))
    return variables;
  for (const std::string &name : file.strings_attribute(root, "weight_names")) {
    std::string dataset = root + "/" + name;
    if (!file.has_dataset(dataset))
      return {};
    variables.emplace_back("vars/" + std::to_string(variables.size()), dataset);
  }
  return variables;
}

std::shared_ptr<const TrainingState> training_state_of_legacy(const SharedHdf5 &file) {
  if (!file->has_attribute("", "training_config") || !file->has_attribute("", "keras_version") ||
      !file->string_attribute("", "keras_version").starts_with("3"))
    return nullptr;
  ConfigValue config =
      parse_config(file->string_attribute("", "training_config"), "training_config");
  const ConfigValue *optimizer = config.find("optimizer_config");
  if (!optimizer || !optimizer->find("class_name") || !optimizer->find("config"))
    return nullptr;
  ConfigValue compile =
      ConfigValue::Dict{{"optimizer", ConfigValue::envelope("keras.optimizers",
                                                            optimizer->at("class_name").as_string(),
                                                            optimizer->at("config"))}};
  for (const auto &[key, value] : config.as_dict())
    if (key != "optimizer_config")
      compile.set(key, value);
  if (!has_modules(compile))
    return nullptr;
  auto state = std::make_shared<TrainingState>();
  state->compile_config = std::move(compile);
  state->variables = legacy_variables(*file);
  state->file = file;
  return state;
}

ConfigValue legacy_training_config(const TrainingState &state) {
  const ConfigValue *optimizer = state.compile_config.find("optimizer");
  if (!optimizer)
    return nullptr;
  ConfigValue config = ConfigValue::dict();
  for (const auto &[key, value] : state.compile_config.as_dict())
    if (key != "optimizer")
      config.set(key, value);
  bool by_name = optimizer->is_string();
  if (!by_name && !(optimizer->find("class_name") && optimizer->find("config")))
    return nullptr;
  config.set(
      "optimizer_config",
      ConfigValue::Dict{{"class_name", by_name ? *optimizer : optimizer->at("class_name")},
                        {"config", by_name ? ConfigValue::dict() : optimizer->at("config")}});
  return config;
}

} // namespace horn::saving
