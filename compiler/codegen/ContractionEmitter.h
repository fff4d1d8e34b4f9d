// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The emitter of contraction kernels, for the files that it is written in.
#pragma once

#include "compiler/codegen/ContractionKernel.h"
#include "compiler/codegen/KernelFunction.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace horn::codegen {

/// A matrix in memory, at the current batch.
struct Matrix {
  mlir::Type element;
  mlir::Value base;
  llvm::SmallVector<mlir::Value> rowStrides, batchStrides; ///< one for each axis; B has no row axes
  mlir::Value current;                                     ///< base at the current batch
};

/// Emits the code of one kernel: its tasks (ContractionKernel.cpp), the sums of a tile
/// (ContractionTile.cpp), and what becomes of them (ContractionEpilogue.cpp).
class ContractionEmitter {
public:
  ContractionEmitter(KernelFunction &kernel, const ContractionSpec &spec, unsigned lanes)
      : kernel_(kernel), b_(kernel.b), loc_(kernel.loc), spec_(spec),
        lanes_(kernel.b, kernel.loc, lanes) {
    if (spec.depthwise)
      depthwise_ = DepthwiseLines::create(kernel, *spec.depthwise, lanes);
  }

  void run();

private:
  void takeArguments();
  /// Calls `body` for what is neither C nor A nor B.
  void forOthers(llvm::function_ref<void(Matrix &)> body);
  void emitTask(mlir::Value task);
  void choosePanel(mlir::Value panel);
  /// The rows of a block at a panel, the last of which may have fewer vectors.
  void emitPanel(mlir::Value panel, mlir::Value begin, mlir::Value end);
  void emitRows(mlir::Value begin, mlir::Value end);
  /// All rows of a block at the panels of a task, with A from the prologue.
  void emitPrologueRows(mlir::Value begin, mlir::Value end, mlir::Value firstPanel);
  /// Writes the rows of A to prologueRows_.
  void emitPrologue(mlir::Value begin, mlir::Value end);
  /// Whether A is computed.
  bool computesLeft() const { return spec_.prologue || spec_.depthwise; }
  /// The sums of all rows of a block, one block of the depth after the other.
  void emitRowsByDepth(mlir::Value begin, mlir::Value end);
  /// Calls `body` for each block of the depth.
  void overDepthBlocks(llvm::function_ref<void()> body);
  /// The tiles for what is left of a block, fewer rows than a full tile.
  void emitTail(mlir::Value row, mlir::Value place, mlir::Value rest);
  /// `place` is the number of the tile's first row in the scratch tile.
  void emitTile(mlir::Value row, mlir::Value place, unsigned rows);
  /// The same for rows whose indices are known.
  void emitTileAt(mlir::Value row, mlir::Value place,
                  llvm::ArrayRef<llvm::SmallVector<mlir::Value>> at);
  /// The indices on the row axes of rows row, row + 1, ...
  llvm::SmallVector<llvm::SmallVector<mlir::Value>> rowIndices(mlir::Value row, unsigned rows);
  mlir::Value rowPointer(const Matrix &matrix, llvm::ArrayRef<mlir::Value> at) {
    return elementAt(b_, loc_, matrix.element, matrix.current, at, matrix.rowStrides);
  }
  /// Pointers to the rows of A from `row` on, whose indices are given.
  llvm::SmallVector<mlir::Value> rowsOfA(mlir::Value row,
                                         llvm::ArrayRef<llvm::SmallVector<mlir::Value>> at);
  /// Sums the products of a tile; one vector for each row and vector of the panel.
  llvm::SmallVector<mlir::Value> multiply(llvm::ArrayRef<mlir::Value> rowPointers,
                                          llvm::ArrayRef<mlir::Value> initial);
  /// Chooses the positions on the first window axis for a tile from its first to its last row.
  void clipWindow(llvm::ArrayRef<mlir::Value> first, llvm::ArrayRef<mlir::Value> last);
  /// Elements of B that one step on a window axis passes.
  mlir::Value windowStep(unsigned axis);
  llvm::SmallVector<mlir::Value>
  overWindow(unsigned axis, mlir::Value offset, mlir::Value panel,
             llvm::SmallVector<mlir::Value> carried,
             llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::Value,
                                                               llvm::ArrayRef<mlir::Value>)>
                 innermost);
  llvm::SmallVector<mlir::Value> innerLoop(llvm::ArrayRef<mlir::Value> rows, mlir::Value panel,
                                           llvm::ArrayRef<mlir::Value> initial);
  /// Chooses what the tile that is number `pass` of `passes` asks for.
  void planPrefetch(mlir::Value pass, mlir::Value passes);
  /// How many steps of depth the current block has before this window position.
  mlir::Value depthBefore();
  void storeLight(llvm::ArrayRef<llvm::SmallVector<mlir::Value>> rows,
                  llvm::ArrayRef<mlir::Value> sums);
  /// Keeps the sums of a tile, and where its rows are, for finishStaged().
  void storeStaged(mlir::Value place, llvm::ArrayRef<llvm::SmallVector<mlir::Value>> rows,
                   llvm::ArrayRef<mlir::Value> sums);
  /// The epilogue of the rows in the scratch tile, which are the rows from `row` on.
  void finishStaged(mlir::Value row, mlir::Value rows);
  void finishStagedRow(mlir::Value sums, llvm::ArrayRef<mlir::Value> pointers);
  /// An epilogue with reductions along the row, all of which is in the one panel.
  void finishWholeRow(mlir::Value sums, llvm::ArrayRef<mlir::Value> pointers);
  /// The epilogue of one vector of columns: `sums` are a row's, `pointers` those of its targets.
  void finishVector(mlir::Value sums, llvm::ArrayRef<mlir::Value> pointers, mlir::Value column,
                    mlir::Value mask);
  /// The results and the epilogue's operands, in the order of pointers to their rows.
  llvm::SmallVector<const Matrix *> targets() const;
  mlir::Value rowOffset(const Matrix &matrix, llvm::ArrayRef<mlir::Value> at);
  /// Pointers to a row of each epilogue operand.
  llvm::SmallVector<mlir::Value> epilogueRows(llvm::ArrayRef<mlir::Value> at);
  mlir::Value applyEpilogue(mlir::Value sum, llvm::ArrayRef<mlir::Value> operandRows,
                            mlir::Value column, mlir::Value mask);

  mlir::Value add(mlir::Value x, mlir::Value y) { return addIndex(b_, loc_, x, y); }
  mlir::Value mul(mlir::Value x, mlir::Value y) { return mulIndex(b_, loc_, x, y); }
  mlir::Value index(int64_t value) { return indexConstant(b_, loc_, value); }
  mlir::Value element(mlir::Value base, mlir::Value offset) {
    return elementAt(b_, loc_, spec_.element, base, {offset}, {index(1)});
  }
  /// Vector i of a tile whose first row has this place.
  mlir::Value scratchIndex(mlir::Value place, unsigned i) {
    int64_t row = i / tileVectors_, vector = i % tileVectors_;
    return add(mul(place, index(width())), index(row * width() + vector * lanes_.count));
  }
  int64_t width() const { return static_cast<int64_t>(spec_.vectors) * lanes_.count; }
  /// Columns of C that a panel gives.
  int64_t gateWidth() const { return width() / spec_.gates; }

  KernelFunction &kernel_;
  mlir::OpBuilder &b_;
  mlir::Location loc_;
  const ContractionSpec &spec_;
  Lanes lanes_;
  Matrix bMatrix_, c_;
  llvm::SmallVector<Matrix> sources_;         ///< A, or what the prologue computes it from
  std::unique_ptr<DepthwiseLines> depthwise_; ///< computes A; then there are no sources
  llvm::SmallVector<Matrix> otherResults_, epilogue_;
  mlir::Value m_, n_, k_, blockRows_, rowStrideB_, panelStride_;
  mlir::Value rowsFirst_;                        ///< unless A is computed
  mlir::Value taskPanels_;                       ///< if A is computed
  mlir::Value clipStride_, clipBegin_, clipEnd_; ///< arguments, if the window is clipped
  mlir::Value windowBegin_, windowEnd_; ///< positions on the first window axis for the current tile
  llvm::SmallVector<mlir::Value> batchSizes_, rowSizes_, windowSizes_, windowStrides_;
  unsigned tileVectors_ = 0;                  ///< of the current panel
  mlir::Value panel_, firstColumn_;           ///< of the current panel
  mlir::Value prologueRows_, prologueStride_; ///< the current rows of A, if it is computed
  mlir::Value firstPrologueRow_;
  bool isStaged_ = false;  ///< sums go through scratch memory before the epilogue
  mlir::Value scratch_;    ///< sums, [rows, width]
  mlir::Value offsets_;    ///< [rows, targets]: where these rows are, if rows have several axes
  mlir::Value depthBlock_; ///< argument
  mlir::Value window_, kBegin_,
      kEnd_;                ///< the current block of the depth; window_ on the first axis
  mlir::Value windowIndex_; ///< the linear position in the window, while emitting its loops
  mlir::Value passes_;      ///< tiles of rows that use the current block of the panel
  mlir::Value prefetch_, prefetchStep_; ///< where the current tile asks for memory, elements a step
  mlir::Value columns_;                 ///< of its panel: those that exist
  llvm::SmallVector<mlir::Value> columnMasks_; ///< which columns of each vector exist
};

} // namespace horn::codegen
