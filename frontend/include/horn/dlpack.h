// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays to and from other libraries by DLPack, with DLPack's structures.
#pragma once

#include "frontend/core/Dlpack.h"
#include "frontend/core/DlpackAbi.h"
