// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models that take strings: they are cut behind the layers that make numbers of them.
#pragma once

#include "frontend/core/ConfigValue.h"

namespace horn::saving {

/// The layers of a Functional (`config` as in files) where each input of strings that one
/// StringLookup or TextVectorization takes is replaced by an input of what that layer gives, under
/// the layer's name. Other configurations come back as they are.
ConfigValue without_string_inputs(const ConfigValue &config);
/// The same for the layers of a Sequential.
ConfigValue without_string_input(const ConfigValue &layers);

} // namespace horn::saving
