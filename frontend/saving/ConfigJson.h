// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON text to and from ConfigValue.
#pragma once

#include "frontend/core/ConfigValue.h"
#include "frontend/saving/Limits.h"

namespace horn::saving {

/// The value of a JSON text. `where` names the text in messages. Throws Error.
ConfigValue parse_config(std::string_view text, const std::string &where,
                         const Limits &limits = default_limits);
/// JSON text; on one line unless `indent` is at least 0. Throws Error for a tensor reference.
std::string config_text(const ConfigValue &value, int indent = -1);

} // namespace horn::saving
