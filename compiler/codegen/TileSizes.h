// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Register tiles of the contraction kernels: the one place of their sizes. The graph packs weights
// into panels as wide as a tile, and the code generator writes the tiles.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <algorithm>
#include <cstdint>

namespace horn::codegen {

/// A tile of accumulators in registers, `rows` x `vectors`.
struct TileShape {
  int64_t vectors; ///< vector registers per row: the panel's width in vectors
  int64_t rows;
  double cost; ///< time for one column vector, relative to the best tile
};

/// Each tile leaves registers for one row of weights and one broadcast element. Wider ones load
/// less per multiply-add; the costs are from measurements of tiles (performance.md 2.1).
inline constexpr TileShape kTiles32[] = {{4, 6, 1.00}, {3, 8, 1.02}, {2, 12, 1.08}, {1, 14, 1.35}};
inline constexpr TileShape kTiles16[] = {{3, 4, 1.00}, {2, 5, 1.06}, {1, 8, 1.35}};

/// The tiles for a number of vector registers, widest first.
inline llvm::ArrayRef<TileShape> tileShapes(int64_t registers) {
  return registers >= 32 ? llvm::ArrayRef(kTiles32) : llvm::ArrayRef(kTiles16);
}

/// What a kernel does with a last panel that has few columns.
enum class LastPanel {
  Whole,  ///< as with the others
  Narrow, ///< tiles of its own, for the vectors that have columns
};

/// The vectors of the last panel that tiles go over: those that have columns, or all where that is
/// as good: tiles of another width are more code.
inline int64_t lastPanelVectors(int64_t columns, int64_t vectors, int64_t lanes) {
  constexpr int64_t kLeastShareSaved = 20; // one in so many
  int64_t needed = (columns + lanes - 1) / lanes, rest = needed % vectors;
  int64_t all = needed - rest + vectors;
  bool isWorthIt = needed > vectors && rest && (vectors - rest) * kLeastShareSaved > all;
  return isWorthIt ? rest : vectors;
}

/// Time for `columns` columns with a tile, in vectors of the best one; `lanes` elements fill a
/// vector.
inline double columnsCost(const TileShape &tile, int64_t columns, int64_t lanes, int64_t registers,
                          LastPanel lastPanel) {
  constexpr double kNarrowCost = 1.03; // more code, and more of it in the first cache
  int64_t width = tile.vectors * lanes, panels = (columns + width - 1) / width;
  int64_t last = lastPanel == LastPanel::Narrow ? lastPanelVectors(columns, tile.vectors, lanes)
                                                : tile.vectors;
  double cost = static_cast<double>(panels * tile.vectors) * tile.cost;
  if (last == tile.vectors)
    return cost;
  for (const TileShape &narrow : tileShapes(registers))
    if (narrow.vectors == last)
      cost +=
          static_cast<double>(last) * narrow.cost - static_cast<double>(tile.vectors) * tile.cost;
  return cost * kNarrowCost;
}

/// The tile whose panels hold `columns` columns at the least cost.
inline TileShape chooseTile(int64_t columns, int64_t lanes, int64_t registers,
                            LastPanel lastPanel = LastPanel::Whole) {
  auto costOf = [&](const TileShape &tile) {
    return columnsCost(tile, columns, lanes, registers, lastPanel);
  };
  TileShape best = tileShapes(registers).front();
  for (const TileShape &tile : tileShapes(registers))
    if (costOf(tile) < costOf(best))
      best = tile;
  return best;
}

/// The tile for panels of a given width: one of those above, or what fits into the registers.
inline TileShape tileOfWidth(int64_t vectors, int64_t registers) {
  for (const TileShape &tile : tileShapes(registers))
    if (tile.vectors == vectors)
      return tile;
  return {vectors, std::max<int64_t>((registers - vectors - 1) / vectors, 1), 1.0};
}

/// The most gates of a recurrent cell that a panel holds side by side.
inline constexpr int64_t kMaxGates = 4;

/// The vectors of units of each gate in such a panel: one, or as many as a tile of this machine has
/// room for.
inline int64_t gateVectors(int64_t gates, int64_t units, int64_t lanes, int64_t registers) {
  if (gates == 1)
    return chooseTile(units, lanes, registers).vectors;
  int64_t room = tileShapes(registers).front().vectors / gates,
          needed = (units + lanes - 1) / lanes;
  return std::max<int64_t>(std::min(room, needed), 1);
}

} // namespace horn::codegen
