// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Weights of Keras 2's CuDNNLSTM and CuDNNGRU, which lie in cuDNN's order.
#pragma once

#include "frontend/core/Variable.h"

#include <functional>
#include <vector>

namespace horn::saving {

/// Makes a weight from what the file holds.
using ArrayChange = std::function<Array(const Array &)>;

/// How to change the datasets of a layer, whose shapes are given, into its weights; null for those
/// that are as they should be. Kernel, recurrent kernel and bias of an LSTM or GRU come from cuDNN
/// when the bias is a vector of eight or six times the units: cuDNN adds one bias to the inputs and
/// one to the states. Kernels are transposed gate by gate there. Source: Keras 2,
/// hdf5_format.preprocess_weights_for_loading.
std::vector<ArrayChange> cudnn_changes(const std::vector<Weight> &weights,
                                       const std::vector<Shape> &shapes);

} // namespace horn::saving
