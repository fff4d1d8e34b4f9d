// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Json.h"

#include "frontend/core/Error.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>

namespace horn::saving {

using nlohmann::ordered_json;

/// "line 3, column 14" of a byte position.
static std::string placeOf(std::string_view text, size_t position) {
  std::string_view before = text.substr(0, position);
  size_t line = 1 + static_cast<size_t>(std::count(before.begin(), before.end(), '\n'));
  size_t start = before.rfind('\n');
  size_t column = before.size() - (start == before.npos ? 0 : start + 1);
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

namespace {
/// Builds a value from the parser's events; the parser itself does not recurse.
class Builder : public nlohmann::json_sax<ordered_json> {
public:
  explicit Builder(const Limits &limits) : limits_(limits) {}

  ordered_json result;
  size_t errorPosition = 0;
  std::string errorText;

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t &) override { return add(value); }
  bool string(string_t &value) override { return add(std::move(value)); }
  bool binary(binary_t &) override { return false; }
  bool start_object(size_t) override { return open(ordered_json::object()); }
  bool key(string_t &name) override;
  bool end_object() override { return close(); }
  bool start_array(size_t) override { return open(ordered_json::array()); }
  bool end_array() override { return close(); }
  bool parse_error(size_t position, const std::string &lastToken,
                   const nlohmann::json::exception &error) override;

private:
  struct Level {
    ordered_json *value;
    std::unordered_set<std::string> keys; // an ordered object's own look-up is linear
  };
  bool add(ordered_json value) { return place(std::move(value)) != nullptr; }
  bool open(ordered_json value);
  bool close();
  ordered_json *place(ordered_json value);

  const Limits &limits_;
  std::vector<Level> levels_;
  std::string key_;
  uint64_t numTokens_ = 0;
};
} // namespace

ordered_json *Builder::place(ordered_json value) {
  if (++numTokens_ > limits_.json_tokens)
    throw Error({.what = "JSON text has more values than the limit json_tokens"});
  if (levels_.empty()) {
    result = std::move(value);
    return &result;
  }
  ordered_json &parent = *levels_.back().value;
  if (parent.is_array()) {
    parent.push_back(std::move(value));
    return &parent.back();
  }
  auto &members = parent.get_ref<ordered_json::object_t &>();
  using Members = ordered_json::object_t::Container;
  static_cast<Members &>(members).emplace_back(std::move(key_), std::move(value));
  return &members.back().second;
}

bool Builder::open(ordered_json value) {
  if (levels_.size() >= limits_.json_depth)
    throw Error({.what = "JSON text is nested deeper than the limit json_depth",
                 .expected = "at most " + std::to_string(limits_.json_depth)});
  ordered_json *placed = place(std::move(value));
  levels_.push_back({placed, {}});
  return true;
}

bool Builder::close() {
  levels_.pop_back();
  return true;
}

bool Builder::key(string_t &name) {
  if (!levels_.back().keys.insert(name).second)
    throw Error({.what = "JSON object has the key '" + name.substr(0, 100) + "' twice"});
  key_ = std::move(name);
  return true;
}

/// The library's text without its own prefix "[json.exception...] parse error at line ..: ".
static std::string plainReason(const char *text) {
  std::string_view reason = text;
  if (size_t end = reason.find(": "); end != reason.npos)
    reason.remove_prefix(end + 2);
  return std::string(reason.substr(0, 200));
}

bool Builder::parse_error(size_t position, const std::string &,
                          const nlohmann::json::exception &error) {
  errorPosition = position;
  errorText = plainReason(error.what());
  return false;
}

ordered_json parse_json(std::string_view text, const std::string &where, const Limits &limits) {
  if (text.size() > limits.json_bytes)
    throw Error({.where = where,
                 .what = "JSON text is larger than the limit json_bytes",
                 .expected = "at most " + std::to_string(limits.json_bytes) + " bytes",
                 .found = std::to_string(text.size())});
  Builder builder(limits);
  bool whole = false;
  try {
    whole = ordered_json::sax_parse(text.begin(), text.end(), &builder);
  } catch (const Error &error) {
    throw error.within(where);
  }
  if (!whole)
    throw Error({.where = where,
                 .what = "JSON text is malformed at " + placeOf(text, builder.errorPosition),
                 .found = builder.errorText});
  return std::move(builder.result);
}

std::string json_text(const ordered_json &value, int indent) {
  try {
    return value.dump(indent);
  } catch (const nlohmann::json::exception &error) {
    throw Error({.what = "value cannot be written as JSON", .found = plainReason(error.what())});
  }
}

} // namespace horn::saving
