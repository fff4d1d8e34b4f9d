// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whole models as configurations: what config.json and the attributes of legacy files hold.
#pragma once

#include "frontend/core/Network.h"

namespace horn::saving {

/// The model's envelope in Keras 3's form, with what was kept of compile().
ConfigValue model_envelope(const Network &model);
/// The attribute model_config of a legacy file: layers of models have class and configuration
/// alone.
ConfigValue legacy_model_config(const Network &model);
/// The member metadata.json of an archive; its date never changes.
std::string metadata_text();

} // namespace horn::saving
