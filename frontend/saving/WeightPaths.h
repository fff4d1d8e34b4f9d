// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where Keras 3 puts the variables of a model's layers: the walk over objects that names groups.
#pragma once

#include "frontend/core/Network.h"

namespace horn::saving {

/// Layers as Keras counts them when it names groups: without operations, and without the
/// InputLayer in front of a Sequential.
std::vector<LayerPtr> counted_layers(const Network &network);

/// Names of a list's members, by class: dense, dense_1, conv2d, ...
std::vector<std::string> member_names(const std::vector<LayerPtr> &layers);

/// A layer and the group of its own variables: "layers/dense" has "layers/dense/vars".
struct WeightGroup {
  std::string path;
  const Layer *layer;
};
/// All layers of a model and the layers inside them, in Keras's order; each once, at the first path
/// that leads to it. Source: _walk_saveable in keras.src.saving.saving_lib.
std::vector<WeightGroup> weight_groups(const Network &model);

} // namespace horn::saving
