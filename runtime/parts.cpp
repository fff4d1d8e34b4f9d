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
  const int64_t rowBytes = arenaBytes / rows;
  const int64_t fitting = rowBytes > 0 && limit > rowBytes ? limit / rowBytes : 1;
  const int64_t parts = (rows + fitting - 1) / fitting;
  // Weights that the cache holds beside the arena are not read from memory again.
  const int64_t reread = weightBytes > limit ? (parts - 1) * weightBytes : 0;
  const int64_t saved = program.row_bytes * kCrossings * rows;
  return reread < saved ? (rows + parts - 1) / parts : rows;
}

} // namespace horn::runtime
