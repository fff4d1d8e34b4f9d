// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/LayerEnvelope.h"

#include "frontend/core/Fields.h"
#include "frontend/core/LayerRegistry.h"
#include "frontend/core/Network.h"
#include "frontend/saving/ConfigForm.h"
#include "frontend/saving/TrainingState.h"

namespace horn {

/// Numbers of the layers written so far, of the outermost scope.
static thread_local std::unordered_map<const Layer *, int64_t> *numbers_in_scope = nullptr;

SharingScope::SharingScope() {
  if (!numbers_in_scope)
    numbers_in_scope = &numbers_;
}

SharingScope::~SharingScope() {
  if (numbers_in_scope == &numbers_)
    numbers_in_scope = nullptr;
}

static constexpr std::string_view id_key = "shared_object_id";

/// Calls `visit` with each envelope that has a number.
template <class Visit> static void visit_numbered(ConfigValue &value, Visit visit) {
  if (value.is_list())
    for (ConfigValue &item : value.mutable_list())
      visit_numbered(item, visit);
  if (!value.is_dict())
    return;
  if (const ConfigValue *id = value.find(id_key); id && id->is_int())
    visit(value, id->as_int());
  for (auto &[key, item] : value.mutable_dict())
    visit_numbered(item, visit);
}

void SharingScope::finish(ConfigValue &config) {
  if (numbers_in_scope != &numbers_)
    return;
  std::unordered_map<int64_t, int> uses;
  visit_numbered(config, [&](ConfigValue &, int64_t id) { ++uses[id]; });
  visit_numbered(config, [&](ConfigValue &envelope, int64_t id) {
    if (uses[id] == 1)
      envelope.erase(id_key);
  });
}

ConfigValue dims_of(const Shape &shape) {
  ConfigValue::List dims;
  for (int64_t dim : shape)
    dims.push_back(dim == None ? ConfigValue() : ConfigValue(dim));
  return dims;
}

ConfigValue write_nested(const ConfigValue &value,
                         const std::function<ConfigValue(size_t index)> &leaf) {
  if (value.is_tensor())
    return leaf(value.as_tensor());
  if (value.is_list()) {
    ConfigValue::List list;
    for (const ConfigValue &item : value.as_list())
      list.push_back(write_nested(item, leaf));
    return list;
  }
  if (value.is_dict()) {
    ConfigValue::Dict items;
    for (const auto &[key, item] : value.as_dict())
      items.emplace_back(key, write_nested(item, leaf));
    return items;
  }
  return value;
}

ConfigValue build_config_for(const Arguments &arguments) {
  if (arguments.positional.as_list().size() != 1)
    return nullptr;
  const ConfigValue &inputs = arguments.positional.as_list().front();
  for (const auto &[name, value] : arguments.named.as_dict())
    if (name != "mask" && !arguments.tensors_of(value).empty())
      return nullptr;
  if (arguments.tensors_of(inputs).empty())
    return nullptr;
  auto leaf = [&](size_t index) { return dims_of(arguments.tensors[index].shape()); };
  return ConfigValue::Dict{{"input_shape", write_nested(inputs, leaf)}};
}

/// Classes whose name in files is not that of the class.
static std::string exported_name(const Layer &layer) {
  std::string name = layer.class_name();
  return name == "GroupedQueryAttention" ? "GroupQueryAttention" : name;
}

/// Keras writes the name of a class that has no public name twice.
static ConfigValue registered_name_of(const Layer &layer) {
  if (std::string name = registered_name(typeid(layer)); !name.empty())
    return name;
  if (layer.module().starts_with("keras.src"))
    return layer.class_name();
  return nullptr;
}

/// From the file, if it has a say in it: Keras leaves the shapes out where nothing was built.
static ConfigValue build_config_of(const Layer &layer) {
  if (layer.is_operation() || layer.class_name() == "InputLayer")
    return nullptr;
  const ConfigValue &file = layer.file_envelope();
  if (const ConfigValue *build = file.find("build_config"))
    return *build;
  return file.find("module") ? ConfigValue() : layer.build_config();
}

ConfigValue envelope_of(const Layer &layer) {
  ConfigValue envelope =
      ConfigValue::envelope(layer.module(), exported_name(layer), layer.get_config());
  envelope.set("registered_name", registered_name_of(layer));
  if (ConfigValue build = build_config_of(layer); !build.is_null())
    envelope.set("build_config", std::move(build));
  auto *network = dynamic_cast<const Network *>(&layer);
  if (network)
    write_added(*network, envelope);
  if (network && network->training_state())
    envelope.set("compile_config", network->training_state()->compile_config);
  if (numbers_in_scope)
    envelope.set(id_key, numbers_in_scope
                             ->emplace(&layer, static_cast<int64_t>(numbers_in_scope->size()) + 1)
                             .first->second);
  return envelope;
}

ConfigValue write_config(const Layer &layer, const Fields &fields) {
  ConfigValue written = write_fields(fields);
  written.set("name", layer.name());
  written.set("trainable", layer.trainable());
  written.set("dtype", layer.dtype_policy().get_config());
  if (layer.activity_regularizer().defined() && layer.class_name() != "ActivityRegularization")
    written.set("activity_regularizer", layer.activity_regularizer().get_config());
  return saving::config_in_keras_form(layer.class_name(), written,
                                      layer.file_envelope().find("config"));
}

} // namespace horn
