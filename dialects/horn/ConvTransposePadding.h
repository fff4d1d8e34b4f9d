// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The padding that turns Keras's transposed convolution into a plain one.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <algorithm>

namespace horn::ir {

/// A transposed convolution is a plain one, with the kernel turned around, over the input with
/// stride - 1 zeros between its elements, `low` zeros before and `high` after.
struct ConvTransposePadding {
  int64_t low, high;
  int64_t extra; ///< output size = (size - 1) * stride + extra
};

/// `extent` is the window's size with dilation; `outputPadding` is -1 where none is given.
/// Source: keras/src/backend/common/backend_utils.py (the larger half of "same" is on the left).
inline ConvTransposePadding convTransposePadding(int64_t extent, int64_t stride,
                                                 llvm::StringRef padding, int64_t outputPadding) {
  int64_t low, total;
  if (padding == "valid") {
    low = extent - 1;
    total =
        2 * (extent - 1) + (outputPadding < 0 ? std::max(extent, stride) - extent : outputPadding);
  } else {
    total = outputPadding < 0 ? stride + extent - 2 : extent + extent % 2 - 2 + outputPadding;
    low = std::min(total / 2 + total % 2, extent - 1);
  }
  return {low, total - low, total + 2 - extent};
}

} // namespace horn::ir
