// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Encoding.h"

#include "frontend/layers/preprocessing/Hashing.h"
#include "frontend/ops/Categories.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

#include <algorithm>
#include <charconv>

namespace horn::layers {

HORN_DEFINE_LAYER(CategoryEncoding)
HORN_DEFINE_LAYER(Discretization)
HORN_DEFINE_LAYER(IntegerLookup)

void CategoryEncodingLayer::check_config() {
  if (config.output_mode == "binary")
    config.output_mode = "multi_hot";
  require(config.num_tokens > 0, {.what = "wrong num_tokens",
                                  .expected = "a positive integer",
                                  .found = std::to_string(config.num_tokens)});
}

std::vector<Tensor> CategoryEncodingLayer::call_with(const Arguments &arguments) {
  Tensor weights = arguments.tensor("count_weights", 1);
  return {ops::encode_categories(arguments.inputs().at(0), config.output_mode, config.num_tokens,
                                 compute_dtype(), weights)};
}

Tensor DiscretizationLayer::call(const Tensor &x) {
  require(config.bin_boundaries.is_list(),
          {.what = "Discretization has no bin_boundaries",
           .hint = "adapt the layer before the model is saved, or give bin_boundaries"});
  std::vector<double> bins = config.bin_boundaries.as_numbers();
  int64_t depth = static_cast<int64_t>(bins.size()) + 1;
  Tensor places = ops::digitize(x, bins);
  if (config.output_mode == "int")
    return places;
  return ops::encode_categories(places, config.output_mode, depth, compute_dtype());
}

void IntegerLookupLayer::check_config() {
  if (config.output_mode == "binary")
    config.output_mode = "multi_hot";
  if (config.output_mode == "tf-idf")
    config.output_mode = "tf_idf";
  require(config.oov_method == "floormod" || config.oov_method == "farmhash",
          {.what = "unknown oov_method of IntegerLookup",
           .expected = "floormod or farmhash",
           .found = config.oov_method});
  require(config.num_oov_indices >= 0, {.what = "wrong num_oov_indices",
                                        .expected = "0 or more",
                                        .found = std::to_string(config.num_oov_indices)});
  if (config.vocabulary.is_list())
    set_vocabulary(config.vocabulary.as_ints());
}

void IntegerLookupLayer::set_vocabulary(std::vector<int64_t> tokens) {
  // A vocabulary may start with the special tokens.
  std::vector<int64_t> special;
  if (has_mask_place())
    special.push_back(*config.mask_token);
  special.insert(special.end(), static_cast<size_t>(config.num_oov_indices), config.oov_token);
  if (tokens.size() >= special.size() && std::equal(special.begin(), special.end(), tokens.begin()))
    tokens.erase(tokens.begin(), tokens.begin() + static_cast<long>(special.size()));
  tokens_ = std::move(tokens);
}

void IntegerLookupLayer::set_vocabulary_lines(const std::vector<std::string> &lines) {
  std::vector<int64_t> tokens;
  for (const std::string &line : lines) {
    int64_t token = 0;
    auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), token);
    require(error == std::errc() && end == line.data() + line.size(),
            {.what = "wrong vocabulary of IntegerLookup",
             .expected = "an integer on each line",
             .found = ConfigValue(line).str()});
    tokens.push_back(token);
  }
  set_vocabulary(std::move(tokens));
}

int64_t IntegerLookupLayer::depth() const {
  if (config.pad_to_max_tokens && config.max_tokens)
    return *config.max_tokens;
  if (tokens_.empty() && config.vocabulary_size)
    return *config.vocabulary_size;
  return num_special() + static_cast<int64_t>(tokens_.size());
}

static Tensor constant_of(const std::vector<int64_t> &values) {
  Array array(Shape{static_cast<int64_t>(values.size())}, DType::int64);
  std::copy(values.begin(), values.end(), array.values<int64_t>().begin());
  return current_tracer().constant(array);
}

Tensor IntegerLookupLayer::token_at(const Tensor &x) const {
  std::vector<int64_t> tokens(static_cast<size_t>(num_special()), config.oov_token);
  if (has_mask_place())
    tokens.front() = *config.mask_token;
  tokens.insert(tokens.end(), tokens_.begin(), tokens_.end());
  int64_t size = static_cast<int64_t>(tokens.size());
  Tensor known = ops::logical_and(x >= 0, x < size);
  return ops::where(known, ops::take(constant_of(tokens), x, 0, "clip"), config.oov_token);
}

Tensor IntegerLookupLayer::place_of(const Tensor &x) const {
  int64_t oov_start = has_mask_place(), count = config.num_oov_indices;
  Tensor unknown;
  if (count <= 1)
    unknown = ops::full_like(x, count ? static_cast<double>(oov_start) : -1.0, DType::int64);
  else if (config.oov_method == "floormod")
    unknown = ops::mod(x, count) + oov_start;
  else
    unknown = hash_integers(x, count, config.salt) + oov_start;
  Tensor places = ops::find_in(x, tokens_, num_special(), unknown);
  if (config.mask_token) // in vectors the mask is at no place at all
    places =
        ops::where(ops::equal(x, *config.mask_token), config.output_mode == "int" ? 0 : -1, places);
  return places;
}

Tensor IntegerLookupLayer::call(const Tensor &input) {
  Tensor x = ops::cast(input, DType::int64);
  if (config.invert)
    return ops::cast(token_at(x), DType::int32);
  Tensor places = ops::cast(place_of(x), DType::int32); // JAX has no wider integers
  if (config.output_mode == "int")
    return places;
  bool weighted = config.output_mode == "tf_idf";
  Tensor encoded = ops::encode_categories(places, weighted ? "count" : config.output_mode, depth(),
                                          weighted ? DType::float32 : DType::int32);
  if (!weighted)
    return encoded;
  std::vector<double> weights = idf_weights_;
  if (weights.empty() && config.idf_weights.is_list())
    weights = config.idf_weights.as_numbers();
  // While a file is read, its weights come after the graph.
  require(!weights.empty() || !has_own_vocabulary(),
          {.what = "IntegerLookup in mode tf_idf has no idf_weights",
           .hint = "give them with the vocabulary, or adapt the layer before the model is saved"});
  double total = 0;
  for (double weight : weights)
    total += weight;
  // Without weights of the special tokens these get the mean of all.
  if (weights.size() == tokens_.size())
    weights.insert(weights.begin(), static_cast<size_t>(num_special()),
                   total / static_cast<double>(std::max<size_t>(1, weights.size())));
  weights.resize(static_cast<size_t>(depth()));
  Array array(Shape{depth()}, DType::float32);
  for (size_t i = 0; i < weights.size(); ++i)
    array.set(i, weights[i]);
  return encoded * current_tracer().constant(array);
}

} // namespace horn::layers
