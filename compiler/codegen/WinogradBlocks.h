// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How many tiles of a Winograd convolution a task of the kernel in blocks has: the pass that
// chooses the kernel and its code generator agree on it here.
#pragma once

#include <algorithm>
#include <cstdint>

namespace horn::codegen {

/// The memory of a task, on its stack: transformed tiles, and products with one panel.
inline constexpr int64_t kBlockTileBytes = 256 * 1024, kBlockProductBytes = 128 * 1024;

/// Tiles of a block, a multiple of the rows of a tile of registers, for that many points of a tile,
/// channels, and columns of a panel; 0 if not even these rows fit.
inline int64_t winogradBlockTiles(int64_t points, int64_t channels, int64_t width, int64_t rows) {
  constexpr int64_t kElementBytes = 4, kMostRegisterTiles = 2;
  int64_t fits = std::min(kBlockTileBytes / (points * channels * kElementBytes),
                          kBlockProductBytes / (points * width * kElementBytes));
  return std::min(fits / rows, kMostRegisterTiles) * rows;
}

} // namespace horn::codegen
