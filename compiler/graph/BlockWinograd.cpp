// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Joins the three steps of a Winograd convolution to one kernel where blocks of tiles suit the
// caches.
#include "compiler/codegen/TileSizes.h"
#include "compiler/codegen/WinogradBlocks.h"
#include "compiler/graph/Passes.h"
#include "compiler/support/Remarks.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/Winograd.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace horn::graph {
#define GEN_PASS_DEF_BLOCKWINOGRAD
#include "compiler/graph/Passes.h.inc"
} // namespace horn::graph

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static constexpr StringLiteral kPass = "horn-block-winograd";

namespace {
/// The steps, as horn-winograd and horn-pack-weights leave them.
struct Steps {
  WinogradTilesOp tiles;
  PanelMatmulOp product;
  WinogradPixelsOp pixels;
};

struct BlockWinograd : graph::impl::BlockWinogradBase<BlockWinograd> {
  using BlockWinogradBase::BlockWinogradBase;

  void runOnOperation() override {
    SmallVector<Steps> found;
    getOperation()->walk([&](WinogradPixelsOp pixels) {
      auto product = pixels.getX().getDefiningOp<PanelMatmulOp>();
      auto tiles = product ? product.getX().getDefiningOp<WinogradTilesOp>() : WinogradTilesOp();
      if (tiles && product->hasOneUse() && tiles->hasOneUse())
        found.push_back({tiles, product, pixels});
    });
    for (const Steps &steps : found)
      join(steps);
  }

  /// Why the steps stay apart; empty if blocks are better.
  StringRef whyNot(Steps steps) const {
    ArrayRef<int64_t> panels = steps.product.getPanels().getType().getShape();
    int64_t points = panels[1], channels = panels[2], width = panels[3];
    if (width % lanes != 0)
      return "its panels are for other vectors";
    int64_t rows = codegen::tileOfWidth(width / lanes, registers).rows;
    int64_t block = codegen::winogradBlockTiles(points, channels, width, rows);
    // Each block reads all weights again: those of two tiles of registers wait for the third cache
    // no longer than they compute.
    if (block < 2 * rows)
      return "a block of its tiles is too large for the second cache";
    int64_t tiles = steps.tiles.getRows() * steps.tiles.getColumns();
    return tiles < kFewestBlocks * block ? "it has few tiles" : "";
  }
  static constexpr int64_t kFewestBlocks = 8; ///< of a picture, so that threads get equal shares

  void join(Steps steps) const {
    if (StringRef reason = whyNot(steps); !reason.empty())
      return remarkMissed(steps.pixels, kPass,
                          Twine(layerName(steps.pixels)) + " not in blocks of tiles: " + reason);
    remarkApplied(steps.pixels, kPass, Twine(layerName(steps.pixels)) + " in blocks of tiles");
    OpBuilder b(steps.pixels);
    Value y = WinogradConvOp::create(b, steps.pixels.getLoc(), steps.tiles.getX(),
                                     steps.product.getPanels(), steps.product.getColumnsAttr(),
                                     steps.pixels.getHeightAttr(), steps.pixels.getWidthAttr(),
                                     steps.tiles.getLowAttr(), steps.pixels.getPixelsAttr());
    steps.pixels.replaceAllUsesWith(y);
    steps.pixels.erase();
    steps.product.erase();
    steps.tiles.erase();
  }
};
} // namespace
