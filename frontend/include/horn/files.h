// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays from and to files: pictures, tables of numbers, NumPy's arrays, safetensors.
#pragma once

#include "frontend/saving/Csv.h"
#include "frontend/saving/Image.h"
#include "frontend/saving/Npy.h"
#include "frontend/saving/Safetensors.h"
