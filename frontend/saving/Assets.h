// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What files hold of layers beside configuration and weights: vocabularies.
#pragma once

#include "frontend/core/Network.h"
#include "frontend/layers/preprocessing/Vocabulary.h"
#include "frontend/saving/WeightLoader.h"

#include <functional>

namespace horn::saving {

/// The text of an asset ("layers/integer_lookup/vocabulary.txt"), or nothing.
using AssetReader = std::function<std::optional<std::string>(const std::string &path)>;

/// Gives the layers of a model their vocabularies and the weights of them. Throws Error.
void load_assets(const Network &model, const AssetReader &read, const SharedHdf5 &weights);

/// The same for one layer, which files keep at `path`.
void load_vocabulary(layers::VocabularyUser &layer, const std::string &path,
                     const AssetReader &read, const SharedHdf5 &weights);

/// Whether a dataset belongs to a vocabulary and not to the weights of a layer.
inline bool is_vocabulary_dataset(std::string_view path) { return path.ends_with("/idf_weights"); }

} // namespace horn::saving
