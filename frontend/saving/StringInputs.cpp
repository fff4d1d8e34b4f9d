// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/StringInputs.h"

#include <algorithm>

namespace horn::saving {

static bool is_string_input(const ConfigValue &entry) {
  const ConfigValue *config = entry.find("config");
  return entry.string_or("class_name", "") == "InputLayer" && config &&
         config->string_or("dtype", "") == "string";
}

static bool takes_strings(const ConfigValue &entry) {
  std::string_view class_name = entry.string_or("class_name", "");
  return class_name == "StringLookup" || class_name == "TextVectorization";
}

/// Whether a tensor of the layer `name` occurs in a value.
static bool mentions(const ConfigValue &value, const std::string &name) {
  if (value.is_list()) {
    const ConfigValue::List &list = value.as_list();
    if (list.size() >= 3 && list[0].is_string() && list[1].is_int())
      return list[0].as_string() == name;
    return std::any_of(list.begin(), list.end(),
                       [&](const ConfigValue &item) { return mentions(item, name); });
  }
  if (!value.is_dict())
    return false;
  return std::any_of(value.as_dict().begin(), value.as_dict().end(),
                     [&](const auto &item) { return mentions(item.second, name); });
}

static ConfigValue batch_of(const ConfigValue &input) {
  const ConfigValue *shape = input.at("config").find("batch_shape");
  return shape && shape->is_list() && !shape->as_list().empty() ? shape->as_list().front()
                                                                : ConfigValue();
}

/// An input of what a layer makes of strings.
static ConfigValue replacement(const ConfigValue &layer, const ConfigValue &input) {
  const ConfigValue &config = layer.at("config");
  bool numbers = config.string_or("output_mode", "int") == "int";
  auto item = [&](const char *key) {
    const ConfigValue *value = config.find(key);
    return value ? *value : ConfigValue();
  };
  const ConfigValue *padded = config.find("pad_to_max_tokens");
  ConfigValue shape = ConfigValue::List{batch_of(input), item("vocabulary_size")};
  if (numbers && layer.string_or("class_name", "") == "TextVectorization")
    shape = ConfigValue::List{batch_of(input), item("output_sequence_length")};
  else if (numbers)
    shape = *input.at("config").find("batch_shape");
  else if (padded && padded->is_bool() && padded->as_bool())
    shape = ConfigValue::List{batch_of(input), item("max_tokens")};
  std::string name(config.string_or("name", layer.string_or("name", "")));
  ConfigValue::Dict entry{{"class_name", "InputLayer"},
                          {"config", ConfigValue::Dict{{"batch_shape", shape},
                                                       {"dtype", numbers ? "int64" : "float32"},
                                                       {"name", name}}},
                          {"name", name},
                          {"inbound_nodes", ConfigValue::list()}};
  return entry;
}

/// The name of a layer in every place of a structure of inputs.
static void rename(ConfigValue &value, const std::string &from, const std::string &to) {
  if (value.is_string() && value.as_string() == from)
    value = to;
  else if (value.is_list())
    for (ConfigValue &item : value.mutable_list())
      rename(item, from, to);
  else if (value.is_dict())
    for (auto &[key, item] : value.mutable_dict())
      rename(item, from, to);
}

/// The only layer that takes tensors of `input`, if it takes strings and is called once.
static ConfigValue *only_taker(ConfigValue::List &layers, const std::string &input) {
  ConfigValue *taker = nullptr;
  for (ConfigValue &layer : layers)
    if (const ConfigValue *nodes = layer.find("inbound_nodes"); nodes && mentions(*nodes, input)) {
      if (taker || !takes_strings(layer) || nodes->as_list().size() != 1)
        return nullptr;
      taker = &layer;
    }
  return taker;
}

ConfigValue without_string_inputs(const ConfigValue &given) {
  const ConfigValue::List &entries = given.at("layers").as_list();
  if (std::none_of(entries.begin(), entries.end(), is_string_input))
    return given;
  ConfigValue config = given;
  ConfigValue::List layers = entries;
  for (const ConfigValue &entry : entries) {
    if (!is_string_input(entry) || !entry.at("config").find("batch_shape"))
      continue;
    std::string name(entry.string_or("name", entry.at("config").string_or("name", "")));
    ConfigValue *taker = only_taker(layers, name);
    if (!taker)
      continue;
    *taker = replacement(*taker, entry);
    ConfigValue inputs = config.at("input_layers");
    rename(inputs, name, taker->at("name").as_string());
    config.set("input_layers", std::move(inputs));
    std::erase_if(layers, [&](const ConfigValue &layer) {
      return is_string_input(layer) && layer.string_or("name", name) == name;
    });
  }
  config.set("layers", std::move(layers));
  return config;
}

ConfigValue without_string_input(const ConfigValue &given) {
  const ConfigValue::List &layers = given.as_list();
  if (layers.size() < 2 || !is_string_input(layers[0]) || !takes_strings(layers[1]) ||
      !layers[0].at("config").find("batch_shape"))
    return given;
  ConfigValue::List cut{replacement(layers[1], layers[0])};
  cut.insert(cut.end(), layers.begin() + 2, layers.end());
  return cut;
}

} // namespace horn::saving
