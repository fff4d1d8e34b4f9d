// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/parts.h"

namespace horn::runtime {

/// How often the bytes of a temporary cross the bus when no cache holds them: lines are read before
/// they are written, written, and read by the next kernel.
static constexpr int64_t kCrossings = 3;
/// The arena may have this part of the last cache, which weights pass through as well.
static constexpr int64_t kCacheShare = 2;
/// Where the size is not known, and at most: larger ones are shared by many cores.
static constexpr int64_t kCommonCacheBytes = int64_t{32} << 20;

int64_t rowsAtOnce(const horn_program &program, int64_t rows, int64_t arenaBytes,
                   int64_t weightBytes, int64_t cacheBytes) {
  if (cacheBytes <= 0 || cacheBytes > kCommonCacheBytes)
    cacheBytes = kCommonCacheBytes;
  const int64_t limit = cacheBytes / kCacheShare;
  if (!program.rows_apart || rows <= 1 || arenaBytes <= limit)
    return rows;
  // Weights that the cache holds beside the arena are read from memory once.
  const double reread = weightBytes > limit ? static_cast<double>(weightBytes) : 0;
  const double moved = static_cast<double>(program.row_bytes) * kCrossings * rows;
  const double rowBytes = static_cast<double>(arenaBytes) / rows;
  int64_t best = rows;
  double leastBytes = 0;
  for (int64_t parts = 1; parts <= rows; ++parts) {
    const int64_t size = (rows + parts - 1) / parts;
    // The share of the arena beyond the limit goes to memory and back.
    const double missing = 1 - static_cast<double>(limit) / (rowBytes * size);
    const double bytes = (parts - 1) * reread + (missing > 0 ? missing * moved : 0);
    if (parts == 1 || bytes < leastBytes) {
      leastBytes = bytes;
      best = size;
    }
    if (missing <= 0)
      break;
  }
  return best;
}

} // namespace horn::runtime
