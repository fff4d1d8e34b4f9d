// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Assets.h"

#include "frontend/core/ErrorPath.h"
#include "frontend/layers/preprocessing/Vocabulary.h"
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

void load_assets(const Network &model, const AssetReader &read, const SharedHdf5 &weights) {
  for (const WeightGroup &group : weight_groups(model)) {
    auto *user = dynamic_cast<layers::VocabularyUser *>(const_cast<Layer *>(group.layer));
    if (!user)
      continue;
    try {
      if (!user->has_own_vocabulary())
        if (std::optional<std::string> text = read(group.path + "/vocabulary.txt"))
          user->set_vocabulary_lines(lines_of(*text));
      std::string dataset = group.path + "/vars/idf_weights";
      if (weights && weights->has_dataset(dataset))
        user->set_idf_weights(numbers_of(weights->read(dataset)));
    } catch (const Error &error) {
      rethrow_within(error, group.layer->name());
    }
  }
}

} // namespace horn::saving
