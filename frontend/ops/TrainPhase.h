// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Computations that differ in training. Source: keras.backend.in_train_phase of Keras 2.
#pragma once

#include "frontend/core/Tensor.h"

#include <functional>
#include <string_view>

namespace horn::ops {

/// Whether the call being made is one for training: as the named argument `training` of the calls
/// around it says, or else the program that is being compiled (predict: no). A `training` given
/// where the graph of a model is put together is recorded, and overridden by the model's own flag,
/// as in Keras.
bool is_training();

/// `in_training` in training and `otherwise` elsewhere; only the one that is taken is computed.
/// Marks the layer being called as one that uses the learning phase.
Tensor in_train_phase(const std::function<Tensor()> &in_training,
                      const std::function<Tensor()> &otherwise);
Tensor in_train_phase(const Tensor &in_training, const Tensor &otherwise);

/// For a layer that does something else in training, which Horn does not do yet. Marks it, and
/// throws UnsupportedError in training.
void inference_only(std::string_view class_name);

} // namespace horn::ops
