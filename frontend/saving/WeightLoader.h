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
/// needed. Returns what does not match: missing, extra and mis-shaped weights. With `skip_mismatch`
/// what does match is set all the same; so below.
std::vector<Error> load_weights_by_path(Network &model, const SharedHdf5 &file,
                                        bool skip_mismatch = false);
/// Sets variables by order, from the groups of a legacy `.h5` below `root`.
std::vector<Error> load_weights_by_order(Network &model, const SharedHdf5 &file,
                                         const std::string &root, bool skip_mismatch = false);
/// The same for the layers that have the name of a group; others are left alone.
std::vector<Error> load_weights_by_layer_name(Network &model, const SharedHdf5 &file,
                                              const std::string &root, bool skip_mismatch = false);
/// Sets variables by their paths in a `.safetensors`. Others that the file has are left alone; with
/// `partial` those of the model that it does not have are, too.
std::vector<Error> load_weights_by_name(Network &model, const std::filesystem::path &path,
                                        bool partial = false, bool skip_mismatch = false);

} // namespace horn::saving
