// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that make categories of numbers.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"
#include "frontend/layers/preprocessing/Vocabulary.h"

namespace horn::layers {

/// Arguments of CategoryEncoding; output_mode: "one_hot", "multi_hot" or "count".
struct CategoryEncodingConfig {
  int64_t num_tokens = 0;
  std::string output_mode = "multi_hot";
  HORN_FIELDS(num_tokens, output_mode)
};
/// Integers as vectors. Called with `count_weights` by name in mode "count".
/// **Shapes** [N, count] to [N, num_tokens]; one_hot of [N, count] to [N, count, num_tokens].
/// Source: keras.layers.CategoryEncoding.
class CategoryEncodingLayer : public Configured<CategoryEncodingConfig> {
  HORN_LAYER(CategoryEncoding, Configured<CategoryEncodingConfig>)
  std::vector<Tensor> call_with(const Arguments &arguments) override;

protected:
  void check_config();
};
using CategoryEncoding = Handle<CategoryEncodingLayer>;

/// Arguments of Discretization; output_mode: "int", "one_hot", "multi_hot" or "count".
struct DiscretizationConfig {
  ConfigValue bin_boundaries = {};
  std::optional<int64_t> num_bins = {};
  double epsilon = 0.01;
  std::string output_mode = "int";
  HORN_FIELDS(bin_boundaries, num_bins, epsilon, output_mode)
};
/// The number of boundaries that are not above x, encoded. Source: keras.layers.Discretization.
class DiscretizationLayer : public Configured<DiscretizationConfig> {
  HORN_LAYER(Discretization, Configured<DiscretizationConfig>)
  Tensor call(const Tensor &x) override;
};
using Discretization = Handle<DiscretizationLayer>;

/// Arguments of IntegerLookup; output_mode: "int", "one_hot", "multi_hot", "count" or "tf_idf".
struct IntegerLookupConfig {
  std::optional<int64_t> max_tokens = {};
  int64_t num_oov_indices = 1;
  std::optional<int64_t> mask_token = {};
  int64_t oov_token = -1;
  ConfigValue vocabulary = {};
  ConfigValue idf_weights = {};
  bool invert = false;
  std::string output_mode = "int";
  bool pad_to_max_tokens = false;
  std::string oov_method = "floormod"; ///< or "farmhash": which place an unknown integer has
  ConfigValue salt = {};
  std::optional<int64_t> vocabulary_size = {};
  HORN_FIELDS(max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert,
              output_mode, pad_to_max_tokens, oov_method, salt, vocabulary_size)
};
/// Integers by their place in a vocabulary: first the mask (if there is one and output_mode is
/// "int"), then the places for unknown integers, then the vocabulary. `invert` goes the other way.
/// Source: keras.layers.IntegerLookup.
class IntegerLookupLayer : public Configured<IntegerLookupConfig>, public VocabularyUser {
  HORN_LAYER(IntegerLookup, Configured<IntegerLookupConfig>)
  Tensor call(const Tensor &x) override;
  /// Takes the vocabulary, with or without the special tokens.
  void set_vocabulary(std::vector<int64_t> tokens);
  void set_vocabulary_lines(const std::vector<std::string> &lines) override;
  void set_idf_weights(std::vector<double> weights) override { idf_weights_ = std::move(weights); }
  bool has_own_vocabulary() const override { return config.vocabulary.is_list(); }
  bool needs_idf_weights() const override {
    return config.output_mode == "tf_idf" && !config.idf_weights.is_list();
  }

protected:
  void check_config();

private:
  Tensor place_of(const Tensor &x) const;
  Tensor token_at(const Tensor &x) const;
  bool has_mask_place() const { return config.mask_token && config.output_mode == "int"; }
  int64_t num_special() const { return config.num_oov_indices + has_mask_place(); }
  int64_t depth() const;
  std::vector<int64_t> tokens_;     ///< without special ones
  std::vector<double> idf_weights_; ///< of a file; those of all places
};
using IntegerLookup = Handle<IntegerLookupLayer>;

} // namespace horn::layers
