// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/LayerRegistry.h"

#include <map>
#include <mutex>

// The table of Keras's layers: all their headers are included by it.
#include "frontend/layers/Layers.h"

namespace horn {

LayerReader::~LayerReader() = default;

namespace {
struct Registry {
  std::mutex mutex;
  std::map<std::string, LayerMaker, std::less<>> makers;
  std::map<std::type_index, std::string> names;

  Registry() {
#define HORN_LAYER_CLASS(Kind) makers[#Kind] = layers::Kind##Layer::from_config;
#define HORN_LAYER_ALIAS(alias, Kind) makers[#alias] = layers::Kind##Layer::from_config;
#include "frontend/layers/Layers.def"
    makers["InputLayer"] = layers::InputLayer::from_config;
  }
};
} // namespace

static Registry &registry() {
  static Registry registry;
  return registry;
}

void register_layer(std::string name, std::type_index type, LayerMaker maker) {
  Registry &all = registry();
  std::lock_guard lock(all.mutex);
  all.names[type] = name;
  all.makers[std::move(name)] = maker;
}

LayerMaker find_layer(std::string_view name) {
  Registry &all = registry();
  std::lock_guard lock(all.mutex);
  auto found = all.makers.find(name);
  return found == all.makers.end() ? nullptr : found->second;
}

std::string registered_name(std::type_index type) {
  Registry &all = registry();
  std::lock_guard lock(all.mutex);
  auto found = all.names.find(type);
  return found == all.names.end() ? "" : found->second;
}

std::vector<std::string> layer_names() {
  Registry &all = registry();
  std::lock_guard lock(all.mutex);
  std::vector<std::string> names;
  for (const auto &[name, maker] : all.makers)
    names.push_back(name);
  return names;
}

void detail::set_configured(Layer &layer, const ConfigValue &config) {
  if (std::string_view name = config.string_or("name", ""); !name.empty())
    layer.set_name(std::string(name));
  if (const ConfigValue *trainable = config.find("trainable");
      trainable && trainable->is_bool() && !trainable->as_bool())
    layer.set_trainable(false);
}

} // namespace horn
