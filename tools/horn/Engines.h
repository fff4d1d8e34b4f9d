// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The ways a model can be run; all must give the same numbers.
#pragma once

#include "frontend/core/Model.h"

#include <string>
#include <string_view>
#include <vector>

namespace horn::cli {

enum class Engine { interpreter, jit, aot };

std::string_view engine_name(Engine engine);

/// The outputs of a model by an engine, on the calling thread alone. Throws Error.
std::vector<Array> run_engine(Engine engine, const Model &model, const std::vector<Array> &inputs);

} // namespace horn::cli
