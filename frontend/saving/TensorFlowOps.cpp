// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/TensorFlowOps.h"

#include "frontend/core/Error.h"
#include "frontend/saving/ConfigJson.h"

#include <algorithm>
#include <set>

namespace horn::saving {

namespace {
struct Function {
  std::string_view name, class_name, module, tensors, settings;
};
} // namespace

static constexpr Function functions[] = {
#define HORN_TENSORFLOW(function, Class, module, tensors, settings)                                \
  {function, #Class, #module, tensors, settings},
#include "frontend/saving/TensorFlowOps.def"
};

static std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> list;
  while (!text.empty()) {
    size_t end = std::min(text.find(' '), text.size());
    list.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

static ConfigValue special(std::string_view class_name, ConfigValue config) {
  return ConfigValue::Dict{{"class_name", class_name}, {"config", std::move(config)}};
}

static ConfigValue slice_of(const ConfigValue &value) {
  bool ellipsis = value.string_or("class_name", "") == "__ellipsis__" ||
                  (value.is_string() && value.as_string() == "Ellipsis");
  if (ellipsis)
    return special("__ellipsis__", ConfigValue::dict());
  if (value.is_dict())
    return special("__slice__", value);
  if (!value.is_list())
    return value;
  ConfigValue::List list;
  for (const ConfigValue &item : value.as_list())
    list.push_back(slice_of(item));
  return list;
}

static std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

/// A value as Keras 3 spells it, by the name of its argument there.
static ConfigValue modern_value(std::string_view name, const ConfigValue &value) {
  if (value.is_string()) {
    std::string text(value.as_string());
    if (name == "dtype" && text.starts_with("<dtype: '") && text.ends_with("'>"))
      return text.substr(9, text.size() - 11);
    if (name == "mode" || name == "padding")
      return lower(std::move(text));
  }
  bool four = value.is_list() && value.as_list().size() == 4;
  if (four && (name == "pool_size" || name == "strides")) // batch and channels have theirs too
    return ConfigValue::List{value.as_list()[1], value.as_list()[2]};
  if (name == "indices_or_sections" && value.is_list()) { // sizes become places to split at
    ConfigValue::List places;
    int64_t place = 0;
    for (size_t i = 0; i + 1 < value.as_list().size(); ++i)
      places.push_back(place += value.as_list()[i].as_int());
    return places;
  }
  return value;
}

namespace {
/// One call, its arguments being sorted out.
class Call {
public:
  Call(const Function &function, const ConfigValue &node) : function_(function) { read(node); }

  ConfigValue::List positional();
  ConfigValue::Dict settings();
  void check_rest() const;

  std::string_view class_name() const { return class_name_; }
  std::string_view module() const { return function_.module; }
  /// A product of matrices that are to be transposed.
  void transpose_factors();

private:
  void read(const ConfigValue &node);
  ConfigValue item(const ConfigValue &entry);

  const Function &function_;
  std::string_view class_name_ = function_.class_name;
  ConfigValue first_;
  ConfigValue named_ = ConfigValue::dict();
  std::set<std::string_view> used_ = {"name"};
  ConfigValue::Dict extra_;
};
} // namespace

/// A tensor or a constant: ["x", 0, 0, {...}] or ["_CONSTANT_VALUE", -1, value, {...}].
ConfigValue Call::item(const ConfigValue &entry) {
  const ConfigValue::List &parts = entry.as_list();
  if (parts.size() < 3)
    throw Error({.what = "wrong entry of inbound_nodes", .found = entry.str()});
  if (parts.size() > 3 && parts[3].is_dict() && named_.as_dict().empty())
    named_ = parts[3];
  if (parts[0].as_string() == "_CONSTANT_VALUE")
    return parts[2];
  return ConfigValue::List{parts[0], parts[1], parts[2]};
}

void Call::read(const ConfigValue &node) {
  if (node.as_list().empty())
    throw Error({.what = "wrong entry of inbound_nodes", .found = node.str()});
  if (node.as_list()[0].is_string()) {
    first_ = item(node);
    return;
  }
  ConfigValue::List list;
  for (const ConfigValue &entry : node.as_list())
    list.push_back(item(entry));
  first_ = std::move(list);
}

ConfigValue::List Call::positional() {
  std::vector<std::string_view> names = words(function_.tensors);
  ConfigValue::List list{first_};
  for (size_t i = 1; i < names.size(); ++i) {
    const ConfigValue *value = named_.find(names[i]);
    if (!value || value->is_null())
      throw UnsupportedError(
          {.what = std::string(function_.name) + " without argument " + std::string(names[i])});
    used_.insert(names[i]);
    list.push_back(names[i] == "slice_spec" ? slice_of(*value) : *value);
  }
  return list;
}

ConfigValue::Dict Call::settings() {
  ConfigValue settings = ConfigValue::dict();
  for (std::string_view word : words(function_.settings)) {
    size_t mark = std::min(word.find_first_of("=!>"), word.size());
    std::string_view name = word.substr(0, mark),
                     rest = word.substr(std::min(mark + 1, word.size()));
    const ConfigValue *given = named_.find(name);
    char kind = mark < word.size() ? word[mark] : ' ';
    if (kind == '=') {
      if (!settings.find(name))
        settings.set(name, parse_config(rest, "table"));
    } else if (kind == '!') {
      used_.insert(name);
      std::string text = !given || given->is_null() ? ""
                         : given->is_string()       ? std::string(given->as_string())
                                                    : given->str();
      if (!text.empty() && text != rest)
        throw UnsupportedError({.where = std::string(name),
                                .what = "an argument of " + std::string(function_.name) +
                                        " has a value that Horn does not have",
                                .expected = std::string(rest),
                                .found = text});
    } else if (given) {
      used_.insert(name);
      std::string_view modern = kind == '>' ? rest : name;
      settings.set(modern, modern_value(modern, *given));
    }
  }
  for (auto &[key, value] : extra_)
    settings.set(key, std::move(value));
  return settings.as_dict();
}

void Call::transpose_factors() {
  std::string a = "ij", b = "jk";
  for (auto [name, letters] : {std::pair("transpose_a", &a), std::pair("transpose_b", &b)})
    if (const ConfigValue *flag = named_.find(name); flag && flag->is_bool() && flag->as_bool()) {
      used_.insert(name);
      std::reverse(letters->begin(), letters->end());
      class_name_ = "Einsum";
    }
  if (class_name_ == "Einsum")
    extra_.emplace_back("subscripts", "..." + a + ",..." + b + "->...ik");
}

void Call::check_rest() const {
  for (const auto &[name, value] : named_.as_dict()) {
    bool nothing = value.is_null() || (value.is_bool() && !value.as_bool()) ||
                   (value.is_int() && value.as_int() == 0);
    bool only_a_name = name == "name"; // of TensorFlow's own node
    if (!nothing && !only_a_name && !used_.contains(name))
      throw UnsupportedError({.where = name,
                              .what = "unknown argument of " + std::string(function_.name),
                              .found = value.str()});
  }
}

bool is_tensorflow_function(const ConfigValue &entry) {
  std::string_view name = entry.string_or("class_name", "");
  return name == "TFOpLambda" || name == "SlicingOpLambda";
}

static const Function &function_of(const ConfigValue &entry) {
  const ConfigValue *config = entry.find("config");
  std::string_view name = config ? config->string_or("function", "") : "";
  for (const Function &function : functions)
    if (function.name == name)
      return function;
  throw UnsupportedError(
      {.what = "tf." + std::string(name) + ": this function of TensorFlow has no operation here",
       .hint = "build the model with layers or with keras.ops, and save it with Keras 3"});
}

ConfigValue modernize_tensorflow_function(const ConfigValue &entry) {
  const Function &function = function_of(entry);
  std::string name(entry.at("config").string_or("name", entry.string_or("name", "")));
  ConfigValue config = ConfigValue::Dict{{"name", name}};
  std::string_view class_name = function.class_name, module = function.module;
  ConfigValue::List nodes;
  if (const ConfigValue *calls = entry.find("inbound_nodes"))
    for (const ConfigValue &node : calls->as_list()) {
      Call call(function, node);
      if (class_name == "Matmul")
        call.transpose_factors();
      ConfigValue::List positional = call.positional();
      ConfigValue::Dict settings = call.settings();
      call.check_rest();
      class_name = call.class_name();
      for (auto &[key, value] : settings)
        config.set(key, std::move(value));
      nodes.push_back(ConfigValue::Dict{{"args", ConfigValue(std::move(positional))},
                                        {"kwargs", ConfigValue::dict()}});
    }
  std::string place = module == "layers" ? "keras.layers" : "keras.src.ops." + std::string(module);
  ConfigValue modern = ConfigValue::envelope(place, class_name, std::move(config));
  modern.set("name", name);
  modern.set("inbound_nodes", std::move(nodes));
  return modern;
}

} // namespace horn::saving
