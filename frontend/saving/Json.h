// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// JSON text to and from nlohmann's ordered_json (keys keep their order, so that a config is saved
// as it was read). Include <nlohmann/json.hpp> where values are used; this header only names them.
#pragma once

#include "frontend/saving/Limits.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace horn::saving {

/// Parses one JSON value. `where` names the text in messages: "m.keras: config.json".
/// **Errors** Error with line and column for bad syntax, bad UTF-8, numbers out of range, text
/// after the value, duplicate keys, and for the limits json_bytes, json_depth and json_tokens.
nlohmann::ordered_json parse_json(std::string_view text, const std::string &where,
                                  const Limits &limits = default_limits);

/// The text of a value, on one line unless `indent` is at least 0. Throws Error for texts that
/// are not UTF-8.
std::string json_text(const nlohmann::ordered_json &value, int indent = -1);

} // namespace horn::saving
