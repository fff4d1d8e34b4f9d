// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Made-up inputs for measuring speed.
#pragma once

#include "frontend/core/Model.h"

#include <optional>
#include <vector>

namespace horn::cli {

/// Random arrays that a model accepts, the same ones each time. Integers stay below the number of
/// rows of the Embedding they go to. Unknown sizes other than the batch become 224 for pictures
/// and 32 elsewhere. **Errors** a batch other than the one the model is fixed to.
std::vector<Array> random_inputs(const Model &model, std::optional<int64_t> batch);

/// Numbers that an input may have, from what it feeds: an Embedding's input_dim, say. Nothing
/// when the graph does not say.
std::optional<int64_t> count_of_values(const Network &network, const Tensor &input);

} // namespace horn::cli
