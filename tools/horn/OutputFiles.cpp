// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Results for programs and to files.
#include "frontend/saving/Npy.h"
#include "frontend/saving/Safetensors.h"
#include "tools/horn/Files.h"
#include "tools/horn/Outputs.h"
#include "tools/horn/Text.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace horn::cli {

using Json = nlohmann::ordered_json;

static Json number_json(const Array &array, size_t index) {
  double value = array.at(index);
  if (array.dtype() == DType::boolean)
    return value != 0;
  if (is_integer(array.dtype()))
    return static_cast<int64_t>(value);
  return value; // not a number and infinities become null
}

/// Nested lists of the numbers of `axis` and those after it.
static Json values_json(const Array &array, size_t axis, size_t &next) {
  if (axis == array.shape().rank())
    return number_json(array, next++);
  Json list = Json::array();
  for (int64_t i = 0; i < array.shape()[axis]; ++i)
    list.push_back(values_json(array, axis + 1, next));
  return list;
}

static Json classes_json(const Array &array, const OutputOptions &options) {
  Json rows = Json::array();
  auto columns = static_cast<size_t>(array.shape()[1]);
  for (size_t row = 0; row < static_cast<size_t>(array.shape()[0]); ++row) {
    Json classes = Json::array();
    for (size_t number : top_classes(array, row, options.top ? options.top : 5)) {
      Json entry = {{"class", number}};
      if (number < options.labels.size())
        entry["label"] = options.labels[number];
      entry["probability"] = array.at(row * columns + number);
      classes.push_back(std::move(entry));
    }
    rows.push_back(std::move(classes));
  }
  return rows;
}

Json outputs_json(const std::vector<NamedOutput> &outputs, const OutputOptions &options) {
  Json list = Json::array();
  for (const NamedOutput &output : outputs) {
    size_t next = 0;
    Json entry = {{"name", output.name},
                  {"shape", output.array.shape().dims()},
                  {"dtype", dtype_name(output.array.dtype())},
                  {"values", values_json(output.array, 0, next)}};
    if (is_classification(output.array))
      entry["top"] = classes_json(output.array, options);
    list.push_back(std::move(entry));
  }
  return list;
}

/// A number that reads back as the same value.
static std::string exact_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

static std::string csv_text(const Array &array) {
  auto rows = static_cast<size_t>(array.shape().empty() ? 1 : array.shape()[0]);
  size_t columns = rows ? array.size() / rows : 0;
  std::string text;
  for (size_t i = 0; i < array.size(); ++i)
    text += exact_text(array.at(i)) + ((i + 1) % columns ? "," : "\n");
  return text;
}

static const NamedOutput &only_output(const std::filesystem::path &path,
                                      const std::vector<NamedOutput> &outputs) {
  if (outputs.size() != 1)
    throw Error({.where = path.string(),
                 .what = "this kind of file holds one array",
                 .found = count_text(outputs.size(), "output"),
                 .hint = "write a .safetensors or .json file"});
  return outputs.front();
}

void write_outputs(const std::filesystem::path &path, const std::vector<NamedOutput> &outputs,
                   const OutputOptions &options) {
  std::string suffix = path.extension().string();
  if (suffix == ".npy") {
    saving::write_npy(path, only_output(path, outputs).array);
  } else if (suffix == ".csv") {
    write_text(path, csv_text(only_output(path, outputs).array));
  } else if (suffix == ".json") {
    write_text(path,
               outputs_json(outputs, options).dump(-1, ' ', false, Json::error_handler_t::replace) +
                   "\n");
  } else if (suffix == ".safetensors") {
    std::vector<saving::NamedArray> arrays;
    for (const NamedOutput &output : outputs)
      arrays.push_back({output.name, output.array});
    saving::write_safetensors(path, arrays);
  } else {
    throw Error({.where = path.string(),
                 .what = "the suffix does not say what to write",
                 .expected = ".npy, .safetensors, .csv or .json"});
  }
}

} // namespace horn::cli
