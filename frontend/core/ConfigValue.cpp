// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/ConfigValue.h"

#include "frontend/core/Error.h"

#include <charconv>
#include <cmath>

namespace horn {

ConfigValue::ConfigValue(const std::vector<int64_t> &values)
    : value_(List(values.begin(), values.end())) {}
ConfigValue::ConfigValue(const std::vector<double> &values)
    : value_(List(values.begin(), values.end())) {}

std::string_view ConfigValue::kind() const {
  static constexpr std::string_view names[] = {"null",     "a boolean", "an integer",   "a number",
                                               "a string", "a list",    "a dictionary", "a tensor"};
  return names[value_.index()];
}

[[noreturn]] static void throw_kind(const ConfigValue &value, std::string_view expected) {
  std::string found(value.kind());
  if (!value.is_null())
    found += " " + value.str(40);
  throw Error({.what = "wrong kind of value", .expected = std::string(expected), .found = found});
}

bool ConfigValue::as_bool() const {
  if (const bool *value = std::get_if<bool>(&value_))
    return *value;
  throw_kind(*this, "a boolean");
}

int64_t ConfigValue::as_int() const {
  if (const int64_t *value = std::get_if<int64_t>(&value_))
    return *value;
  if (const double *value = std::get_if<double>(&value_))
    if (std::abs(*value) < 9007199254740992.0 && std::floor(*value) == *value)
      return static_cast<int64_t>(*value);
  throw_kind(*this, "an integer");
}

double ConfigValue::as_number() const {
  if (const int64_t *value = std::get_if<int64_t>(&value_))
    return static_cast<double>(*value);
  if (const double *value = std::get_if<double>(&value_))
    return *value;
  throw_kind(*this, "a number");
}

const std::string &ConfigValue::as_string() const {
  if (const std::string *value = std::get_if<std::string>(&value_))
    return *value;
  throw_kind(*this, "a string");
}

const ConfigValue::List &ConfigValue::as_list() const {
  if (const List *value = std::get_if<List>(&value_))
    return *value;
  throw_kind(*this, "a list");
}

const ConfigValue::Dict &ConfigValue::as_dict() const {
  if (const Dict *value = std::get_if<Dict>(&value_))
    return *value;
  throw_kind(*this, "a dictionary");
}

size_t ConfigValue::as_tensor() const {
  if (const TensorRef *value = std::get_if<TensorRef>(&value_))
    return value->index;
  throw_kind(*this, "a tensor");
}

std::vector<int64_t> ConfigValue::as_ints() const {
  if (!is_list())
    return {as_int()};
  std::vector<int64_t> values;
  for (const ConfigValue &item : as_list())
    values.push_back(item.as_int());
  return values;
}

std::vector<double> ConfigValue::as_numbers() const {
  if (!is_list())
    return {as_number()};
  std::vector<double> values;
  for (const ConfigValue &item : as_list())
    values.push_back(item.as_number());
  return values;
}

ConfigValue::List &ConfigValue::mutable_list() { return const_cast<List &>(as_list()); }
ConfigValue::Dict &ConfigValue::mutable_dict() { return const_cast<Dict &>(as_dict()); }

const ConfigValue *ConfigValue::find(std::string_view key) const {
  if (const Dict *items = std::get_if<Dict>(&value_))
    for (const auto &[name, value] : *items)
      if (name == key)
        return &value;
  return nullptr;
}

const ConfigValue &ConfigValue::at(std::string_view key) const {
  if (!is_dict())
    throw_kind(*this, "a dictionary with the key " + std::string(key));
  if (const ConfigValue *value = find(key))
    return *value;
  throw Error({.what = "missing key", .expected = std::string(key), .found = str()});
}

std::string_view ConfigValue::string_or(std::string_view key, std::string_view otherwise) const {
  const ConfigValue *value = find(key);
  return value && value->is_string() ? std::string_view(value->as_string()) : otherwise;
}

void ConfigValue::set(std::string_view key, ConfigValue value) {
  if (is_null())
    value_ = Dict();
  for (auto &[name, old] : mutable_dict())
    if (name == key) {
      old = std::move(value);
      return;
    }
  mutable_dict().emplace_back(std::string(key), std::move(value));
}

void ConfigValue::erase(std::string_view key) {
  std::erase_if(mutable_dict(), [&](const auto &item) { return item.first == key; });
}

ConfigValue ConfigValue::envelope(std::string_view module, std::string_view class_name,
                                  ConfigValue config) {
  return Dict{{"module", module.empty() ? ConfigValue() : ConfigValue(module)},
              {"class_name", class_name},
              {"config", std::move(config)},
              {"registered_name", nullptr}};
}

static void append_quoted(const std::string &text, std::string &out) {
  out += '"';
  for (char c : text)
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  out += '"';
}

namespace {
/// Writes a value; stops once `limit` characters are there.
struct Printer {
  std::string &out;
  size_t limit;

  void operator()(std::monostate) { out += "null"; }
  void operator()(bool value) { out += value ? "true" : "false"; }
  void operator()(int64_t value) { out += std::to_string(value); }
  void operator()(double value) {
    char digits[32];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }
  void operator()(const std::string &value) { append_quoted(value.substr(0, limit), out); }
  void operator()(ConfigValue::TensorRef value) { out += "tensor " + std::to_string(value.index); }
  void operator()(const ConfigValue::List &values) {
    out += '[';
    for (size_t i = 0; i < values.size() && out.size() <= limit; ++i)
      (out += i ? ", " : "") += values[i].str(limit);
    out += ']';
  }
  void operator()(const ConfigValue::Dict &items) {
    out += '{';
    for (size_t i = 0; i < items.size() && out.size() <= limit; ++i) {
      out += i ? ", " : "";
      append_quoted(items[i].first, out);
      (out += ": ") += items[i].second.str(limit);
    }
    out += '}';
  }
};
} // namespace

std::string ConfigValue::str(size_t limit) const {
  std::string text;
  std::visit(Printer{text, limit}, value_);
  if (text.size() > limit)
    text = text.substr(0, limit) + "...";
  return text;
}

} // namespace horn
