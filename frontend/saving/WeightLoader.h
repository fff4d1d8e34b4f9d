// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers from files into the variables of a model.
#pragma once

#include "frontend/core/Network.h"
#include "frontend/saving/Hdf5Reader.h"

namespace horn::saving {

/// Sets variables by path in a `.weights.h5` (Keras 3: layers/dense/vars/0). All are looked up and
/// checked before any is set. Returns what does not match: missing, extra and mis-shaped weights.
std::vector<Error> load_weights_by_path(Network &model, const Hdf5Reader &file);
/// Sets variables by order, from the groups of a legacy `.h5` below `root`.
std::vector<Error> load_weights_by_order(Network &model, const Hdf5Reader &file,
                                         const std::string &root);

} // namespace horn::saving
