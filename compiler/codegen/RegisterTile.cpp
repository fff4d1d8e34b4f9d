// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/RegisterTile.h"

#include "compiler/codegen/KernelFunction.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace horn::codegen {

/// More vector-FMAs than this in the tiles for the last rows cost compile time; then only tiles of
/// 1, 2, 4, ... rows are made.
static constexpr unsigned kMaxTailFmas = 84;

SmallVector<Value> emitTileStep(const Lanes &lanes, Type element, ArrayRef<Value> rows, Value at,
                                Value panel, Value start, ArrayRef<Value> masks, ValueRange sums) {
  OpBuilder &b = lanes.b;
  Location loc = lanes.loc;
  SmallVector<Value> columns, next;
  for (auto [v, mask] : llvm::enumerate(masks)) {
    Value column = addIndex(b, loc, start, indexConstant(b, loc, v * lanes.count));
    columns.push_back(lanes.load(element, panel, column, LaneStride::Contiguous, mask));
  }
  for (auto [r, row] : llvm::enumerate(rows)) {
    Value factor = lanes.load(element, row, at, LaneStride::Broadcast, Value());
    for (auto [v, column] : llvm::enumerate(columns))
      next.push_back(math::FmaOp::create(b, loc, factor, column, sums[r * columns.size() + v]));
  }
  return next;
}

/// Larger tiles first, as the bits of `rest` say.
static void emitTilesByBits(OpBuilder &b, Location loc, unsigned tileRows, Value rest,
                            llvm::function_ref<void(Value, unsigned)> tile) {
  Value done = indexConstant(b, loc, 0);
  for (unsigned rows = llvm::bit_floor(tileRows - 1); rows > 0; rows /= 2) {
    Value bit = arith::AndIOp::create(b, loc, rest, indexConstant(b, loc, rows));
    Value has =
        arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, bit, indexConstant(b, loc, 0));
    emitIf(b, loc, has, [&] { tile(done, rows); });
    done = addIndex(b, loc, done, bit);
  }
}

void emitRestTiles(OpBuilder &b, Location loc, unsigned tileRows, unsigned vectors, Value rest,
                   llvm::function_ref<void(Value, unsigned)> tile) {
  if (tileRows == 1)
    return;
  if (tileRows * (tileRows - 1) / 2 * vectors > kMaxTailFmas)
    return emitTilesByBits(b, loc, tileRows, rest, tile);
  SmallVector<int64_t> cases;
  for (unsigned rows = 1; rows < tileRows; ++rows)
    cases.push_back(rows);
  Value selector = arith::IndexCastOp::create(b, loc, b.getIndexType(), rest);
  auto choice = scf::IndexSwitchOp::create(b, loc, TypeRange(), selector, cases, cases.size());
  auto fill = [&](Region &region, unsigned rows) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(&region.emplaceBlock());
    if (rows)
      tile(indexConstant(b, loc, 0), rows);
    scf::YieldOp::create(b, loc);
  };
  fill(choice.getDefaultRegion(), 0);
  for (auto [region, rows] : llvm::zip(choice.getCaseRegions(), cases))
    fill(region, rows);
}

void emitRowTiles(OpBuilder &b, Location loc, unsigned tileRows, unsigned vectors, Value count,
                  llvm::function_ref<void(Value, unsigned)> tile) {
  Value step = indexConstant(b, loc, tileRows);
  Value rest = arith::RemUIOp::create(b, loc, count, step);
  Value full = arith::SubIOp::create(b, loc, count, rest);
  emitLoop(b, loc, indexConstant(b, loc, 0), full, step, [&](Value row) { tile(row, tileRows); });
  emitRestTiles(b, loc, tileRows, vectors, rest,
                [&](Value done, unsigned rows) { tile(addIndex(b, loc, full, done), rows); });
}

} // namespace horn::codegen
