// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a loaded model was trained: kept as it was in the file, so that saving again loses nothing.
#pragma once

#include "frontend/saving/WeightLoader.h"

namespace horn::saving {

/// The arguments of compile() and the variables of the optimizer.
struct TrainingState {
  ConfigValue compile_config; ///< as in Keras 3's config.json
  SharedHdf5 file;            ///< where the variables are; null when there are none
  /// Places of the optimizer's variables: below "optimizer" in a .weights.h5 ("vars/0"), and in
  /// `file`.
  std::vector<std::pair<std::string, std::string>> variables = {};
};

/// What a `.keras` archive says: `envelope` is the model's, `weights` its model.weights.h5, if any.
/// Null when it says nothing.
std::shared_ptr<const TrainingState> training_state_of_archive(const ConfigValue &envelope,
                                                               const SharedHdf5 &weights);
/// What a legacy `.h5` of Keras 3 says; null for older files, whose arguments Keras 3 refuses.
std::shared_ptr<const TrainingState> training_state_of_legacy(const SharedHdf5 &file);

/// The arguments in the form of a legacy file's attribute `training_config`; null when the model
/// has no optimizer.
ConfigValue legacy_training_config(const TrainingState &state);

} // namespace horn::saving
