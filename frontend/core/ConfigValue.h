// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A small tree of values: what a Keras configuration, or the arguments of a call, is made of.
// It knows JSON's kinds and one more: a tensor, by its number among the tensors of a call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace horn {

/// Null, bool, integer, floating number, string, list, dictionary (in order) or tensor reference.
class ConfigValue {
public:
  /// Stands for a tensor among the arguments of a call: its place in Arguments::tensors.
  struct TensorRef {
    size_t index = 0;
    friend bool operator==(const TensorRef &, const TensorRef &) = default;
  };
  using List = std::vector<ConfigValue>;
  using Dict = std::vector<std::pair<std::string, ConfigValue>>;

  ConfigValue() = default;
  ConfigValue(std::nullptr_t) {}
  ConfigValue(bool value) : value_(value) {}
  ConfigValue(int value) : value_(int64_t{value}) {}
  ConfigValue(int64_t value) : value_(value) {}
  ConfigValue(double value) : value_(value) {}
  ConfigValue(const char *value) : value_(std::string(value)) {}
  ConfigValue(std::string_view value) : value_(std::string(value)) {}
  ConfigValue(std::string value) : value_(std::move(value)) {}
  ConfigValue(List value) : value_(std::move(value)) {}
  ConfigValue(Dict value) : value_(std::move(value)) {}
  ConfigValue(TensorRef value) : value_(value) {}
  ConfigValue(const std::vector<int64_t> &values);
  ConfigValue(const std::vector<double> &values);
  static ConfigValue list(List values = {}) { return ConfigValue(std::move(values)); }
  static ConfigValue dict(Dict items = {}) { return ConfigValue(std::move(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_int() const { return std::holds_alternative<int64_t>(value_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_list() const { return std::holds_alternative<List>(value_); }
  bool is_dict() const { return std::holds_alternative<Dict>(value_); }
  bool is_tensor() const { return std::holds_alternative<TensorRef>(value_); }

  /// The value as a C++ type. Throws Error "expected an integer, found ..." for other kinds; a
  /// floating number that is whole counts as an integer.
  bool as_bool() const;
  int64_t as_int() const;
  double as_number() const;
  const std::string &as_string() const;
  const List &as_list() const;
  const Dict &as_dict() const;
  size_t as_tensor() const;
  /// A list of integers; a single integer is a list of one.
  std::vector<int64_t> as_ints() const;
  std::vector<double> as_numbers() const;
  List &mutable_list();
  Dict &mutable_dict();

  /// The item of a dictionary, or nothing when there is none or this is no dictionary.
  const ConfigValue *find(std::string_view key) const;
  /// The item of a dictionary. Throws Error that names the key when it is missing.
  const ConfigValue &at(std::string_view key) const;
  /// The string under `key`, or `otherwise` when there is none.
  std::string_view string_or(std::string_view key, std::string_view otherwise) const;
  /// Adds an item to a dictionary, or replaces it.
  void set(std::string_view key, ConfigValue value);
  void erase(std::string_view key);

  /// An envelope {"module", "class_name", "config", "registered_name"}, as Keras 3 writes objects.
  static ConfigValue envelope(std::string_view module, std::string_view class_name,
                              ConfigValue config);

  /// JSON on one line, for messages; long texts are cut to `limit` characters.
  std::string str(size_t limit = 80) const;
  /// What kind of value this is, for messages: "a string", "null".
  std::string_view kind() const;

  friend bool operator==(const ConfigValue &, const ConfigValue &) = default;

private:
  std::variant<std::monostate, bool, int64_t, double, std::string, List, Dict, TensorRef> value_;
};

} // namespace horn
