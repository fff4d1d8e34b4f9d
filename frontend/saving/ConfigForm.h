// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The form in which Keras 3 takes arguments of layers, where Horn's own is more general.
#pragma once

#include "frontend/core/ConfigValue.h"

namespace horn::saving {

/// A layer's configuration as Keras 3 takes it. `written` holds the layer's fields. `given`, if
/// any, is what a file said: its order, the arguments that Horn has no use for, and numbers that
/// stand for lists of one are taken from there.
ConfigValue config_in_keras_form(std::string_view class_name, const ConfigValue &written,
                                 const ConfigValue *given);

} // namespace horn::saving
