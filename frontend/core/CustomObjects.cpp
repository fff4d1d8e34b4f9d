// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/CustomObjects.h"

#include "frontend/core/Layer.h"

#include <list>
#include <mutex>

namespace horn {

/// "my>Name" is also known as "Name".
static std::string_view short_name(std::string_view name) {
  return name.substr(name.rfind('>') + 1); // npos + 1 is 0
}

namespace {
/// Objects of one kind. Entries stay where they are: others hold pointers to them.
template <class Function> class Registry {
public:
  void add(std::string name, Function function) {
    require(!short_name(name).empty(),
            {.what = "an object is registered without a name", .expected = "\"package>Name\""});
    require(function != nullptr,
            {.where = name, .what = "an object is registered without a function"});
    std::lock_guard lock(mutex_);
    objects_.push_front({std::move(name), std::move(function)});
  }

  const CustomObject<Function> *find(std::string_view name) {
    std::lock_guard lock(mutex_);
    for (const CustomObject<Function> &object : objects_)
      if (object.name == name)
        return &object;
    for (const CustomObject<Function> &object : objects_)
      if (short_name(object.name) == name)
        return &object;
    return nullptr;
  }

private:
  std::mutex mutex_;
  std::list<CustomObject<Function>> objects_; // the latest first
};
} // namespace

static Registry<ActivationFunction> &activations() {
  static Registry<ActivationFunction> registry;
  return registry;
}
static Registry<WeightFunction> &regularizers() {
  static Registry<WeightFunction> registry;
  return registry;
}
static Registry<WeightFunction> &constraints() {
  static Registry<WeightFunction> registry;
  return registry;
}
static Registry<InitializerFunction> &initializers() {
  static Registry<InitializerFunction> registry;
  return registry;
}

void register_activation(std::string name, ActivationFunction function) {
  activations().add(std::move(name), std::move(function));
}
void register_regularizer(std::string name, WeightFunction function) {
  regularizers().add(std::move(name), std::move(function));
}
void register_constraint(std::string name, WeightFunction function) {
  constraints().add(std::move(name), std::move(function));
}
void register_initializer(std::string name, InitializerFunction function) {
  initializers().add(std::move(name), std::move(function));
}

const CustomObject<ActivationFunction> *find_custom_activation(std::string_view name) {
  return activations().find(name);
}
const CustomObject<WeightFunction> *find_custom_regularizer(std::string_view name) {
  return regularizers().find(name);
}
const CustomObject<WeightFunction> *find_custom_constraint(std::string_view name) {
  return constraints().find(name);
}
const CustomObject<InitializerFunction> *find_custom_initializer(std::string_view name) {
  return initializers().find(name);
}

ConfigValue custom_envelope(const std::string &registered_name, const ConfigValue &config) {
  ConfigValue envelope = ConfigValue::envelope("", short_name(registered_name), config);
  envelope.set("registered_name", registered_name);
  return envelope;
}

std::string_view object_name(const ConfigValue &value) {
  if (value.is_string())
    return value.as_string();
  std::string_view registered = value.string_or("registered_name", "");
  return registered.empty() ? std::string_view(value.at("class_name").as_string()) : registered;
}

} // namespace horn
