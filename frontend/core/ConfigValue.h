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
    size_t index = 0; ///< place among the tensors
    /// Whether both stand for the same tensor.
    friend bool operator==(const TensorRef &, const TensorRef &) = default;
  };
  /// Values in order.
  using List = std::vector<ConfigValue>;
  /// Names and values, in order.
  using Dict = std::vector<std::pair<std::string, ConfigValue>>;

  ConfigValue() = default;
  ConfigValue(std::nullptr_t) {}                                      ///< null
  ConfigValue(bool value) : value_(value) {}                          ///< a bool
  ConfigValue(int value) : value_(int64_t{value}) {}                  ///< an integer
  ConfigValue(int64_t value) : value_(value) {}                       ///< an integer
  ConfigValue(double value) : value_(value) {}                        ///< a floating number
  ConfigValue(const char *value) : value_(std::string(value)) {}      ///< a string
  ConfigValue(std::string_view value) : value_(std::string(value)) {} ///< a string
  ConfigValue(std::string value) : value_(std::move(value)) {}        ///< a string
  ConfigValue(List value) : value_(std::move(value)) {}               ///< a list
  ConfigValue(Dict value) : value_(std::move(value)) {}               ///< a dictionary
  ConfigValue(TensorRef value) : value_(value) {}                     ///< a tensor
  ConfigValue(const std::vector<int64_t> &values);                    ///< a list of integers
  ConfigValue(const std::vector<double> &values); ///< a list of floating numbers
  /// A list, empty unless given.
  static ConfigValue list(List values = {}) { return ConfigValue(std::move(values)); }
  /// A dictionary, empty unless given.
  static ConfigValue dict(Dict items = {}) { return ConfigValue(std::move(items)); }

  /// Whether it is null.
  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  /// Whether it is a bool.
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  /// Whether it is an integer.
  bool is_int() const { return std::holds_alternative<int64_t>(value_); }
  /// Whether it is an integer or a floating number.
  bool is_number() const { return is_int() || std::holds_alternative<double>(value_); }
  /// Whether it is a string.
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  /// Whether it is a list.
  bool is_list() const { return std::holds_alternative<List>(value_); }
  /// Whether it is a dictionary.
  bool is_dict() const { return std::holds_alternative<Dict>(value_); }
  /// Whether it stands for a tensor.
  bool is_tensor() const { return std::holds_alternative<TensorRef>(value_); }

  /// The value as a C++ type. Throws Error "expected an integer, found ..." for other kinds; a
  /// floating number that is whole counts as an integer.
  bool as_bool() const;
  int64_t as_int() const;               ///< as as_bool
  double as_number() const;             ///< as as_bool
  const std::string &as_string() const; ///< as as_bool
  const List &as_list() const;          ///< as as_bool
  const Dict &as_dict() const;          ///< as as_bool
  size_t as_tensor() const;             ///< place among the tensors; as as_bool
  /// A list of integers; a single integer is a list of one.
  std::vector<int64_t> as_ints() const;
  /// A list of numbers; a single number is a list of one.
  std::vector<double> as_numbers() const;
  /// The list, to be changed. Throws Error when it is none.
  List &mutable_list();
  /// The dictionary, to be changed. Throws Error when it is none.
  Dict &mutable_dict();

  /// The item of a dictionary, or nothing when there is none or this is no dictionary.
  const ConfigValue *find(std::string_view key) const;
  /// The item of a dictionary. Throws Error that names the key when it is missing.
  const ConfigValue &at(std::string_view key) const;
  /// The string under `key`, or `otherwise` when there is none.
  std::string_view string_or(std::string_view key, std::string_view otherwise) const;
  /// Adds an item to a dictionary, or replaces it.
  void set(std::string_view key, ConfigValue value);
  /// Takes an item out of a dictionary, if it is there.
  void erase(std::string_view key);

  /// An envelope {"module", "class_name", "config", "registered_name"}, as Keras 3 writes objects.
  static ConfigValue envelope(std::string_view module, std::string_view class_name,
                              ConfigValue config);

  /// JSON on one line, for messages; long texts are cut to `limit` characters.
  std::string str(size_t limit = 80) const;
  /// What kind of value this is, for messages: "a string", "null".
  std::string_view kind() const;

  /// Whether kinds and values are the same; 1 and 1.0 differ.
  friend bool operator==(const ConfigValue &, const ConfigValue &) = default;

private:
  std::variant<std::monostate, bool, int64_t, double, std::string, List, Dict, TensorRef> value_;
};

} // namespace horn
