// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// load_model, check_model and Model::load_weights: from files to models.
#include "frontend/core/ErrorPath.h"
#include "frontend/core/Model.h"
#include "frontend/layers/preprocessing/Text.h"
#include "frontend/saving/Assets.h"
#include "frontend/saving/ConfigCompat.h"
#include "frontend/saving/ConfigJson.h"
#include "frontend/saving/Deserialize.h"
#include "frontend/saving/TrainingState.h"
#include "frontend/saving/WeightLoader.h"
#include "frontend/saving/ZipReader.h"

namespace horn {
namespace saving {

namespace {
/// A file's configuration and weights, whichever format it has.
struct ModelFile {
  ConfigValue config;      ///< null in files of weights alone
  SharedHdf5 weights;      ///< null when there are none
  bool legacy = false;     ///< weights by order
  std::string weight_root; ///< group of a legacy file's weights
  AssetReader asset = [](const std::string &) { return std::nullopt; };
};
} // namespace

static void open_hdf5(ModelFile &file) {
  const Hdf5Reader &reader = *file.weights;
  if (reader.has_attribute("", "model_config"))
    file.config = parse_config(reader.string_attribute("", "model_config"), "model_config");
  if (reader.has_attribute("", "keras_version"))
    rename_by_version(file.config, reader.string_attribute("", "keras_version"));
  file.legacy = reader.has_group("model_weights") || reader.has_attribute("", "layer_names");
  file.weight_root = reader.has_group("model_weights") ? "model_weights" : "";
}

/// The version in a metadata.json; empty where there is none to be read, which keeps no model from
/// being loaded.
static std::string version_of(const FileBytes &metadata) {
  try {
    return std::string(
        parse_config(metadata.text(), "metadata.json").string_or("keras_version", ""));
  } catch (const Error &) {
    return "";
  }
}

static void open_folder(const std::filesystem::path &path, ModelFile &file) {
  FileBytes text = map_file(path / "config.json");
  file.config = parse_config(text.text(), "config.json");
  if (std::filesystem::exists(path / "metadata.json"))
    rename_by_version(file.config, version_of(map_file(path / "metadata.json")));
  if (std::filesystem::exists(path / "model.weights.h5"))
    file.weights = std::make_shared<Hdf5Reader>(path / "model.weights.h5");
  file.asset = [path](const std::string &name) -> std::optional<std::string> {
    std::filesystem::path asset = path / "assets" / name;
    if (!std::filesystem::exists(asset))
      return std::nullopt;
    return std::string(map_file(asset).text());
  };
}

static void open_archive(const std::filesystem::path &path, ModelFile &file) {
  auto opened = std::make_shared<ZipReader>(path);
  ZipReader &archive = *opened;
  file.asset = [opened](const std::string &name) -> std::optional<std::string> {
    std::string member = "assets/" + name;
    if (!opened->has(member))
      return std::nullopt;
    return std::string(opened->read(member).text());
  };
  if (!archive.has("config.json"))
    throw Error({.what = "no Keras model: the archive has no config.json"});
  file.config = parse_config(archive.read("config.json").text(), "config.json");
  if (archive.has("metadata.json"))
    rename_by_version(file.config, version_of(archive.read("metadata.json")));
  if (archive.has("model.weights.h5"))
    file.weights =
        std::make_shared<Hdf5Reader>(archive.read("model.weights.h5"), "model.weights.h5");
  else if (archive.has("model.weights.npz"))
    throw UnsupportedError({.what = "weights in NumPy's pickled form (model.weights.npz)",
                            .expected = "model.weights.h5",
                            .hint = "save the model again with h5py installed"});
}

static ModelFile open_model_file(const std::filesystem::path &path) {
  ModelFile file;
  if (std::filesystem::is_directory(path)) {
    open_folder(path, file);
    return file;
  }
  FileBytes bytes = map_file(path);
  std::string_view head = bytes.text().substr(0, 8);
  if (head.starts_with("PK")) {
    open_archive(path, file);
  } else if (head.starts_with("\x89HDF")) {
    file.weights = std::make_shared<Hdf5Reader>(path);
    open_hdf5(file);
  } else {
    throw Error({.what = "neither a .keras archive nor an HDF5 file",
                 .found = bytes.size() ? "a file that starts otherwise" : "an empty file"});
  }
  return file;
}

static std::vector<Error> load_weights(Network &network, const ModelFile &file,
                                       LoadWeightsOptions options = {}) {
  if (!file.weights) {
    if (network.weights().empty())
      return {};
    return {Error({.what = "the file has no weights", .expected = "model.weights.h5"})};
  }
  if (options.by_name && !file.legacy)
    throw Error({.what = "this file does not have the names of layers",
                 .expected = "a legacy .h5 or a .safetensors file for by_name",
                 .hint = "load by topology, or load the whole model and take get_layer(name)"});
  if (options.by_name)
    return load_weights_by_layer_name(network, file.weights, file.weight_root,
                                      options.skip_mismatch);
  return file.legacy
             ? load_weights_by_order(network, file.weights, file.weight_root, options.skip_mismatch)
             : load_weights_by_path(network, file.weights, options.skip_mismatch);
}

static const ConfigValue &require_config(const ModelFile &file) {
  require(!file.config.is_null(),
          {.what = "the file holds weights but no model",
           .hint = "make the model in C++ and use model.load_weights(path)"});
  return file.config;
}

/// The envelope of a layer, wherever it is in a configuration, and its path in files.
static const ConfigValue *find_layer_config(const ConfigValue &envelope, const std::string &name,
                                            const char *class_name, std::string &path) {
  const ConfigValue *config = envelope.find("config");
  const ConfigValue *layers = config ? config->find("layers") : nullptr;
  if (!layers || !layers->is_list())
    return nullptr;
  std::map<std::string, int> counts;
  bool stack = envelope.string_or("class_name", "") == "Sequential";
  for (const ConfigValue &layer : layers->as_list()) {
    std::string kind = snake_case(layer.string_or("class_name", ""));
    if (stack && kind == "input_layer")
      continue;
    int number = counts[kind]++;
    std::string inner = (path.empty() ? "" : path + "/") + "layers/" + kind +
                        (number ? "_" + std::to_string(number) : "");
    const ConfigValue *found = &layer;
    if (layer.string_or("class_name", "") != class_name || !layer.find("config") ||
        layer.at("config").string_or("name", "") != name)
      found = find_layer_config(layer, name, class_name, inner);
    if (found) {
      path = inner;
      return found;
    }
  }
  return nullptr;
}

/// A layer that makes numbers of strings, from a file.
template <class L, class C>
static L load_text_layer(const std::filesystem::path &path, const std::string &name,
                         const char *class_name) {
  try {
    ModelFile file = open_model_file(path);
    std::string place;
    const ConfigValue *envelope = find_layer_config(require_config(file), name, class_name, place);
    require(envelope != nullptr,
            {.what = "the file has no " + std::string(class_name) + " " + name});
    C config;
    ModelReader reader;
    read_fields(config.fields(), envelope->at("config"), class_name, reader);
    L layer(std::move(config));
    load_vocabulary(layer, place, file.asset, file.weights);
    return layer;
  } catch (const Error &error) {
    rethrow_within(error, path.string());
  }
}

/// Throws the first of the problems, saying how many there are.
static void throw_first(const std::vector<Error> &problems) {
  if (problems.empty())
    return;
  ErrorParts parts = problems.front().parts();
  if (problems.size() > 1)
    parts.hint += (parts.hint.empty() ? "" : "; ") + std::string("and ") +
                  std::to_string(problems.size() - 1) + " more problems (horn check lists all)";
  throw Error(std::move(parts));
}

} // namespace saving

Model load_model(const std::filesystem::path &path) {
  try {
    saving::ModelFile file = saving::open_model_file(path);
    saving::ModelReader reader;
    std::shared_ptr<Network> network = reader.read_model(saving::require_config(file));
    network->ensure_name();
    saving::throw_first(saving::load_weights(*network, file));
    saving::load_assets(*network, file.asset, file.weights);
    network->training_state() = file.legacy
                                    ? saving::training_state_of_legacy(file.weights)
                                    : saving::training_state_of_archive(file.config, file.weights);
    network->variables(); // names them
    return Model(std::move(network));
  } catch (const Error &error) {
    if (error.parts().where.starts_with(path.string()))
      throw;
    rethrow_within(error, path.string());
  }
}

Problem Problem::of(const Error &error) {
  return {error.parts(), dynamic_cast<const UnsupportedError *>(&error) != nullptr};
}

std::vector<Problem> check_model(const std::filesystem::path &path) {
  std::vector<Problem> problems;
  try {
    saving::ModelFile file = saving::open_model_file(path);
    const ConfigValue &config = saving::require_config(file);
    problems = saving::ModelReader().check_layers(config);
    if (!problems.empty())
      return problems;
    saving::ModelReader reader;
    std::shared_ptr<Network> network = reader.read_model(config);
    for (const Error &error : saving::load_weights(*network, file))
      problems.push_back(Problem::of(error));
    saving::load_assets(*network, file.asset, file.weights);
  } catch (const Error &error) {
    problems.push_back(Problem::of(error));
  }
  return problems;
}

StringLookup StringLookup::load(const std::filesystem::path &path, const std::string &layer) {
  return saving::load_text_layer<StringLookup, StringLookupConfig>(path, layer, "StringLookup");
}

TextVectorization TextVectorization::load(const std::filesystem::path &path,
                                          const std::string &layer) {
  return saving::load_text_layer<TextVectorization, TextVectorizationConfig>(path, layer,
                                                                             "TextVectorization");
}

void Model::load_weights(const std::filesystem::path &path, LoadWeightsOptions options) {
  try {
    std::vector<Error> problems =
        path.extension() == ".safetensors"
            ? saving::load_weights_by_name(*network_, path, options.by_name, options.skip_mismatch)
            : saving::load_weights(*network_, saving::open_model_file(path), options);
    if (!options.skip_mismatch)
      saving::throw_first(problems);
  } catch (const Error &error) {
    if (error.parts().where.starts_with(path.string()))
      throw;
    rethrow_within(error, path.string());
  }
}

} // namespace horn
