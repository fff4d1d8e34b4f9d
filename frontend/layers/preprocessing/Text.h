// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Strings into numbers, before a model: tensors hold no strings. The classes do what Keras's layers
// of the same name do, with the vocabulary of a file.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/Fields.h"
#include "frontend/layers/preprocessing/Vocabulary.h"

#include <filesystem>
#include <unordered_map>

namespace horn {

/// Arguments of StringLookup; output_mode: "int", "one_hot", "multi_hot", "count" or "tf_idf".
struct StringLookupConfig {
  std::optional<int64_t> max_tokens = {};
  int64_t num_oov_indices = 1;
  ConfigValue mask_token = {};
  std::string oov_token = "[UNK]";
  ConfigValue vocabulary = {};
  ConfigValue idf_weights = {};
  bool invert = false;
  std::string output_mode = "int";
  bool pad_to_max_tokens = false;
  std::string oov_method = "floormod";
  ConfigValue salt = {};
  std::optional<int64_t> vocabulary_size = {}; ///< as files say it; the vocabulary counts
  std::string encoding = "utf-8";              ///< the only one
  HORN_FIELDS(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert,
              output_mode, pad_to_max_tokens, oov_method, salt, vocabulary_size, encoding)
};

/// Tokens by their place in a vocabulary. Unknown ones are spread over the places for them by their
/// hash. Source: keras.layers.StringLookup.
/// ```cpp
/// StringLookup lookup = StringLookup::load("model.keras", "string_lookup");
/// Array ids = lookup({{"red"}, {"green"}});      // [2, 1], int64: what the model takes
/// ```
class StringLookup : public layers::VocabularyUser {
public:
  /// **Errors** a mode or a number of places that Keras does not take.
  explicit StringLookup(StringLookupConfig config);
  /// The layer of that name in a file, with its vocabulary. Throws Error. In frontend/saving.
  static StringLookup load(const std::filesystem::path &path, const std::string &layer);

  /// **Shapes** rows of equal length to [rows, length], int64; in vector modes to [rows, size],
  /// float32 ("one_hot": rows of one token). Throws Error for rows of different length in mode
  /// "int", and for unknown tokens where there is no place for them.
  Array operator()(const std::vector<std::vector<std::string>> &rows) const;
  /// The place of a token in mode "int".
  int64_t index(const std::string &token) const;
  /// The token at a place; the unknown token for places outside. What `invert` gives.
  const std::string &token(int64_t index) const;
  /// How many places there are.
  int64_t size() const;

  void set_vocabulary_lines(const std::vector<std::string> &tokens) override;
  void set_idf_weights(std::vector<double> weights) override { idf_weights_ = std::move(weights); }
  bool has_own_vocabulary() const override { return config_.vocabulary.is_list(); }
  bool needs_idf_weights() const override {
    return config_.output_mode == "tf_idf" && !config_.idf_weights.is_list();
  }

private:
  bool has_mask_place() const {
    return config_.mask_token.is_string() && config_.output_mode == "int";
  }
  int64_t num_special() const { return config_.num_oov_indices + has_mask_place(); }
  int64_t place_of_unknown(const std::string &token) const;
  Array encode(const std::vector<std::vector<std::string>> &rows) const;
  double weight_of(int64_t place) const;

  StringLookupConfig config_;
  std::vector<std::string> tokens_; ///< of all places
  std::unordered_map<std::string, int64_t> places_;
  std::vector<double> idf_weights_;
};

/// Arguments of TextVectorization.
struct TextVectorizationConfig {
  std::optional<int64_t> max_tokens = {};
  ConfigValue standardize =
      "lower_and_strip_punctuation"; ///< or "lower", "strip_punctuation", null
  ConfigValue split = "whitespace";  ///< or "character", null
  ConfigValue ngrams = {};           ///< null, the longest, or a list of lengths
  std::string output_mode = "int";
  std::optional<int64_t> output_sequence_length = {}; ///< empty: the longest text's
  bool pad_to_max_tokens = false;
  ConfigValue vocabulary = {};
  ConfigValue idf_weights = {};
  std::optional<int64_t> vocabulary_size = {}; ///< as files say it; the vocabulary counts
  std::string encoding = "utf-8";              ///< the only one
  HORN_FIELDS(max_tokens, standardize, split, ngrams, output_mode, output_sequence_length,
              pad_to_max_tokens, vocabulary, idf_weights, vocabulary_size, encoding)
};

/// Texts into numbers of tokens: 0 where a text has ended, 1 for unknown ones. Letters are made
/// small in ASCII alone, as Keras does. Source: keras.layers.TextVectorization.
class TextVectorization : public layers::VocabularyUser {
public:
  /// **Errors** an argument that Keras does not take.
  explicit TextVectorization(TextVectorizationConfig config);
  /// The layer of that name in a file, with its vocabulary. Throws Error. In frontend/saving.
  static TextVectorization load(const std::filesystem::path &path, const std::string &layer);

  /// **Shapes** [texts, output_sequence_length or the longest], int64; in vector modes
  /// [texts, size], float32.
  Array operator()(const std::vector<std::string> &texts) const;
  /// The tokens of one text, n-grams included.
  std::vector<std::string> tokens(std::string text) const;
  /// The layer that numbers the words.
  const StringLookup &lookup() const { return lookup_; }

  void set_vocabulary_lines(const std::vector<std::string> &tokens) override {
    lookup_.set_vocabulary_lines(tokens);
  }
  void set_idf_weights(std::vector<double> weights) override {
    lookup_.set_idf_weights(std::move(weights));
  }
  bool has_own_vocabulary() const override { return config_.vocabulary.is_list(); }
  bool needs_idf_weights() const override {
    return config_.output_mode == "tf_idf" && !config_.idf_weights.is_list();
  }

private:
  TextVectorizationConfig config_;
  StringLookup lookup_;
};

} // namespace horn
