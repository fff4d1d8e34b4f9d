// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which class a name in a file means.
#pragma once

#include "frontend/core/Fields.h"

#include <typeindex>

namespace horn {

/// Reads layers from configurations; given to layers that hold others.
class LayerReader {
public:
  virtual ~LayerReader();
  /// The layer of an envelope; equal shared_object_ids give the same layer. Throws Error.
  virtual LayerPtr read_layer(const ConfigValue &envelope) = 0;
};

/// Makes a layer from the `config` part of its envelope.
using LayerMaker = LayerPtr (*)(const ConfigValue &config, LayerReader &reader);

/// Registers a layer of one's own. `name` is what Keras writes as registered_name ("package>Class")
/// or the plain class name.
void register_layer(std::string name, std::type_index type, LayerMaker maker);
/// The maker for a class or registered name, or nullptr.
LayerMaker find_layer(std::string_view name);
/// The name a C++ class was registered under; empty when it was not.
std::string registered_name(std::type_index type);
/// All class names, aliases too, sorted.
std::vector<std::string> layer_names();

namespace detail {
/// Name and trainable of a layer whose constructor does not take them.
void set_configured(Layer &layer, const ConfigValue &config);
template <class L> LayerPtr make_registered(const ConfigValue &config, LayerReader &reader) {
  if constexpr (requires { L::from_config(config, reader); }) {
    return L::from_config(config, reader);
  } else if constexpr (requires(typename L::Config c) { c.fields(); }) {
    typename L::Config arguments;
    read_fields(arguments.fields(), config, registered_name(typeid(L)), reader);
    return std::make_shared<L>(std::move(arguments));
  } else {
    std::shared_ptr<L> layer;
    if constexpr (std::constructible_from<L, const ConfigValue &>)
      layer = std::make_shared<L>(config);
    else
      layer = std::make_shared<L>();
    set_configured(*layer, config);
    return layer;
  }
}
} // namespace detail

} // namespace horn

/// At namespace scope of a source file: makes the loader know a layer or model of one's own. The
/// class derives from Configured<C>, or has `static LayerPtr from_config(const ConfigValue &,
/// LayerReader &)`, a constructor from ConfigValue, or a default constructor.
#define HORN_REGISTER_LAYER(name, Class)                                                           \
  [[maybe_unused]] static const bool horn_registered_##Class =                                     \
      (::horn::register_layer(name, typeid(Class), ::horn::detail::make_registered<Class>), true)
