// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models made at random, for comparing ways to run them.
#pragma once

#include "tests/numeric/Support.h"

namespace horn::numeric {

/// A model of up to twelve calls of layers and functions on one to three inputs, with sizes of 1 to
/// 70. Equal seeds give equal models. Values stay around 1, so that errors do not grow.
Model random_model(uint32_t seed);

} // namespace horn::numeric
