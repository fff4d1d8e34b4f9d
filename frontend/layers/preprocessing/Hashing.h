// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Integers into bins by the hash of their digits, as Keras hashes them.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Each integer as decimal text, hashed, modulo `num_bins`; int64. `salt`: null for FarmHash, one
/// or two integers for SipHash.
Tensor hash_integers(const Tensor &x, int64_t num_bins, const ConfigValue &salt = {});

/// The key that Keras makes of a salt: one integer counts twice. Throws Error.
std::array<uint64_t, 2> key_of_salt(const ConfigValue &salt);

/// Arguments of Hashing; output_mode: "int", "one_hot", "multi_hot" or "count".
struct HashingConfig {
  int64_t num_bins = 0;
  ConfigValue mask_value = {}; ///< goes to bin 0, and the others to those above
  ConfigValue salt = {};
  std::string output_mode = "int";
  HORN_FIELDS(num_bins, mask_value, salt, output_mode)
};
/// Bins of integers, encoded. Strings are hashed before the model: see StringHash.h.
/// Source: keras.layers.Hashing.
class HashingLayer : public Configured<HashingConfig> {
  HORN_LAYER(Hashing, Configured<HashingConfig>)
  Tensor call(const Tensor &x) override;

protected:
  void check_config();
};
using Hashing = Handle<HashingLayer>;

} // namespace horn::layers
