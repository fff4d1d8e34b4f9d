// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ConfigYaml.h"

#include "frontend/core/Error.h"

#include <charconv>
#include <cmath>
#include <unordered_set>
#include <yaml-cpp/yaml.h>

namespace horn::saving {

/// The shortest text that reads as the same floating number, and as no integer.
static std::string number_text(double value) {
  if (std::isnan(value))
    return ".nan";
  if (std::isinf(value))
    return value < 0 ? "-.inf" : ".inf";
  char buffer[32];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// Whether a list stands on one line: shapes and sizes do, layers do not.
static bool is_short(const ConfigValue &list) {
  for (const ConfigValue &item : list.as_list())
    if (item.is_dict() || (item.is_list() && !is_short(item)))
      return false;
  return true;
}

static void write(YAML::Emitter &out, const ConfigValue &value) {
  if (value.is_null()) {
    out << YAML::Null;
  } else if (value.is_bool()) {
    out << value.as_bool();
  } else if (value.is_int()) {
    out << value.as_int();
  } else if (value.is_number()) {
    out << number_text(value.as_number());
  } else if (value.is_string()) {
    out << YAML::DoubleQuoted << value.as_string();
  } else if (value.is_list()) {
    if (is_short(value))
      out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const ConfigValue &item : value.as_list())
      write(out, item);
    out << YAML::EndSeq;
  } else if (value.is_dict()) {
    if (value.as_dict().empty())
      out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto &[key, item] : value.as_dict()) {
      out << YAML::Key << YAML::DoubleQuoted << key << YAML::Value;
      write(out, item);
    }
    out << YAML::EndMap;
  } else {
    throw Error({.what = "a tensor reference cannot be written as YAML"});
  }
}

std::string yaml_text(const ConfigValue &value) {
  YAML::Emitter out;
  write(out, value);
  return std::string(out.c_str()) + "\n";
}

namespace {
class YamlReader {
public:
  YamlReader(const std::string &where, const Limits &limits) : where_(where), limits_(limits) {}

  ConfigValue read(const YAML::Node &node, size_t depth) {
    if (depth > limits_.json_depth)
      fail(node, "YAML is nested too deep", std::to_string(limits_.json_depth) + " levels");
    if (++tokens_ > limits_.json_tokens)
      fail(node, "YAML has too many values", std::to_string(limits_.json_tokens));
    check_tag(node);
    if (node.IsNull())
      return nullptr;
    if (node.IsScalar())
      return scalar(node);
    if (node.IsSequence()) {
      ConfigValue::List list;
      for (const YAML::Node &item : node)
        list.push_back(read(item, depth + 1));
      return list;
    }
    ConfigValue::Dict items;
    std::unordered_set<std::string> keys;
    for (const auto &pair : node) {
      if (!pair.first.IsScalar() || !keys.insert(pair.first.Scalar()).second)
        fail(pair.first, "a key of YAML is no text or is repeated", "different texts");
      items.emplace_back(pair.first.Scalar(), read(pair.second, depth + 1));
    }
    return items;
  }

private:
  [[noreturn]] void fail(const YAML::Node &node, std::string what, std::string expected) const {
    YAML::Mark mark = node.Mark();
    throw Error({.where = where_ + " line " + std::to_string(mark.line + 1),
                 .what = std::move(what),
                 .expected = std::move(expected)});
  }

  void check_tag(const YAML::Node &node) const {
    const std::string &tag = node.Tag();
    bool known = tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:") ||
                 tag == "!!python/tuple";
    if (!known || (tag.find("python/") != std::string::npos && !tag.ends_with("python/tuple")))
      fail(node, "unknown tag " + tag + " in YAML", "plain values");
  }

  ConfigValue scalar(const YAML::Node &node) const {
    const std::string &text = node.Scalar();
    if (node.Tag() == "!") // quoted
      return text;
    if (text == "null" || text == "~" || text.empty())
      return nullptr;
    if (text == "true" || text == "false")
      return text == "true";
    if (text == ".inf" || text == "-.inf")
      return text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
    if (text == ".nan")
      return std::nan("");
    const char *end = text.data() + text.size();
    int64_t integer = 0;
    if (auto result = std::from_chars(text.data(), end, integer); result.ptr == end)
      if (result.ec == std::errc())
        return integer;
    double number = 0;
    bool is_number = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
    if (auto result = std::from_chars(text.data(), end, number); is_number && result.ptr == end)
      if (result.ec == std::errc())
        return number;
    return text;
  }

  const std::string &where_;
  const Limits &limits_;
  size_t tokens_ = 0;
};
} // namespace

ConfigValue parse_yaml(std::string_view text, const std::string &where, const Limits &limits) {
  if (text.size() > limits.json_bytes)
    throw Error({.where = where,
                 .what = "the text is too long",
                 .expected = "at most " + std::to_string(limits.json_bytes) + " bytes",
                 .found = std::to_string(text.size())});
  try {
    return YamlReader(where, limits).read(YAML::Load(std::string(text)), 0);
  } catch (const YAML::Exception &error) {
    throw Error({.where = where + " line " + std::to_string(error.mark.line + 1) + " column " +
                          std::to_string(error.mark.column + 1),
                 .what = "no valid YAML: " + error.msg});
  }
}

} // namespace horn::saving
