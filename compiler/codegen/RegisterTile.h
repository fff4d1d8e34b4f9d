// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A tile of sums in registers: what all kernels that multiply matrices are made of.
#pragma once

#include "compiler/codegen/Lanes.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace horn::codegen {

/// Adds one step of depth to a tile: sums[r, v] += rows[r][at] * panel[start + v * lanes].
///
/// `rows` are pointers; `masks` tells which columns of each vector of the panel exist, null for
/// all; `sums` has one vector for each row and vector of the panel.
llvm::SmallVector<mlir::Value> emitTileStep(const Lanes &lanes, mlir::Type element,
                                            llvm::ArrayRef<mlir::Value> rows, mlir::Value at,
                                            mlir::Value panel, mlir::Value start,
                                            llvm::ArrayRef<mlir::Value> masks,
                                            mlir::ValueRange sums);

/// The tiles for `rest` rows, fewer than the `tileRows` of a full one: calls `tile` with how many
/// rows were done before and how many the tile has.
void emitRestTiles(mlir::OpBuilder &b, mlir::Location loc, unsigned tileRows, unsigned vectors,
                   mlir::Value rest,
                   llvm::function_ref<void(mlir::Value done, unsigned rows)> tile);

/// Tiles for the rows from 0 to `count`, full ones first; `tile` gets the first row.
void emitRowTiles(mlir::OpBuilder &b, mlir::Location loc, unsigned tileRows, unsigned vectors,
                  mlir::Value count, llvm::function_ref<void(mlir::Value row, unsigned rows)> tile);

} // namespace horn::codegen
