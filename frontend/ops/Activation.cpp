// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Activation.h"

#include "frontend/core/CustomObjects.h"
#include "frontend/core/ErrorPath.h"
#include "frontend/core/Fields.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/NN.h"

namespace horn {

namespace {
struct NamedFunction {
  std::string_view name;
  Tensor (*function)(const Tensor &);
};
} // namespace

static constexpr NamedFunction functions[] = {
#define HORN_ACTIVATION(name, expression)                                                          \
  {#name, [](const Tensor &x) -> Tensor { return expression; }},
#include "frontend/ops/Activations.def"
};

static const NamedFunction *find_function(std::string_view name) {
  for (const NamedFunction &entry : functions)
    if (entry.name == name)
      return &entry;
  return nullptr;
}

Activation::Activation(const std::string &name) : name_(name) {
  if (auto *custom = find_custom_activation(name)) {
    name_ = custom->name;
    return;
  }
  require(find_function(name) != nullptr, {.what = "unknown activation function " + name,
                                           .hint = "see Activation::names() for those there are"});
}

Activation Activation::from_config(const ConfigValue &value) {
  if (value.is_null())
    return {};
  if (value.is_string())
    return Activation(value.as_string());
  std::string_view class_name = value.string_or("class_name", "");
  if (class_name == "function" && value.at("config").is_string())
    return Activation(value.at("config").as_string());
  throw UnsupportedError({.what = "unsupported activation " + value.str(),
                          .expected = "the name of a function or a layer such as LeakyReLU"});
}

ConfigValue Activation::get_config() const {
  if (find_custom_activation(name_))
    return ConfigValue::Dict{{"module", "builtins"},
                             {"class_name", "function"},
                             {"config", name_},
                             {"registered_name", "function"}};
  return layer_ ? envelope_of(*layer_) : name_;
}

Tensor Activation::operator()(const Tensor &x) const {
  if (layer_)
    return (*layer_)(x).front();
  if (auto *custom = find_custom_activation(name_))
    return custom->function(x);
  return find_function(name_)->function(x);
}

std::vector<std::string_view> Activation::names() {
  std::vector<std::string_view> names;
  for (const NamedFunction &entry : functions)
    names.push_back(entry.name);
  return names;
}

} // namespace horn
