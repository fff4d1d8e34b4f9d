// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What graph passes ask of the windows of convolutions.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"

namespace horn::graph {

/// Whether strides, dilations or window sizes are all 1.
inline bool isAllOnes(llvm::ArrayRef<int64_t> values) {
  return llvm::all_of(values, [](int64_t value) { return value == 1; });
}

} // namespace horn::graph
