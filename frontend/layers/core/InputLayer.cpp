// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/InputLayer.h"

#include "frontend/core/CallContext.h"
#include "frontend/core/Node.h"

namespace horn {
namespace layers {

InputLayer::InputLayer(InputConfig config)
    : Layer(config.name, true, DTypePolicy(std::string(dtype_name(config.dtype)))),
      config_(std::move(config)) {
  require(!config_.batch_shape.empty(), {.what = "an input needs a shape with a batch axis"});
  for (int64_t dim : config_.batch_shape)
    require(dim >= None, {.what = "negative size in the shape of an input",
                          .expected = "sizes of at least 0, or None",
                          .found = std::to_string(dim)});
}

/// A shape in a configuration: null is None.
static Shape read_shape(const ConfigValue &value) {
  Shape shape;
  for (const ConfigValue &dim : value.as_list()) {
    shape.push_back(dim.is_null() ? None : dim.as_int());
    require(dim.is_null() || shape.back() >= 0,
            {.what = "negative size in a shape", .found = value.str()});
  }
  return shape;
}

static ConfigValue write_shape(const Shape &shape) {
  ConfigValue::List list;
  for (int64_t dim : shape)
    list.push_back(dim == None ? ConfigValue() : ConfigValue(dim));
  return list;
}

ConfigValue InputLayer::get_config() const {
  return ConfigValue::Dict{{"batch_shape", write_shape(config_.batch_shape)},
                           {"dtype", dtype_name(config_.dtype)},
                           {"sparse", false},
                           {"ragged", false},
                           {"name", name()},
                           {"optional", false}};
}

LayerPtr InputLayer::from_config(const ConfigValue &config, LayerReader &) {
  InputConfig input{.name = std::string(config.string_or("name", ""))};
  const ConfigValue *shape = config.find("batch_shape");
  if (!shape)
    shape = config.find("batch_input_shape");
  if (!shape || shape->is_null())
    throw UnsupportedError({.what = "an input without a shape", .expected = "batch_shape"});
  input.batch_shape = read_shape(*shape);
  if (const ConfigValue *dtype = config.find("dtype"); dtype && !dtype->is_null())
    input.dtype = DTypePolicy::from_config(*dtype).compute_dtype();
  for (const char *key : {"sparse", "ragged"})
    if (const ConfigValue *flag = config.find(key); flag && flag->is_bool() && flag->as_bool())
      throw UnsupportedError({.what = std::string(key) + " inputs are not supported",
                              .hint = "save the model with dense inputs"});
  auto layer = std::make_shared<InputLayer>(std::move(input));
  layer->ensure_name();
  return layer;
}

std::vector<Tensor> InputLayer::call_with(const Arguments &) {
  return {Tensor(config_.batch_shape, config_.dtype)};
}

Tensor InputLayer::tensor() {
  if (auto nodes = inbound_nodes(); !nodes.empty())
    return nodes.front()->output_tensor(0);
  CallScope top_level;
  return (*this)(Arguments()).front();
}

} // namespace layers

Tensor Input(const Shape &shape, InputOptions options) {
  auto layer = std::make_shared<layers::InputLayer>(
      layers::InputConfig{.batch_shape = Shape{options.batch_size}.concat(shape),
                          .dtype = options.dtype,
                          .name = std::move(options.name)});
  layer->ensure_name();
  return layer->tensor();
}

} // namespace horn
