// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Model::save and its relatives: from models to files and texts.
#include "frontend/core/ErrorPath.h"
#include "frontend/core/Model.h"
#include "frontend/saving/ConfigCompat.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/ConfigWriter.h"
#include "frontend/saving/ConfigYaml.h"
#include "frontend/saving/Deserialize.h"
#include "frontend/saving/KerasVersion.h"
#include "frontend/saving/TrainingState.h"
#include "frontend/saving/WeightWriter.h"
#include "frontend/saving/ZipWriter.h"

namespace horn {
namespace saving {

static void save_archive(const Network &model, const std::filesystem::path &path) {
  ZipWriter archive;
  archive.add("metadata.json", metadata_text());
  archive.add("config.json", config_text(model_envelope(model)));
  Hdf5Writer weights;
  write_weights_by_path(model, weights, /*with_optimizer=*/true);
  archive.add("model.weights.h5", weights.finish());
  archive.save(path);
}

static void save_legacy(Network &model, const std::filesystem::path &path) {
  Hdf5Writer file;
  file.write_attribute("", "keras_version", std::string_view(keras_version));
  file.write_attribute("", "backend", std::string_view(keras_backend));
  file.write_attribute("", "model_config", config_text(legacy_model_config(model)));
  ConfigValue training =
      model.training_state() ? legacy_training_config(*model.training_state()) : ConfigValue();
  if (!training.is_null())
    file.write_attribute("", "training_config", config_text(training));
  write_weights_by_layer(model, file, "model_weights");
  if (!training.is_null())
    write_legacy_optimizer(model, file);
  file.save(path);
}

static void save_weights_by_path(const Network &model, const std::filesystem::path &path) {
  Hdf5Writer file;
  write_weights_by_path(model, file, /*with_optimizer=*/false);
  file.save(path);
}

/// Errors without a place get the path of the file.
template <class Write> static void within_file(const std::filesystem::path &path, Write write) {
  try {
    write();
  } catch (const Error &error) {
    if (error.parts().where.starts_with(path.string()))
      throw;
    rethrow_within(error, path.string());
  }
}

[[noreturn]] static void throw_suffix(const std::filesystem::path &path, const char *expected) {
  throw Error({.where = path.string(),
               .what = "the file's name does not say its format",
               .expected = expected,
               .found = path.filename().string()});
}

} // namespace saving

void Model::save(const std::filesystem::path &path) const {
  std::string name = path.filename().string();
  saving::within_file(path, [&] {
    if (name.ends_with(".weights.h5"))
      saving::throw_suffix(path, "a name that ends in .keras or .h5 (save_weights writes weights)");
    if (name.ends_with(".keras"))
      saving::save_archive(*network_, path);
    else if (name.ends_with(".h5") || name.ends_with(".hdf5"))
      saving::save_legacy(*network_, path);
    else
      saving::throw_suffix(path, "a name that ends in .keras or .h5");
  });
}

void Model::save_weights(const std::filesystem::path &path) const {
  std::string name = path.filename().string();
  saving::within_file(path, [&] {
    if (name.ends_with(".weights.h5"))
      saving::save_weights_by_path(*network_, path);
    else if (name.ends_with(".safetensors"))
      saving::write_weights_by_name(*network_, path);
    else
      saving::throw_suffix(path, "a name that ends in .weights.h5 or .safetensors");
  });
}

std::string Model::to_json(int indent) const {
  return saving::config_text(saving::model_envelope(*network_), indent);
}

std::string Model::to_yaml() const { return saving::yaml_text(saving::model_envelope(*network_)); }

Model model_from_config(const ConfigValue &envelope) {
  std::shared_ptr<Network> network = saving::ModelReader().read_model(envelope);
  network->ensure_name();
  return Model(std::move(network));
}

/// A model from a text, which may say what version of Keras wrote it.
static Model model_from_text(ConfigValue config) {
  std::string version(config.string_or("keras_version", ""));
  saving::rename_by_version(config, version);
  return model_from_config(config);
}

Model model_from_json(std::string_view text) {
  return model_from_text(saving::parse_config(text, "JSON"));
}

Model model_from_yaml(std::string_view text) {
  return model_from_text(saving::parse_yaml(text, "YAML"));
}

Model Model::from_config(const ConfigValue &config) {
  // get_config of a Sequential has layers alone.
  const char *class_name = config.find("input_layers") ? "Functional" : "Sequential";
  return model_from_config(ConfigValue::Dict{{"class_name", class_name}, {"config", config}});
}

namespace {
/// Reads a model's own configuration, with the user's copies in the place of its layers.
class CloneReader : public saving::ModelReader {
public:
  CloneReader(const Network &model, const CloneFunction &clone) : model_(model), clone_(clone) {}

  LayerPtr read_layer(const ConfigValue &envelope) override {
    const ConfigValue *config = envelope.find("config");
    std::string_view name = config ? config->string_or("name", "") : "";
    for (const LayerPtr &layer : model_.layers())
      if (layer->name() == name && !layer->is_operation() && layer->class_name() != "InputLayer") {
        LayerPtr copy = clone_(layer);
        require(copy != nullptr, {.where = layer->name(), .what = "clone_function gave no layer"});
        // Calls in the configuration name the layer.
        require(copy->name() == name, {.where = layer->name(),
                                       .what = "clone_function gave a layer of another name",
                                       .found = copy->name()});
        return copy;
      }
    return saving::ModelReader::read_layer(envelope);
  }

private:
  const Network &model_;
  const CloneFunction &clone_;
};
} // namespace

Model clone_model(const Model &model, const CloneFunction &clone_function) {
  ConfigValue envelope = saving::model_envelope(*model.network());
  if (!clone_function)
    return model_from_config(envelope);
  std::shared_ptr<Network> network =
      CloneReader(*model.network(), clone_function).read_model(envelope);
  network->ensure_name();
  return Model(std::move(network));
}

} // namespace horn
