// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ConfigWriter.h"

#include "frontend/core/Fields.h"
#include "frontend/core/LayerEnvelope.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"
#include "frontend/saving/KerasVersion.h"

namespace horn::saving {

ConfigValue model_envelope(const Network &model) {
  SharingScope sharing;
  ConfigValue envelope = envelope_of(model);
  sharing.finish(envelope);
  return envelope;
}

/// An envelope without what legacy files leave out, in the layers of models too. Layers inside
/// wrappers keep their envelopes: their configurations were always written in the new form.
static ConfigValue to_legacy(const ConfigValue &envelope) {
  ConfigValue legacy = ConfigValue::dict();
  for (const auto &[key, value] : envelope.as_dict())
    if (key == "class_name" || key == "config" || key == "name" || key == "inbound_nodes")
      legacy.set(key, value);
  if (envelope.string_or("registered_name", "").find('>') != std::string_view::npos)
    legacy.set("class_name", envelope.at("registered_name"));
  // Names of classes, where new files have public names.
  if (legacy.string_or("class_name", "") == "GroupQueryAttention")
    legacy.set("class_name", "GroupedQueryAttention");
  if (!is_model_config(envelope))
    return legacy;
  ConfigValue config = envelope.at("config");
  ConfigValue::List layers;
  for (const ConfigValue &layer : config.at("layers").as_list())
    layers.push_back(to_legacy(layer));
  config.set("layers", std::move(layers));
  legacy.set("config", std::move(config));
  return legacy;
}

ConfigValue legacy_model_config(const Network &model) { return to_legacy(model_envelope(model)); }

std::string metadata_text() {
  return config_text(
      ConfigValue::Dict{{"keras_version", keras_version}, {"date_saved", "1980-01-01@00:00:00"}});
}

} // namespace horn::saving
