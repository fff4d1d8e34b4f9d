// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/ShapeRules.h"

#define GET_OP_CLASSES
#include "dialects/horn/HornElementwiseOps.cpp.inc"
