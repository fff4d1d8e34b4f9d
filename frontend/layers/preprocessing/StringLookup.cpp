// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Hashing.h"
#include "frontend/layers/preprocessing/StringHash.h"
#include "frontend/layers/preprocessing/Text.h"

#include <algorithm>

namespace horn {

static std::vector<std::string> strings_of(const ConfigValue &list) {
  std::vector<std::string> strings;
  for (const ConfigValue &item : list.as_list())
    strings.push_back(item.as_string());
  return strings;
}

StringLookup::StringLookup(StringLookupConfig config) : config_(std::move(config)) {
  if (config_.output_mode == "binary")
    config_.output_mode = "multi_hot";
  if (config_.output_mode == "tf-idf")
    config_.output_mode = "tf_idf";
  constexpr std::string_view modes[] = {"int", "one_hot", "multi_hot", "count", "tf_idf"};
  require(std::find(std::begin(modes), std::end(modes), config_.output_mode) != std::end(modes),
          {.what = "unknown output_mode",
           .expected = "int, one_hot, multi_hot, count or tf_idf",
           .found = config_.output_mode});
  require(config_.num_oov_indices >= 0 && config_.num_oov_indices <= (int64_t{1} << 31),
          {.what = "wrong num_oov_indices", .found = std::to_string(config_.num_oov_indices)});
  if (config_.idf_weights.is_list())
    idf_weights_ = config_.idf_weights.as_numbers();
  set_vocabulary_lines(config_.vocabulary.is_list() ? strings_of(config_.vocabulary)
                                                    : std::vector<std::string>{});
}

void StringLookup::set_vocabulary_lines(const std::vector<std::string> &tokens) {
  std::vector<std::string> special;
  if (has_mask_place())
    special.push_back(config_.mask_token.as_string());
  special.insert(special.end(), static_cast<size_t>(config_.num_oov_indices), config_.oov_token);
  bool has_special =
      tokens.size() >= special.size() && std::equal(special.begin(), special.end(), tokens.begin());
  tokens_ = has_special ? std::vector<std::string>{} : special;
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  // Special tokens without a weight of their own get the mean of all.
  if (!has_special && !idf_weights_.empty() && idf_weights_.size() == tokens.size()) {
    double total = 0;
    for (double weight : idf_weights_)
      total += weight;
    idf_weights_.insert(idf_weights_.begin(), special.size(),
                        total / static_cast<double>(tokens.size()));
  }
  places_.clear();
  for (size_t i = special.size(); i < tokens_.size(); ++i)
    require(
        places_.emplace(tokens_[i], static_cast<int64_t>(i)).second,
        {.what = "a token stands twice in the vocabulary", .found = ConfigValue(tokens_[i]).str()});
}

int64_t StringLookup::size() const {
  int64_t size = static_cast<int64_t>(tokens_.size());
  return config_.pad_to_max_tokens ? std::max(size, config_.max_tokens.value_or(0)) : size;
}

int64_t StringLookup::place_of_unknown(const std::string &token) const {
  require(config_.num_oov_indices > 0, {.what = "a token is not in the vocabulary",
                                        .expected = "a known one, as num_oov_indices is 0",
                                        .found = ConfigValue(token).str()});
  uint64_t hash = config_.salt.is_null()
                      ? layers::fingerprint(token)
                      : layers::keyed_hash(token, layers::key_of_salt(config_.salt));
  uint64_t place = hash % static_cast<uint64_t>(config_.num_oov_indices);
  return static_cast<int64_t>(place) + has_mask_place();
}

int64_t StringLookup::index(const std::string &token) const {
  if (config_.mask_token.is_string() && token == config_.mask_token.as_string())
    return has_mask_place() ? 0 : -1;
  auto found = places_.find(token);
  return found != places_.end() ? found->second : place_of_unknown(token);
}

const std::string &StringLookup::token(int64_t index) const {
  bool inside = index >= 0 && index < static_cast<int64_t>(tokens_.size());
  return inside ? tokens_[static_cast<size_t>(index)] : config_.oov_token;
}

double StringLookup::weight_of(int64_t place) const {
  require(!idf_weights_.empty(), {.what = "mode tf_idf needs idf_weights"});
  return static_cast<size_t>(place) < idf_weights_.size() ? idf_weights_[static_cast<size_t>(place)]
                                                          : 0;
}

/// One vector a row.
Array StringLookup::encode(const std::vector<std::vector<std::string>> &rows) const {
  Array result(Shape{static_cast<int64_t>(rows.size()), size()}, DType::float32);
  std::span<float> values = result.values<float>();
  for (size_t row = 0; row < rows.size(); ++row) {
    require(
        config_.output_mode != "one_hot" || rows[row].size() == 1,
        {.what = "mode one_hot takes one token a row", .found = std::to_string(rows[row].size())});
    for (const std::string &token : rows[row]) {
      int64_t place = index(token);
      if (place < 0) // the mask
        continue;
      float &value = values[row * static_cast<size_t>(size()) + static_cast<size_t>(place)];
      if (config_.output_mode == "count")
        ++value;
      else if (config_.output_mode == "tf_idf")
        value += static_cast<float>(weight_of(place));
      else
        value = 1;
    }
  }
  return result;
}

Array StringLookup::operator()(const std::vector<std::vector<std::string>> &rows) const {
  if (config_.output_mode != "int")
    return encode(rows);
  size_t length = rows.empty() ? 0 : rows.front().size();
  Array result(Shape{static_cast<int64_t>(rows.size()), static_cast<int64_t>(length)},
               DType::int64);
  std::span<int64_t> places = result.values<int64_t>();
  for (size_t row = 0; row < rows.size(); ++row) {
    require(rows[row].size() == length, {.what = "rows of tokens have different lengths",
                                         .expected = std::to_string(length),
                                         .found = std::to_string(rows[row].size())});
    for (size_t i = 0; i < length; ++i)
      places[row * length + i] = index(rows[row][i]);
  }
  return result;
}

} // namespace horn
