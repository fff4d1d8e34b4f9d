// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Configurations as YAML, through yaml-cpp, which no other file sees.
#pragma once

#include "frontend/core/ConfigValue.h"
#include "frontend/saving/Limits.h"

namespace horn::saving {

/// The text of a configuration. Strings are quoted, so that none reads as another type.
std::string yaml_text(const ConfigValue &value);

/// Parses one document. Tuples of Python are lists, as in JSON; other tags, which could ask for
/// objects of Python, are refused. `where` names the text in messages.
/// **Errors** Error with line and column for bad syntax, and for the limits json_bytes, json_depth
/// and json_tokens (what an alias stands for counts every time).
ConfigValue parse_yaml(std::string_view text, const std::string &where,
                       const Limits &limits = default_limits);

} // namespace horn::saving
