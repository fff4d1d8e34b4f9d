// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "dialects/horn/Horn.h"

#define GET_OP_CLASSES
#include "dialects/horn/HornElementwiseOps.h.inc"
