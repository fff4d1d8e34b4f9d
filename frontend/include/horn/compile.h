// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Compiling models by hand: options, sessions, remarks, files. Model::predict needs none of it.
#pragma once

#include "frontend/emit/CompiledModel.h"
