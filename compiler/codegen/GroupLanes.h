// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Convolutions in small groups: which of them have several groups side by side in the lanes of a
// vector.
#pragma once

#include "llvm/Support/MathExtras.h"

#include <cstdint>

namespace horn::codegen {

/// The channels that a group of a convolution reads and writes.
struct GroupShape {
  int64_t inputs = 1, filters = 1;

  /// Input channels that the groups in a vector of `lanes` filters read.
  int64_t inputLanes(int64_t lanes) const { return lanes / filters * inputs; }
};

/// Whether a group fills a vector of filters, so that each of its inputs goes to all lanes.
inline bool groupIsVector(GroupShape group, int64_t lanes) { return group.filters == lanes; }

/// Whether the depthwise kernel does a convolution in groups: one of them fills a vector, or
/// several do, and their inputs, for a line of `window` pixels, are few enough to be spread over it
/// by shuffles. Larger groups are products with panels of their own.
inline bool groupsShareVectors(GroupShape group, int64_t window, int64_t lanes) {
  constexpr int64_t kMostUnrolled = 64, kMostVectors = 4;
  if (groupIsVector(group, lanes))
    return true;
  if (group.filters > lanes || lanes % group.filters != 0 || group.inputs * window > kMostUnrolled)
    return false;
  int64_t inputs = group.inputLanes(lanes);
  return inputs > 1 && inputs <= kMostVectors * lanes && llvm::isPowerOf2_64(inputs);
}

/// Whether a group's filters fill enough of a panel of vectors.
inline bool groupFillsPanel(GroupShape group, int64_t lanes) { return 2 * group.filters >= lanes; }

} // namespace horn::codegen
