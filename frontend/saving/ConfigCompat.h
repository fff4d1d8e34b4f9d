// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations of older Keras versions, and keys that mean nothing to a loader: one table.
#pragma once

#include "frontend/core/ConfigValue.h"

namespace horn::saving {

/// The configuration of a class with old names replaced by those of Keras 3.
ConfigValue modernize_config(std::string_view class_name, const ConfigValue &config);
/// Of the configuration of a whole model that Keras 1 or 2 wrote, what has the same name today and
/// another meaning: hard_sigmoid was clip(0.2 x + 0.5). `keras_version` is what the file says;
/// nothing is changed for later ones.
void rename_by_version(ConfigValue &config, std::string_view keras_version);
/// Accepts a key that a class does not know when it changes no result, or has the value that means
/// nothing. Otherwise throws UnsupportedError.
void check_unknown_key(std::string_view class_name, std::string_view key, const ConfigValue &value);
/// The name of a class today: "Model" is "Functional".
std::string_view modern_class_name(std::string_view class_name);

} // namespace horn::saving
