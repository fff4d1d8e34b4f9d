// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels for the transforms of Winograd's convolution; the products between them are contractions.
#pragma once

#include "compiler/codegen/RowKernel.h"

namespace horn::codegen {

/// The transform of tiles: B^T d B for each tile d of P x P pixels, `pixels` = P - 2 apart, zeros
/// outside.
///
/// A launch passes: pointers (y [P^2, n * rows * columns, c], x [n, h, w, c]); n, rows, columns, c,
/// h, w, the padding in front of h and w; the strides of y on its first two axes, and of x on its
/// first three. There is one task for each tile.
void emitWinogradTilesKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                             int64_t pixels, const Target &target);

/// The transform to pixels: epilogue(A^T m A) for each tile m of P x P points.
struct WinogradPixelsSpec {
  int64_t pixels = 4;                         ///< P - 2
  mlir::Block *epilogue = nullptr;            ///< argument 0 is the pixel
  llvm::SmallVector<Access> epilogueOperands; ///< `lane` is Broadcast or Contiguous
};

/// A launch passes: pointers (y [n, h, w, c], x [P^2, n * rows * columns, c], epilogue operands);
/// n, rows, columns, c, h, w; the strides of x on its first two axes, and of y and each epilogue
/// operand on their first three. There is one task for each tile.
void emitWinogradPixelsKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                              const WinogradPixelsSpec &spec, const Target &target);

/// All of a convolution: epilogue(A^T ((G g G^T) * (B^T d B)) A), a block of tiles at a time.
struct WinogradConvSpec : WinogradPixelsSpec {
  int64_t low = 1;      ///< padding in front of both axes
  unsigned vectors = 4; ///< of a panel
  unsigned rows = 6;    ///< of a tile of registers
};

/// A launch passes: pointers (y [n, h, w, f], x [n, height, width, c], panels [p, P^2, c, lanes *
/// vectors], epilogue operands); n, rows, columns of tiles, c, height, width, f, h, w, tiles of a
/// block; the strides of x, of y and of each epilogue operand on their first three axes. There is
/// one task for each block of winogradBlockTiles() tiles.
void emitWinogradConvKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                            const WinogradConvSpec &spec, const Target &target);

} // namespace horn::codegen
