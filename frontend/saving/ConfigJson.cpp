// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ConfigJson.h"

#include "frontend/core/Error.h"
#include "frontend/saving/Json.h"

#include <nlohmann/json.hpp>

namespace horn::saving {

using Json = nlohmann::ordered_json;

static ConfigValue from_json(Json &json) {
  switch (json.type()) {
  case Json::value_t::boolean:
    return json.get<bool>();
  case Json::value_t::number_integer:
    return json.get<int64_t>();
  case Json::value_t::number_unsigned:
    if (json.get<uint64_t>() > INT64_MAX)
      return json.get<double>();
    return json.get<int64_t>();
  case Json::value_t::number_float:
    return json.get<double>();
  case Json::value_t::string:
    return std::move(json.get_ref<std::string &>());
  case Json::value_t::array: {
    ConfigValue::List list;
    list.reserve(json.size());
    for (Json &item : json)
      list.push_back(from_json(item));
    return list;
  }
  case Json::value_t::object: {
    ConfigValue::Dict items;
    for (auto &[key, item] : json.items())
      items.emplace_back(key, from_json(item));
    return items;
  }
  default:
    return nullptr;
  }
}

static Json to_json(const ConfigValue &value) {
  if (value.is_null())
    return nullptr;
  if (value.is_bool())
    return value.as_bool();
  if (value.is_int())
    return value.as_int();
  if (value.is_number())
    return value.as_number();
  if (value.is_string())
    return value.as_string();
  if (value.is_list()) {
    Json list = Json::array();
    for (const ConfigValue &item : value.as_list())
      list.push_back(to_json(item));
    return list;
  }
  if (!value.is_dict())
    throw Error({.what = "a tensor reference cannot be written as JSON"});
  Json object = Json::object();
  for (const auto &[key, item] : value.as_dict())
    object[key] = to_json(item);
  return object;
}

ConfigValue parse_config(std::string_view text, const std::string &where, const Limits &limits) {
  Json json = parse_json(text, where, limits);
  return from_json(json);
}

std::string config_text(const ConfigValue &value, int indent) {
  return json_text(to_json(value), indent);
}

} // namespace horn::saving
