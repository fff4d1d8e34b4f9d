// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Deserialize.h"

#include "frontend/core/ErrorPath.h"
#include "frontend/layers/core/InputLayer.h"
#include "frontend/ops/Operation.h"
#include "frontend/saving/ConfigCompat.h"
#include "frontend/saving/GraphReader.h"
#include "frontend/saving/StringInputs.h"
#include "frontend/saving/TensorFlowOps.h"
#include "frontend/saving/TrainingState.h"

namespace horn::saving {

static constexpr size_t max_depth = 32, max_layers = 20'000;

static std::string class_of(const ConfigValue &envelope) {
  return std::string(modern_class_name(envelope.at("class_name").as_string()));
}

bool is_model_config(const ConfigValue &envelope) {
  std::string_view class_name = envelope.string_or("class_name", "");
  if (class_name == "Functional" || class_name == "Sequential")
    return true;
  // A class whose constructor looks like Functional's is saved under its own name.
  const ConfigValue *config = envelope.find("config");
  return config && config->find("layers") && config->find("input_layers");
}

static std::string name_of(const ConfigValue &envelope) {
  const ConfigValue *config = envelope.find("config");
  std::string_view name = config ? config->string_or("name", "") : "";
  return std::string(name.empty() ? envelope.string_or("name", "") : name);
}

/// A legacy file names `x * y` and the layer Multiply alike: operations take tensors one by one.
static bool is_operation(const ConfigValue &envelope) {
  std::string_view module = envelope.string_or("module", "");
  std::string class_name = class_of(envelope);
  if (!find_operation(class_name))
    return false;
  if (module.starts_with("keras.src.ops") || module.starts_with("keras.ops"))
    return true;
  if (!module.empty())
    return false;
  if (!find_layer(class_name))
    return true;
  const ConfigValue *nodes = envelope.find("inbound_nodes");
  if (!nodes || !nodes->is_list() || nodes->as_list().empty())
    return false;
  const ConfigValue *args = nodes->as_list().front().find("args");
  return args && args->is_list() && args->as_list().size() > 1;
}

/// What to write in C++ for a function that a file holds as Python code.
static std::string lambda_stub(const std::string &name) {
  return "write it as a layer:\n"
         "  struct MyFunction : horn::Layer {\n"
         "    horn::Tensor call(const horn::Tensor &x) override {\n"
         "      return x; // say with horn::ops what " +
         (name.empty() ? "the function" : name) +
         " computes\n"
         "    }\n"
         "  };\n"
         "  HORN_REGISTER_LAYER(\"Lambda\", MyFunction)";
}

[[noreturn]] static void throw_unknown(const ConfigValue &envelope, const std::string &class_name) {
  if (class_name == "Lambda")
    throw UnsupportedError({.what = "a Lambda layer holds Python code, which is never run",
                            .hint = lambda_stub(name_of(envelope))});
#define HORN_UNSUPPORTED(Class, reason, alternative)                                               \
  if (class_name == #Class)                                                                        \
    throw UnsupportedError({.what = #Class ": " reason, .hint = alternative});
#include "frontend/saving/Unsupported.def"
  std::string name(envelope.string_or("registered_name", class_name));
  throw UnsupportedError(
      {.what = "unknown layer " + class_name,
       .found = "module " + std::string(envelope.string_or("module", "none")),
       .hint = "if it is a layer of your own, write it in C++ and register it with "
               "HORN_REGISTER_LAYER(\"" +
               (name.empty() ? class_name : name) + "\", " + class_name + ")"});
}

LayerPtr ModelReader::make_layer(const ConfigValue &envelope) {
  std::string class_name = class_of(envelope);
  static const ConfigValue no_config = ConfigValue::dict();
  const ConfigValue *config = envelope.find("config");
  if (!config || config->is_null())
    config = &no_config;
  std::string_view registered = envelope.string_or("registered_name", "");
  LayerMaker maker = registered.empty() ? nullptr : find_layer(registered);
  if (is_operation(envelope))
    return std::make_shared<Operation>(class_name, *config);
  if (maker)
    return maker(*config, *this);
  if (is_model_config(envelope))
    return read_model(envelope);
  maker = find_layer(class_name);
  if (!maker)
    throw_unknown(envelope, class_name);
  return maker(*config, *this);
}

/// Of a layer's envelope, what says more than the layer itself.
static ConfigValue what_to_keep(const ConfigValue &envelope) {
  ConfigValue kept = ConfigValue::dict();
  for (const char *key : {"module", "config", "build_config"})
    if (const ConfigValue *value = envelope.find(key))
      kept.set(key, *value);
  return kept;
}

/// Keras's base class takes it, whatever the layer.
static void read_activity_regularizer(const ConfigValue &envelope, Layer &layer) {
  const ConfigValue *config = envelope.find("config");
  const ConfigValue *regularizer = config ? config->find("activity_regularizer") : nullptr;
  if (regularizer && !regularizer->is_null())
    layer.set_activity_regularizer(Regularizer::from_config(*regularizer));
}

LayerPtr ModelReader::read_layer(const ConfigValue &envelope) {
  require(envelope.is_dict(), {.what = "a layer must be a dictionary", .found = envelope.str()});
  require(++num_layers_ <= max_layers,
          {.what = "more than " + std::to_string(max_layers) + " layers"});
  require(depth_ < max_depth,
          {.what = "layers are nested more than " + std::to_string(max_depth) + " deep"});
  const ConfigValue *id = envelope.find("shared_object_id");
  if (id && id->is_int())
    if (auto found = shared_.find(id->as_int()); found != shared_.end())
      return found->second;
  ++depth_;
  struct Leave {
    size_t &depth;
    ~Leave() { --depth; }
  } leave{depth_};
  std::string name = name_of(envelope);
  try {
    if (is_tensorflow_function(envelope))
      return read_layer(modernize_tensorflow_function(envelope));
    LayerPtr layer = make_layer(envelope);
    if (!name.empty())
      layer->set_name(name);
    layer->ensure_name();
    if (!layer->is_model())
      layer->set_file_envelope(what_to_keep(envelope));
    read_activity_regularizer(envelope, *layer);
    if (id && id->is_int())
      shared_[id->as_int()] = layer;
    return layer;
  } catch (const Error &error) {
    std::string place = name.empty() ? class_of(envelope) : name;
    if (error.parts().where == place) // its own constructor said so
      throw;
    rethrow_within(error, place);
  }
}

/// Shapes in a build_config: one, or a list or dictionary of them.
static void collect_shapes(const ConfigValue &value, std::vector<Shape> &shapes) {
  if (value.is_dict())
    for (const auto &[key, item] : value.as_dict())
      collect_shapes(item, shapes);
  if (!value.is_list())
    return;
  const ConfigValue::List &list = value.as_list();
  bool is_shape = !list.empty() && !list.front().is_list() && !list.front().is_dict();
  if (!is_shape) {
    for (const ConfigValue &item : list)
      collect_shapes(item, shapes);
    return;
  }
  Shape &shape = shapes.emplace_back();
  for (const ConfigValue &dim : list)
    shape.push_back(dim.is_null() ? None : dim.as_int());
}

/// Gives a model whose call is C++ the inputs that it had when it was saved.
static void build_as_saved(const ConfigValue &envelope, SubclassedModel &model) {
  const ConfigValue *build = envelope.find("build_config");
  std::vector<Shape> shapes;
  if (build && build->is_dict())
    collect_shapes(*build, shapes);
  std::vector<Tensor> inputs;
  for (Shape &shape : shapes) {
    if (!shape.empty() && !model.stateful())
      shape[0] = None;
    inputs.emplace_back(shape, model.compute_dtype());
  }
  if (!inputs.empty())
    model.accept(inputs);
}

std::shared_ptr<Network> ModelReader::read_model(const ConfigValue &envelope) {
  std::string name = name_of(envelope);
  LayerMaker own = find_layer(envelope.string_or("registered_name", class_of(envelope)));
  if (own && !is_model_config(envelope)) {
    auto model = std::dynamic_pointer_cast<SubclassedModel>(read_layer(envelope));
    require(model != nullptr, {.where = name,
                               .what = "the file holds a layer and not a model",
                               .found = class_of(envelope)});
    build_as_saved(envelope, *model);
    return model;
  }
  const ConfigValue &config = envelope.at("config");
  if (class_of(envelope) == "Sequential") {
    auto network = read_sequential(envelope, name, config);
    network->training_state() = training_state_of_archive(envelope, nullptr);
    return network;
  }
  if (!is_model_config(envelope))
    throw UnsupportedError(
        {.what = "the file holds no graph: " + class_of(envelope) + " is not a model of layers",
         .expected = "a Functional or Sequential model",
         .hint = "models with a call() of their own are saved without it; rebuild the model with "
                 "keras.Model(inputs, outputs) and save that"});
  auto network = read_functional(name, envelope, config);
  network->training_state() = training_state_of_archive(envelope, nullptr);
  return network;
}

static bool is_trainable(const ConfigValue &config) {
  const ConfigValue *trainable = config.find("trainable");
  return !trainable || !trainable->is_bool() || trainable->as_bool();
}

/// What add_loss and add_metric of the model left in its envelope.
static void read_added(const ConfigValue &envelope, const GraphReader &graph, Network &network) {
  const ConfigValue *added = envelope.find("added");
  if (!added)
    return;
  for (const ConfigValue &entry : added->as_list()) {
    TensorStructure value = graph.read_structure(entry.at("tensor"), true);
    require(value.tensors.size() == 1,
            {.what = "an added loss is no tensor", .found = entry.str()});
    if (entry.at("kind").as_string() == "loss")
      network.add_loss(value.tensors.front());
    else
      network.add_metric(value.tensors.front(), entry.at("name").as_string());
  }
}

std::shared_ptr<Network> ModelReader::read_functional(const std::string &name,
                                                      const ConfigValue &envelope,
                                                      const ConfigValue &given) {
  ConfigValue config = without_string_inputs(given);
  ConfigValue::List entries = config.at("layers").as_list();
  std::vector<LayerPtr> layers;
  for (ConfigValue &entry : entries) {
    if (is_tensorflow_function(entry)) {
      try {
        entry = modernize_tensorflow_function(entry);
      } catch (const Error &error) {
        rethrow_within(error, name_of(entry));
      }
    }
    layers.push_back(read_layer(entry));
  }
  GraphReader graph(entries, layers);
  auto network = std::make_shared<Network>(graph.read_structure(config.at("input_layers"), false),
                                           graph.read_structure(config.at("output_layers"), true),
                                           name, graph.used_layers());
  read_added(envelope, graph, *network);
  // True says nothing: layers inside have flags of their own.
  if (!is_trainable(config))
    network->set_trainable(false);
  return network;
}

/// The shape that a Sequential model without InputLayer was built for, if the file says it.
static const ConfigValue *stacked_input_shape(const ConfigValue &envelope,
                                              const ConfigValue &config,
                                              const ConfigValue::List &layers) {
  const ConfigValue *shape = config.find("build_input_shape");
  if (!shape || shape->is_null())
    if (const ConfigValue *build = envelope.find("build_config"))
      shape = build->find("input_shape");
  if ((!shape || shape->is_null()) && !layers.empty())
    if (const ConfigValue *first = layers.front().find("config")) {
      shape = first->find("batch_input_shape");
      if (!shape || shape->is_null())
        shape = first->find("batch_shape");
    }
  return shape && shape->is_list() ? shape : nullptr;
}

std::shared_ptr<Network> ModelReader::read_sequential(const ConfigValue &envelope,
                                                      const std::string &name,
                                                      const ConfigValue &config) {
  // Keras 1 wrote the bare list of layers.
  ConfigValue list = without_string_input(config.is_list() ? config : config.at("layers"));
  const ConfigValue::List &entries = list.as_list();
  std::vector<LayerPtr> layers;
  for (const ConfigValue &entry : entries)
    layers.push_back(read_layer(entry));
  bool has_input = !layers.empty() && layers.front()->class_name() == "InputLayer";
  const ConfigValue *shape = stacked_input_shape(envelope, config, entries);
  if (!layers.empty() && !has_input && shape) {
    ConfigValue input = ConfigValue::Dict{{"batch_shape", *shape}};
    const ConfigValue *first = entries.front().find("config");
    bool takes_ids = layers.front()->class_name() == "Embedding";
    if (const ConfigValue *dtype = first ? first->find("batch_input_dtype") : nullptr)
      input.set("dtype", *dtype);
    else if (takes_ids)
      input.set("dtype", "float32");
    layers.insert(layers.begin(), layers::InputLayer::from_config(input, *this));
  }
  const ConfigValue *dtype = config.find("dtype");
  auto model = std::make_shared<SequentialNetwork>(
      name, is_trainable(config), dtype ? DTypePolicy::from_config(*dtype) : DTypePolicy());
  model->add(layers);
  return model;
}

void ModelReader::check_layers(const ConfigValue &envelope, const std::string &path,
                               std::vector<Problem> &problems) {
  const ConfigValue *config = envelope.find("config");
  const ConfigValue *given = !config             ? nullptr
                             : config->is_list() ? config
                                                 : config->find("layers");
  if (given && given->is_list() && is_model_config(envelope)) {
    bool stack = class_of(envelope) == "Sequential";
    ConfigValue cut = stack ? without_string_input(*given) : without_string_inputs(*config);
    const ConfigValue *layers = stack ? &cut : &cut.at("layers");
    require(depth_ < max_depth, {.where = path, .what = "layers are nested too deep"});
    ++depth_;
    for (const ConfigValue &entry : layers->as_list())
      check_layers(entry, path + (path.empty() ? "" : "/") + name_of(entry), problems);
    --depth_;
    return;
  }
  try {
    read_layer(envelope);
  } catch (const Error &error) {
    problems.push_back(Problem::of(error));
    problems.back().parts.where = path;
  }
}

std::vector<Problem> ModelReader::check_layers(const ConfigValue &envelope) {
  std::vector<Problem> problems;
  check_layers(envelope, "", problems);
  return problems;
}

} // namespace horn::saving
