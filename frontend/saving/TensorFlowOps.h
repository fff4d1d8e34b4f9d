// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of TensorFlow in files of Keras 2, as the operations that Keras 3 has for them.
#pragma once

#include "frontend/core/ConfigValue.h"

namespace horn::saving {

/// Whether an entry of a functional model is a function of TensorFlow: TFOpLambda, or a slice.
bool is_tensorflow_function(const ConfigValue &entry);

/// The entry as Keras 3 would write it: an operation of keras.src.ops with its arguments. The table
/// is TensorFlowOps.def. **Errors** UnsupportedError for a function or an argument that is not in
/// the table, naming it.
ConfigValue modernize_tensorflow_function(const ConfigValue &entry);

} // namespace horn::saving
