// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Text.h"

#include <algorithm>

namespace horn {

static constexpr std::string_view punctuation = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'";
static constexpr std::string_view spaces = " \t\n\v\f\r";

static void check_choice(const ConfigValue &value, const char *what,
                         std::initializer_list<std::string_view> choices) {
  if (value.is_null())
    return;
  if (!value.is_string() ||
      std::find(choices.begin(), choices.end(), value.as_string()) == choices.end())
    throw UnsupportedError({.what = std::string(what) + " of TextVectorization",
                            .expected = "one of Keras's own",
                            .found = value.str(),
                            .hint = "a function in Python is never run: change the texts before "
                                    "they are given to TextVectorization"});
}

static StringLookup lookup_of(const TextVectorizationConfig &config) {
  return StringLookup({.max_tokens = config.max_tokens,
                       .mask_token = "",
                       .vocabulary = config.vocabulary,
                       .idf_weights = config.idf_weights,
                       .output_mode = config.output_mode,
                       .pad_to_max_tokens = config.pad_to_max_tokens});
}

TextVectorization::TextVectorization(TextVectorizationConfig config)
    : config_(std::move(config)), lookup_(lookup_of(config_)) {
  check_choice(config_.standardize, "standardize",
               {"lower_and_strip_punctuation", "lower", "strip_punctuation"});
  check_choice(config_.split, "split", {"whitespace", "character"});
}

static std::vector<std::string> split_words(const std::string &text) {
  std::vector<std::string> words;
  for (size_t at = text.find_first_not_of(spaces); at != std::string::npos;) {
    size_t end = text.find_first_of(spaces, at);
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(spaces, end);
  }
  return words;
}

/// Code points of UTF-8; a byte that starts none stands alone.
static std::vector<std::string> split_characters(const std::string &text) {
  std::vector<std::string> characters;
  for (char c : text) {
    bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;
    if (!continues || characters.empty())
      characters.emplace_back();
    characters.back() += c;
  }
  return characters;
}

static std::vector<std::string> join_neighbours(const std::vector<std::string> &words,
                                                const ConfigValue &lengths) {
  std::vector<int64_t> sizes;
  if (lengths.is_list())
    sizes = lengths.as_ints();
  else
    for (int64_t size = 1; size <= lengths.as_int(); ++size)
      sizes.push_back(size);
  std::vector<std::string> joined;
  for (int64_t size : sizes)
    for (size_t i = 0; size > 0 && i + static_cast<size_t>(size) <= words.size(); ++i) {
      std::string gram = words[i];
      for (size_t k = 1; k < static_cast<size_t>(size); ++k)
        gram += " " + words[i + k];
      joined.push_back(std::move(gram));
    }
  return joined;
}

std::vector<std::string> TextVectorization::tokens(std::string text) const {
  std::string how = config_.standardize.is_null() ? "" : config_.standardize.as_string();
  if (how.starts_with("lower"))
    for (char &c : text)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (how.ends_with("strip_punctuation"))
    std::erase_if(text, [](char c) { return punctuation.find(c) != std::string_view::npos; });
  std::vector<std::string> words = config_.split.is_null() ? std::vector{text}
                                   : config_.split.as_string() == "whitespace"
                                       ? split_words(text)
                                       : split_characters(text);
  return config_.ngrams.is_null() ? words : join_neighbours(words, config_.ngrams);
}

Array TextVectorization::operator()(const std::vector<std::string> &texts) const {
  std::vector<std::vector<std::string>> rows;
  size_t longest = 0;
  for (const std::string &text : texts) {
    rows.push_back(tokens(text));
    longest = std::max(longest, rows.back().size());
  }
  if (config_.output_mode == "int")
    for (std::vector<std::string> &row : rows) // the mask's token is 0
      row.resize(static_cast<size_t>(
                     config_.output_sequence_length.value_or(static_cast<int64_t>(longest))),
                 "");
  return lookup_(rows);
}

} // namespace horn
