// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Launches of contraction kernels, for the ops that are lowered to them.
#pragma once

#include "compiler/codegen/TileSizes.h"
#include "compiler/lowering/DepthwiseLowering.h"

namespace horn::lowering {

/// A contraction as the kernel sees it: axes of batches, rows, window and what is summed.
struct Contraction {
  View a; ///< [batch..., rows..., window..., K]; only its shape counts if it is computed
  GroupBody prologue;              ///< what A is computed from, if it is none of the operands
  llvm::SmallVector<View> sources; ///< the prologue's operands, in the shape of A
  std::optional<DepthwisePart> depthwise; ///< computes A
  bool computesLeft() const { return !prologue.isEmpty || depthwise; }
  View b; ///< panels [batch..., P, (window, K), width], or [batch..., K, N] if natural
  View c; ///< [batch..., rows..., N]
  unsigned batchAxes = 0, rowAxes = 1, windowAxes = 0;
  mlir::AffineExpr k, n, bRowStride, panelStride;
  /// On the first axis of a picture, A's rows outside [begin, end) are known to be 0.
  struct Clip {
    mlir::AffineExpr stride, begin, end;
  };
  std::optional<Clip> clip;
  codegen::TileShape tile;
  unsigned gates = 1;                   ///< matrices in B, columns of all of them in each panel
  llvm::SmallVector<View> otherResults; ///< as `c`, of an epilogue with several results
  bool naturalB = false;
  bool areRowsApart = false; ///< whether, in a loop, rows need only what the same rows gave before
  int64_t groups = 1;        ///< of channels; if there are several, they are the batch axis
};

/// Launches the kernel of a contraction with what its epilogue reads, one view of the result's
/// shape (or that can be broadcast to it) for each. The epilogue may be null; `signature` names it.
void launchContraction(FunctionLowering &lowering, const Contraction &x, mlir::Block *epilogue,
                       llvm::StringRef signature, llvm::ArrayRef<View> epilogueOperands);

} // namespace horn::lowering
