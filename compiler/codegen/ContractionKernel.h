// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The one generator for products of matrices and convolutions.
#pragma once

#include "compiler/codegen/DepthwiseKernel.h"

namespace horn::codegen {

/// What a contraction kernel is made from: C[m, n] = epilogue(sum over w, k of A[m, w, k] * B[w, k,
/// n]).
///
/// Rows m are matrix rows or output pixels, w runs over the kernel window, k over what is
/// contiguous in A. B lies in panels of `vectors` vectors of columns: packed ones, or with
/// `naturalB` the columns of a row-major matrix. A task is one panel and a block of rows; each
/// element is summed in the order of w and k whatever the task, the tile and the thread, so its
/// bits depend on nothing else.
///
/// With `gates`, B holds as many matrices [K, N], and each panel the same columns of all of them,
/// one gate behind the other. The epilogue has all their sums as its first arguments, and may have
/// several `results`, each a C of its own.
///
/// With a prologue, an element of A is computed from those of other operands in its place. A task
/// then has several panels: it first writes its rows of A to scratch memory, which all of them use.
///
/// A launch passes: pointers (C, A, B, the other results, epilogue operands); M, N, K, the rows of
/// a block, 1 if neighbouring tasks are panels of the same rows and 0 if they are rows of the same
/// panel (with a prologue, the panels of a task in its place); the batch sizes; the sizes of the
/// row axes if there are several; the strides along the row axes of C, A, each other result and
/// epilogue operand; the sizes of the window axes and A's strides along them; B's strides from k to
/// k and from panel to panel; and the strides along the batch axes of C, A, B, each other result
/// and epilogue operand. The prologue's operands stand for A.
///
/// A depthwise convolution can stand for A as well. Then a block of rows is a line of its result;
/// its pointers stand for that of A, there are no strides of A, and its sizes follow all others.
struct ContractionSpec {
  mlir::Type element;   ///< float or double
  unsigned vectors = 4; ///< of a panel
  /// Those of the last panel that have columns; fewer than `vectors` only if there are several
  /// panels and one gate.
  unsigned lastVectors = 4;
  unsigned rows = 6; ///< of a tile
  unsigned batchAxes = 0;
  unsigned rowAxes = 1; ///< axes that a row index runs over
  unsigned windowAxes = 0;
  bool naturalB = false;
  /// The depth is gone through in blocks, each for all rows of the task, so that a block of the
  /// panel stays in the second cache: one more size, the k of a block, follows the rows of a block.
  bool blocksDepth = false;
  /// While the rows of a task use a panel (or a block of its depth), ask for what follows it in
  /// memory, a share with each tile.
  bool prefetches = false;
  unsigned gates = 1; ///< `vectors` is a multiple of it
  /// Rows of A in front of and behind some positions on the first window axis are known to be 0:
  /// positions where that is so for all rows of a tile are left out. Row axes are those of
  /// pictures, [n, y, ...]. Three more sizes follow A's strides along the window axes: the stride,
  /// the first y of A that may not be 0 and the one behind the last.
  bool clipsWindow = false;
  unsigned results = 1; ///< what the epilogue yields
  /// Argument 0 is the sum. It may have reductions along the row if there is one panel, one gate
  /// and one result.
  mlir::Block *epilogue = nullptr;
  llvm::SmallVector<Access> epilogueOperands; ///< `lane` says how they move along n
  mlir::Block *prologue = nullptr; ///< an element of A; only without window axes and blocksDepth
  llvm::SmallVector<Access> prologueOperands; ///< `lane` says how they move along k
  std::optional<DepthwiseSpec> depthwise;     ///< computes A; under the same conditions
};

/// Most tiles of rows in one task.
inline constexpr int64_t kMaxBlockTiles = 16;
/// All panels together may take so much for tasks to go over all of them with the same rows: then a
/// thread gets a part of the rows, and what it writes is in its cache when it reads the same rows
/// in the next kernel. Larger ones are read by one thread each.
inline constexpr int64_t kCachedPanelBytes = 512 * 1024;
/// Most bytes of A that a prologue may write for one task: they are on the stack, and should stay
/// in the second cache beside the panels.
inline constexpr int64_t kMaxPrologueBytes = 128 * 1024;

void emitContractionKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                           const ContractionSpec &spec, const Target &target);

} // namespace horn::codegen
