// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Labels.h"

#include "frontend/core/Error.h"
#include "frontend/saving/Json.h"
#include "tools/horn/Files.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace horn::cli {

using Json = nlohmann::ordered_json;

static constexpr size_t most_labels = 1'000'000;

static std::string label_of(const Json &value, const std::string &where) {
  if (value.is_array() && !value.empty())
    return label_of(value.back(), where);
  if (!value.is_string())
    throw Error({.where = where,
                 .what = "a label is not a text",
                 .found = value.dump(-1, ' ', true).substr(0, 40)});
  return value.get<std::string>();
}

static std::vector<std::string> labels_of(const Json &value, const std::string &where) {
  std::vector<std::string> labels;
  if (value.is_array())
    for (const Json &item : value)
      labels.push_back(label_of(item, where));
  if (!value.is_object())
    return labels;
  for (const auto &[key, item] : value.items()) {
    size_t number = most_labels;
    auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc() || end != key.data() + key.size() || number >= most_labels)
      throw Error({.where = where, .what = "not the number of a class", .found = key});
    if (labels.size() <= number)
      labels.resize(number + 1);
    labels[number] = label_of(item, where);
  }
  return labels;
}

std::vector<std::string> read_labels(const std::filesystem::path &path) {
  std::string text = read_text(path);
  if (path.extension() == ".json")
    return labels_of(saving::parse_json(text, path.string()), path.string());
  std::vector<std::string> labels;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = text.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r')
      line.pop_back();
    labels.push_back(std::move(line));
    begin = end + 1;
  }
  return labels;
}

} // namespace horn::cli
