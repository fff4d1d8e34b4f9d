// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Inputs.h"

#include "frontend/saving/Csv.h"
#include "frontend/saving/Npy.h"
#include "frontend/saving/Safetensors.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace horn::cli {

namespace {
/// A file for an input; `input` is past the last one for a file that may hold all of them.
struct InputFile {
  size_t input = 0;
  std::string path, tensor;
};
} // namespace

static std::string suffix_of(const std::string &path) {
  std::string suffix = std::filesystem::path(path).extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return suffix;
}

static bool is_image(const std::string &path) {
  std::string suffix = suffix_of(path);
  return suffix == ".png" || suffix == ".jpg" || suffix == ".jpeg";
}

static double parse_number(std::string_view text, const std::string &where) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    throw Error({.where = where,
                 .what = "not a number",
                 .expected = "a number or a quotient such as 1/255",
                 .found = std::string(text)});
  return value;
}

double parse_factor(const std::string &text, const std::string &where) {
  size_t slash = text.find('/');
  double value = parse_number(std::string_view(text).substr(0, slash), where);
  if (slash == std::string::npos)
    return value;
  double divisor = parse_number(std::string_view(text).substr(slash + 1), where);
  if (divisor == 0)
    throw Error({.where = where, .what = "division by zero", .found = text});
  return value / divisor;
}

static std::string listed(const std::vector<std::string> &names) {
  std::string text;
  for (const std::string &name : names)
    (text += text.empty() ? "" : ", ") += name;
  return text;
}

/// Splits "FILE.safetensors:TENSOR". Names of tensors may have colons, too.
static void split_tensor(InputFile &file) {
  static constexpr std::string_view suffix = ".safetensors:";
  size_t found = file.path.find(suffix);
  if (found == std::string::npos || std::filesystem::exists(file.path))
    return;
  file.tensor = file.path.substr(found + suffix.size());
  file.path.resize(found + suffix.size() - 1);
}

static std::vector<InputFile> assign_files(const Model &model,
                                           const std::vector<std::string> &arguments) {
  std::vector<std::string> names = model.input_names();
  std::vector<InputFile> files;
  size_t unnamed = 0;
  for (const std::string &argument : arguments) {
    size_t equals = argument.find('=');
    auto named = std::find(names.begin(), names.end(), argument.substr(0, equals));
    InputFile file;
    if (equals != std::string::npos && named != names.end()) {
      file.input = static_cast<size_t>(named - names.begin());
      file.path = argument.substr(equals + 1);
    } else if (equals != std::string::npos && !std::filesystem::exists(argument)) {
      throw Error({.where = "--input",
                   .what = "the model has no input " + argument.substr(0, equals),
                   .expected = listed(names)});
    } else {
      file.input = names.size() == 1 ? 0 : unnamed++;
      file.path = argument;
    }
    split_tensor(file);
    files.push_back(std::move(file));
  }
  bool holds_all = names.size() > 1 && files.size() == 1 && unnamed == 1 &&
                   suffix_of(files[0].path) == ".safetensors" && files[0].tensor.empty();
  if (holds_all)
    files[0].input = names.size();
  else if (unnamed && (unnamed != names.size() || files.size() != unnamed))
    throw Error({.where = "--input",
                 .what = "which file is for which input",
                 .expected = "NAME=FILE for each of " + listed(names),
                 .found = std::to_string(unnamed) + " without a name"});
  return files;
}

static const Array &tensor_for(const saving::Safetensors &tensors, const InputFile &file,
                               const std::string &name, size_t index) {
  if (!file.tensor.empty())
    return tensors.at(file.tensor);
  std::string numbered = "input:" + std::to_string(index);
  for (const std::string &candidate : {name, numbered})
    if (tensors.has(candidate))
      return tensors.at(candidate);
  if (tensors.arrays.size() == 1 && file.input == index)
    return tensors.arrays[0].array;
  std::vector<std::string> names;
  for (const saving::NamedArray &entry : tensors.arrays)
    names.push_back(entry.name);
  throw Error({.where = file.path,
               .what = "cannot tell which tensor is for input " + name,
               .expected = name + " or " + numbered,
               .found = names.empty() ? "no tensors" : listed(names),
               .hint = "name it: " + file.path + ":TENSOR"});
}

/// Raw pixels in arrays are scaled as those of pictures are.
static Array scaled(const Array &array, const InputOptions &options) {
  if (array.dtype() != DType::uint8 || (options.scale == 1 && options.offset == 0))
    return array;
  Array result = array.cast(DType::float32);
  for (float &value : result.values<float>())
    value = static_cast<float>(options.scale * value + options.offset);
  return result;
}

static Array read_file(const Model &model, const InputFile &file, size_t index,
                       const InputOptions &options) {
  const Tensor &input = model.inputs()[index];
  std::string suffix = suffix_of(file.path);
  if (is_image(file.path))
    return read_image_input(file.path, input, options);
  Array array;
  if (suffix == ".npy")
    array = saving::read_npy(file.path);
  else if (suffix == ".csv")
    array = saving::read_csv(file.path).values;
  else if (suffix == ".safetensors")
    array =
        tensor_for(saving::read_safetensors(file.path), file, model.input_names()[index], index);
  else
    throw Error({.where = file.path,
                 .what = "the suffix does not say what the file is",
                 .expected = ".png, .jpg, .npy, .safetensors or .csv"});
  return fit_array(scaled(array, options), input, file.path);
}

/// Arrays one after the other along the batch axis.
static Array stacked(const std::vector<Array> &parts, const std::vector<InputFile> &files) {
  if (parts.size() == 1)
    return parts[0];
  Shape shape = parts[0].shape();
  for (size_t i = 1; i < parts.size(); ++i) {
    Shape other = parts[i].shape();
    if (other.slice(1, other.rank()) != shape.slice(1, shape.rank()))
      throw Error({.where = files[i].path,
                   .what = "files of one batch have different shapes",
                   .expected = parts[0].shape().str() + " as " + files[0].path,
                   .found = other.str()});
    shape[0] += other[0];
  }
  Array result(shape, parts[0].dtype());
  std::byte *next = result.bytes();
  for (const Array &part : parts) {
    if (part.num_bytes())
      std::memcpy(next, part.bytes(), part.num_bytes());
    next += part.num_bytes();
  }
  return result;
}

ModelInputs read_inputs(const Model &model, const std::vector<std::string> &arguments,
                        const InputOptions &options) {
  std::vector<InputFile> files = assign_files(model, arguments);
  std::vector<std::string> names = model.input_names();
  ModelInputs inputs;
  for (size_t i = 0; i < names.size(); ++i) {
    std::vector<InputFile> own;
    std::vector<Array> parts;
    for (const InputFile &file : files)
      if (file.input == i || file.input == names.size()) {
        own.push_back(file);
        parts.push_back(read_file(model, file, i, options));
      }
    if (parts.empty())
      throw Error({.where = "--input",
                   .what = "no file for input " + names[i],
                   .expected = type_text(model.inputs()[i].shape(), model.inputs()[i].dtype()),
                   .hint = "add --input " + names[i] + "=FILE"});
    inputs.arrays.push_back(stacked(parts, own));
    bool one_row_each = parts.size() == static_cast<size_t>(inputs.arrays.back().shape()[0]);
    if (i == 0 && one_row_each)
      for (const InputFile &file : own)
        inputs.row_names.push_back(std::filesystem::path(file.path).filename().string());
  }
  check_batch(model, inputs.arrays);
  return inputs;
}

} // namespace horn::cli
