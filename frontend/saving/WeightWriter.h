// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// From variables to datasets: the inverse of WeightLoader.
#pragma once

#include "frontend/core/Network.h"
#include "frontend/saving/Hdf5Writer.h"

namespace horn::saving {

/// Writes all variables as Keras 3 does in `.weights.h5`: layers/dense/vars/0. `with_optimizer`
/// adds the optimizer's variables from the file that the model was loaded from.
void write_weights_by_path(const Network &model, Hdf5Writer &file, bool with_optimizer);
/// Writes all variables below `root` as Keras does in legacy `.h5` files: groups by layer name.
void write_weights_by_layer(Network &model, Hdf5Writer &file, const std::string &root);
/// Writes the optimizer's variables, if any, below "optimizer_weights", as legacy files have them.
void write_legacy_optimizer(const Network &model, Hdf5Writer &file);
/// Writes all variables under their paths: "dense/kernel".
void write_weights_by_name(Network &model, const std::filesystem::path &path);

} // namespace horn::saving
