// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Numbers from files into the variables of a model.
#pragma once

#include "frontend/core/Network.h"
#include "frontend/saving/Hdf5Reader.h"

namespace horn::saving {

/// A file that is open as long as a variable's numbers may still have to be read from it.
using SharedHdf5 = std::shared_ptr<const Hdf5Reader>;

/// Sets variables by path in a `.weights.h5` (Keras 3: layers/dense/vars/0). All are looked up and
/// checked before any is set. Numbers that lie in the file as they are are read when they are
/// needed. Returns what does not match: missing, extra and mis-shaped weights.
std::vector<Error> load_weights_by_path(Network &model, const SharedHdf5 &file);
/// Sets variables by order, from the groups of a legacy `.h5` below `root`.
std::vector<Error> load_weights_by_order(Network &model, const SharedHdf5 &file,
                                         const std::string &root);
/// Sets variables by their paths in a `.safetensors`. Others that the file has are left alone.
std::vector<Error> load_weights_by_name(Network &model, const std::filesystem::path &path);

} // namespace horn::saving
