// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Assets.h"

#include "frontend/core/ErrorPath.h"
#include "frontend/saving/WeightPaths.h"

namespace horn::saving {

/// Lines as Python's splitlines gives them, without empty ones at the end.
static std::vector<std::string> lines_of(const std::string &text) {
  std::vector<std::string> lines{""};
  for (size_t i = 0; i < text.size(); ++i) {
    bool ends = text[i] == '\n' || text[i] == '\r';
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
      ++i;
    if (ends)
      lines.emplace_back();
    else
      lines.back() += text[i];
  }
  while (!lines.empty() && lines.back().empty())
    lines.pop_back();
  return lines;
}

static std::vector<double> numbers_of(const Array &array) {
  std::vector<double> numbers;
  for (size_t i = 0; i < array.size(); ++i)
    numbers.push_back(array.at(i));
  return numbers;
}

void load_vocabulary(layers::VocabularyUser &layer, const std::string &path,
                     const AssetReader &read, const SharedHdf5 &weights) {
  std::string dataset = path + "/vars/idf_weights";
  require(
      !layer.needs_idf_weights() || (weights && weights->has_dataset(dataset)),
      {.what = "weights of the layer's vocabulary are missing in the file", .expected = dataset});
  if (weights && weights->has_dataset(dataset))
    layer.set_idf_weights(numbers_of(weights->read(dataset)));
  if (layer.has_own_vocabulary())
    return;
  std::optional<std::string> text = read(path + "/vocabulary.txt");
  require(text.has_value(), {.what = "the layer's vocabulary is missing in the file",
                             .expected = "assets/" + path + "/vocabulary.txt"});
  layer.set_vocabulary_lines(lines_of(*text));
}

void load_assets(const Network &model, const AssetReader &read, const SharedHdf5 &weights) {
  for (const WeightGroup &group : weight_groups(model)) {
    auto *user = dynamic_cast<layers::VocabularyUser *>(const_cast<Layer *>(group.layer));
    if (!user)
      continue;
    try {
      load_vocabulary(*user, group.path, read, weights);
    } catch (const Error &error) {
      rethrow_within(error, group.layer->name());
    }
  }
}

} // namespace horn::saving
