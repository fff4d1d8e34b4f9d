// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/ContractionKernel.h"

#include "compiler/codegen/Epilogue.h"
#include "compiler/codegen/KernelFunction.h"
#include "compiler/codegen/RegisterTile.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace horn::codegen {

namespace {
/// A matrix in memory, at the current batch.
struct Matrix {
  Type element;
  Value base;
  SmallVector<Value> rowStrides, batchStrides; ///< one for each axis; B has no row axes
  Value current;                               ///< base at the current batch
};

/// Emits the code of one kernel.
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
  void emitTask(Value task);
  void choosePanel(Value panel);
  void emitRows(Value begin, Value end);
  /// All rows of a block at the panels of a task, with A from the prologue.
  void emitPrologueRows(Value begin, Value end, Value firstPanel);
  /// Writes the rows of A to prologueRows_.
  void emitPrologue(Value begin, Value end);
  /// Whether A is computed.
  bool computesLeft() const { return spec_.prologue || spec_.depthwise; }
  /// The sums of all rows of a block, one block of the depth after the other.
  void emitRowsByDepth(Value begin, Value end);
  /// Calls `body` for each block of the depth.
  void overDepthBlocks(llvm::function_ref<void()> body);
  /// The tiles for what is left of a block, fewer rows than a full tile.
  void emitTail(Value row, Value place, Value rest);
  /// `place` is the number of the tile's first row in the scratch tile.
  void emitTile(Value row, Value place, unsigned rows);
  /// The indices on the row axes of rows row, row + 1, ...
  SmallVector<SmallVector<Value>> rowIndices(Value row, unsigned rows);
  Value rowPointer(const Matrix &matrix, ArrayRef<Value> at) {
    return elementAt(b_, loc_, matrix.element, matrix.current, at, matrix.rowStrides);
  }
  /// Pointers to the rows of A from `row` on, whose indices are given.
  SmallVector<Value> rowsOfA(Value row, ArrayRef<SmallVector<Value>> at);
  /// Sums the products of a tile; one vector for each row and vector of the panel.
  SmallVector<Value> multiply(ArrayRef<Value> rowPointers, ArrayRef<Value> initial);
  /// Elements of B that one step on a window axis passes.
  Value windowStep(unsigned axis);
  SmallVector<Value>
  overWindow(unsigned axis, Value offset, Value panel, SmallVector<Value> carried,
             llvm::function_ref<SmallVector<Value>(Value, Value, ArrayRef<Value>)> innermost);
  SmallVector<Value> innerLoop(ArrayRef<Value> rows, Value panel, ArrayRef<Value> initial);
  /// Chooses what the tile that is number `pass` of `passes` asks for.
  void planPrefetch(Value pass, Value passes);
  /// How many steps of depth the current block has before this window position.
  Value depthBefore();
  void storeLight(ArrayRef<SmallVector<Value>> rows, ArrayRef<Value> sums);
  /// Keeps the sums of a tile, and where its rows are, for finishStaged().
  void storeStaged(Value place, ArrayRef<SmallVector<Value>> rows, ArrayRef<Value> sums);
  /// The epilogue of the rows in the scratch tile, which are the rows from `row` on.
  void finishStaged(Value row, Value rows);
  void finishStagedRow(Value sums, ArrayRef<Value> pointers);
  /// The epilogue of one vector of columns: `sums` are a row's, `pointers` those of its targets.
  void finishVector(Value sums, ArrayRef<Value> pointers, Value column, Value mask);
  /// The results and the epilogue's operands, in the order of pointers to their rows.
  SmallVector<const Matrix *> targets() const;
  Value rowOffset(const Matrix &matrix, ArrayRef<Value> at);
  /// Pointers to a row of each epilogue operand.
  SmallVector<Value> epilogueRows(ArrayRef<Value> at);
  Value applyEpilogue(Value sum, ArrayRef<Value> operandRows, Value column, Value mask);

  Value add(Value x, Value y) { return addIndex(b_, loc_, x, y); }
  Value mul(Value x, Value y) { return mulIndex(b_, loc_, x, y); }
  Value index(int64_t value) { return indexConstant(b_, loc_, value); }
  Value element(Value base, Value offset) {
    return elementAt(b_, loc_, spec_.element, base, {offset}, {index(1)});
  }
  /// Vector i of a tile whose first row has this place.
  Value scratchIndex(Value place, unsigned i) {
    return add(mul(place, index(width())), index(i * lanes_.count));
  }
  int64_t width() const { return static_cast<int64_t>(spec_.vectors) * lanes_.count; }
  /// Columns of C that a panel gives.
  int64_t gateWidth() const { return width() / spec_.gates; }

  KernelFunction &kernel_;
  OpBuilder &b_;
  Location loc_;
  const ContractionSpec &spec_;
  Lanes lanes_;
  Matrix bMatrix_, c_;
  SmallVector<Matrix> sources_;               ///< A, or what the prologue computes it from
  std::unique_ptr<DepthwiseLines> depthwise_; ///< computes A; then there are no sources
  SmallVector<Matrix> otherResults_, epilogue_;
  Value m_, n_, k_, blockRows_, rowStrideB_, panelStride_;
  Value rowsFirst_;  ///< unless A is computed
  Value taskPanels_; ///< if A is computed
  SmallVector<Value> batchSizes_, rowSizes_, windowSizes_, windowStrides_;
  Value panel_, firstColumn_;           ///< of the current panel
  Value prologueRows_, prologueStride_; ///< the current rows of A, if it is computed
  Value firstPrologueRow_;
  bool isStaged_ = false; ///< sums go through scratch memory before the epilogue
  Value scratch_;         ///< sums, [rows, width]
  Value offsets_;         ///< [rows, targets]: where these rows are, if rows have several axes
  Value depthBlock_;      ///< argument
  Value window_, kBegin_, kEnd_;   ///< the current block of the depth; window_ on the first axis
  Value windowIndex_;              ///< the linear position in the window, while emitting its loops
  Value passes_;                   ///< tiles of rows that use the current block of the panel
  Value prefetch_, prefetchStep_;  ///< where the current tile asks for memory, elements a step
  Value columns_;                  ///< of its panel: those that exist
  SmallVector<Value> columnMasks_; ///< which columns of each vector exist
};
} // namespace

void ContractionEmitter::takeArguments() {
  auto matrix = [&](Type element) {
    return Matrix{.element = element,
                  .base = kernel_.pointer(),
                  .rowStrides = {},
                  .batchStrides = {},
                  .current = {}};
  };
  c_ = matrix(spec_.element);
  if (depthwise_)
    depthwise_->takePointers();
  else if (!spec_.prologue)
    sources_.push_back(matrix(spec_.element));
  for (const Access &access : spec_.prologueOperands)
    sources_.push_back(matrix(access.element));
  bMatrix_ = matrix(spec_.element);
  while (otherResults_.size() + 1 < spec_.results)
    otherResults_.push_back(matrix(spec_.element));
  for (const Access &access : spec_.epilogueOperands)
    epilogue_.push_back(matrix(access.element));
  m_ = kernel_.size();
  n_ = kernel_.size();
  k_ = kernel_.size();
  blockRows_ = kernel_.size();
  (computesLeft() ? taskPanels_ : rowsFirst_) = kernel_.size();
  if (spec_.blocksDepth)
    depthBlock_ = kernel_.size();
  batchSizes_ = kernel_.sizes(spec_.batchAxes);
  if (spec_.rowAxes > 1)
    rowSizes_ = kernel_.sizes(spec_.rowAxes);
  auto takeRowStrides = [&](Matrix &matrix) { matrix.rowStrides = kernel_.sizes(spec_.rowAxes); };
  takeRowStrides(c_);
  llvm::for_each(sources_, takeRowStrides);
  forOthers(takeRowStrides);
  windowSizes_ = kernel_.sizes(spec_.windowAxes);
  windowStrides_ = kernel_.sizes(spec_.windowAxes);
  rowStrideB_ = kernel_.size();
  panelStride_ = kernel_.size();
  auto takeBatchStrides = [&](Matrix &matrix) {
    matrix.batchStrides = kernel_.sizes(spec_.batchAxes);
  };
  takeBatchStrides(c_);
  llvm::for_each(sources_, takeBatchStrides);
  takeBatchStrides(bMatrix_);
  forOthers(takeBatchStrides);
  if (depthwise_)
    depthwise_->takeSizes();
}

void ContractionEmitter::forOthers(llvm::function_ref<void(Matrix &)> body) {
  llvm::for_each(otherResults_, body);
  llvm::for_each(epilogue_, body);
}

void ContractionEmitter::run() {
  takeArguments();
  isStaged_ =
      spec_.blocksDepth || spec_.gates > 1 || spec_.results > 1 || isHeavyEpilogue(spec_.epilogue);
  if (isStaged_) {
    int64_t rows = spec_.rows * (spec_.blocksDepth ? kMaxBlockTiles : 1);
    scratch_ = kernel_.scratch(spec_.element, rows * width());
    if (spec_.rowAxes > 1)
      offsets_ = kernel_.scratch(b_.getI64Type(), rows * targets().size());
  }
  if (computesLeft()) {
    // A vector more than K: rows of a power of two would lie on the same lines of the first cache.
    prologueStride_ = add(k_, index(lanes_.count));
    prologueRows_ = kernel_.scratch(spec_.element, mul(blockRows_, prologueStride_));
  }
  kBegin_ = index(0);
  kEnd_ = k_;
  kernel_.forEachTask([&](Value task) { emitTask(task); });
}

void ContractionEmitter::emitTask(Value task) {
  Value blocks = arith::CeilDivUIOp::create(b_, loc_, m_, blockRows_);
  Value panels = arith::CeilDivUIOp::create(b_, loc_, n_, index(gateWidth()));
  SmallVector<Value> sizes = batchSizes_, at;
  Value block, panel;
  if (computesLeft()) {
    sizes.append({blocks, arith::CeilDivUIOp::create(b_, loc_, panels, taskPanels_)});
    at = splitIndex(b_, loc_, task, sizes);
    panel = mul(at.pop_back_val(), taskPanels_);
    block = at.pop_back_val();
  } else {
    // A thread's tasks are neighbours: they share a panel, or rows.
    Value rowsFirst =
        arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::ne, rowsFirst_, index(0));
    auto choose = [&](Value ifRows, Value ifPanels) {
      return arith::SelectOp::create(b_, loc_, rowsFirst, ifRows, ifPanels);
    };
    sizes.append({choose(blocks, panels), choose(panels, blocks)});
    at = splitIndex(b_, loc_, task, sizes);
    Value inner = at.pop_back_val(), outer = at.pop_back_val();
    block = choose(outer, inner);
    panel = choose(inner, outer);
  }
  auto moveToBatch = [&](Matrix &matrix) {
    matrix.current = elementAt(b_, loc_, matrix.element, matrix.base, at, matrix.batchStrides);
  };
  llvm::for_each(sources_, moveToBatch);
  moveToBatch(bMatrix_);
  moveToBatch(c_);
  forOthers(moveToBatch);
  Value begin = mul(block, blockRows_);
  Value end = arith::MinSIOp::create(b_, loc_, add(begin, blockRows_), m_);
  if (computesLeft())
    return emitPrologueRows(begin, end, panel);
  choosePanel(panel);
  emitRows(begin, end);
}

void ContractionEmitter::choosePanel(Value panel) {
  firstColumn_ = mul(panel, index(gateWidth()));
  panel_ = element(bMatrix_.current, mul(panel, panelStride_));
  columns_ = arith::MinSIOp::create(b_, loc_, index(gateWidth()),
                                    arith::SubIOp::create(b_, loc_, n_, firstColumn_));
  columnMasks_.clear();
  for (unsigned v = 0; v < spec_.vectors; ++v)
    columnMasks_.push_back(lanes_.maskBelow(add(firstColumn_, index(v * lanes_.count)), n_));
}

void ContractionEmitter::emitPrologueRows(Value begin, Value end, Value firstPanel) {
  emitPrologue(begin, end);
  Value panels = arith::CeilDivUIOp::create(b_, loc_, n_, index(width()));
  Value endPanel = arith::MinSIOp::create(b_, loc_, add(firstPanel, taskPanels_), panels);
  emitLoop(b_, loc_, firstPanel, endPanel, index(1), [&](Value panel) {
    choosePanel(panel);
    emitRows(begin, end);
  });
}

void ContractionEmitter::emitPrologue(Value begin, Value end) {
  firstPrologueRow_ = begin;
  if (depthwise_) {
    Value line = arith::DivUIOp::create(b_, loc_, begin, depthwise_->columns());
    return depthwise_->emitLine(line, prologueRows_, prologueStride_);
  }
  emitLoop(b_, loc_, begin, end, index(1), [&](Value row) {
    SmallVector<Value> at = rowIndices(row, 1).front(), rows;
    for (const Matrix &source : sources_)
      rows.push_back(rowPointer(source, at));
    Value target = rowsOfA(row, {at}).front();
    emitVectors(lanes_, index(0), k_, [&](Value k, Value mask) {
      lanes_.store(emitBody(lanes_, spec_.prologue, spec_.prologueOperands, rows, k, mask), target,
                   k, mask);
    });
  });
}

SmallVector<Value> ContractionEmitter::rowsOfA(Value row, ArrayRef<SmallVector<Value>> at) {
  SmallVector<Value> rows;
  Value first =
      firstPrologueRow_ ? arith::SubIOp::create(b_, loc_, row, firstPrologueRow_) : Value();
  for (auto [r, indices] : llvm::enumerate(at))
    rows.push_back(computesLeft()
                       ? element(prologueRows_, mul(add(first, index(r)), prologueStride_))
                       : rowPointer(sources_.front(), indices));
  return rows;
}

void ContractionEmitter::emitRows(Value begin, Value end) {
  if (spec_.blocksDepth)
    return emitRowsByDepth(begin, end);
  Value count = arith::SubIOp::create(b_, loc_, end, begin), tileRows = index(spec_.rows);
  passes_ = arith::CeilDivUIOp::create(b_, loc_, m_, tileRows);
  Value rest = arith::RemUIOp::create(b_, loc_, count, tileRows);
  Value fullEnd = arith::SubIOp::create(b_, loc_, end, rest);
  emitLoop(b_, loc_, begin, fullEnd, tileRows, [&](Value row) {
    emitTile(row, index(0), spec_.rows);
    if (isStaged_)
      finishStaged(row, tileRows);
  });
  emitTail(fullEnd, index(0), rest);
  if (isStaged_ && spec_.rows > 1)
    finishStaged(fullEnd, rest);
}

void ContractionEmitter::emitRowsByDepth(Value begin, Value end) {
  Value count = arith::SubIOp::create(b_, loc_, end, begin), tileRows = index(spec_.rows);
  passes_ = arith::CeilDivUIOp::create(b_, loc_, count, tileRows);
  Value rest = arith::RemUIOp::create(b_, loc_, count, tileRows);
  Value fullCount = arith::SubIOp::create(b_, loc_, count, rest);
  emitLoop(b_, loc_, index(0), mul(count, index(width())), index(lanes_.count),
           [&](Value at) { lanes_.store(lanes_.real(0, spec_.element), scratch_, at, Value()); });
  overDepthBlocks([&] {
    emitLoop(b_, loc_, index(0), fullCount, tileRows,
             [&](Value place) { emitTile(add(begin, place), place, spec_.rows); });
    emitTail(add(begin, fullCount), fullCount, rest);
  });
  finishStaged(begin, count);
}

void ContractionEmitter::overDepthBlocks(llvm::function_ref<void()> body) {
  auto overK = [&](Value window) {
    emitLoop(b_, loc_, index(0), k_, depthBlock_, [&](Value k) {
      window_ = window;
      kBegin_ = k;
      kEnd_ = arith::MinSIOp::create(b_, loc_, add(k, depthBlock_), k_);
      body();
    });
  };
  if (spec_.windowAxes > 0)
    emitLoop(b_, loc_, index(0), windowSizes_.front(), index(1), overK);
  else
    overK(Value());
}

void ContractionEmitter::emitTail(Value row, Value place, Value rest) {
  emitRestTiles(b_, loc_, spec_.rows, spec_.vectors, rest, [&](Value done, unsigned rows) {
    emitTile(add(row, done), add(place, done), rows);
  });
}

SmallVector<SmallVector<Value>> ContractionEmitter::rowIndices(Value row, unsigned rows) {
  SmallVector<SmallVector<Value>> all;
  if (spec_.rowAxes == 1) {
    for (unsigned r = 0; r < rows; ++r)
      all.push_back({add(row, index(r))});
    return all;
  }
  // Pixels: the first one by division, the next ones by counting up with carry.
  all.push_back(splitIndex(b_, loc_, row, rowSizes_));
  while (all.size() < rows) {
    SmallVector<Value> at = all.back();
    Value carry = index(1);
    for (unsigned axis = spec_.rowAxes; axis-- > 1;) {
      Value next = add(at[axis], carry);
      Value wraps =
          arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::eq, next, rowSizes_[axis]);
      at[axis] = arith::SelectOp::create(b_, loc_, wraps, index(0), next);
      carry = arith::ExtUIOp::create(b_, loc_, b_.getI64Type(), wraps);
    }
    at[0] = add(at[0], carry);
    all.push_back(at);
  }
  return all;
}

SmallVector<Value> ContractionEmitter::innerLoop(ArrayRef<Value> rows, Value panel,
                                                 ArrayRef<Value> initial) {
  Value ahead = prefetch_ ? element(prefetch_, mul(depthBefore(), prefetchStep_)) : Value();
  return emitLoop(b_, loc_, kBegin_, kEnd_, index(1), initial, [&](Value k, ValueRange sums) {
    Value start = mul(k, spec_.naturalB ? rowStrideB_ : index(width()));
    if (spec_.prefetches)
      LLVM::Prefetch::create(
          b_, loc_, element(ahead, mul(arith::SubIOp::create(b_, loc_, k, kBegin_), prefetchStep_)),
          /*rw=*/0, /*hint=*/2, /*cache=*/1);
    // Packed panels are whole.
    SmallVector<Value> whole(spec_.vectors);
    return emitTileStep(lanes_, spec_.element, rows, k, panel, start,
                        spec_.naturalB ? ArrayRef(columnMasks_) : ArrayRef(whole), sums);
  });
}

Value ContractionEmitter::windowStep(unsigned axis) {
  Value step = mul(k_, spec_.naturalB ? rowStrideB_ : index(width()));
  for (unsigned inner = axis + 1; inner < spec_.windowAxes; ++inner)
    step = mul(step, windowSizes_[inner]);
  return step;
}

SmallVector<Value> ContractionEmitter::overWindow(
    unsigned axis, Value offset, Value panel, SmallVector<Value> carried,
    llvm::function_ref<SmallVector<Value>(Value, Value, ArrayRef<Value>)> innermost) {
  if (axis == spec_.windowAxes)
    return innermost(offset, panel, carried);
  Value step = windowStep(axis);
  return emitLoop(
      b_, loc_, index(0), windowSizes_[axis], index(1), carried, [&](Value i, ValueRange sums) {
        llvm::SaveAndRestore position(
            windowIndex_, windowIndex_ ? add(mul(windowIndex_, windowSizes_[axis]), i) : i);
        return overWindow(axis + 1, add(offset, mul(i, windowStrides_[axis])),
                          element(panel, mul(i, step)), llvm::to_vector(sums), innermost);
      });
}

SmallVector<Value> ContractionEmitter::multiply(ArrayRef<Value> rows, ArrayRef<Value> initial) {
  unsigned firstAxis = window_ ? 1 : 0;
  Value offset = window_ ? mul(window_, windowStrides_.front()) : index(0);
  Value panel = window_ ? element(panel_, mul(window_, windowStep(0))) : panel_;
  return overWindow(firstAxis, offset, panel, llvm::to_vector(initial),
                    [&](Value offset, Value panel, ArrayRef<Value> sums) {
                      SmallVector<Value> moved;
                      for (Value row : rows)
                        moved.push_back(element(row, offset));
                      return innerLoop(moved, panel, sums);
                    });
}

void ContractionEmitter::planPrefetch(Value pass, Value passes) {
  Value depth = arith::SubIOp::create(b_, loc_, kEnd_, kBegin_), base = panel_;
  if (window_)
    base = element(base, mul(window_, windowStep(0)));
  else
    for (Value size : windowSizes_)
      depth = mul(depth, size);
  // Behind the block of this panel, a part with each pass.
  prefetchStep_ = arith::CeilDivUIOp::create(b_, loc_, index(width()), passes);
  Value start = mul(add(kBegin_, depth), index(width()));
  prefetch_ = element(base, add(start, mul(mul(pass, depth), prefetchStep_)));
}

Value ContractionEmitter::depthBefore() {
  return window_ || !windowIndex_ ? index(0) : mul(windowIndex_, k_);
}

void ContractionEmitter::emitTile(Value row, Value place, unsigned rows) {
  if (spec_.prefetches)
    planPrefetch(
        arith::DivUIOp::create(b_, loc_, spec_.blocksDepth ? place : row, index(spec_.rows)),
        passes_);
  SmallVector<Value> initial(rows * spec_.vectors, lanes_.real(0, spec_.element));
  SmallVector<SmallVector<Value>> at = rowIndices(row, rows);
  if (spec_.blocksDepth)
    for (unsigned i = 0; i < initial.size(); ++i)
      initial[i] = lanes_.load(spec_.element, scratch_, scratchIndex(place, i),
                               LaneStride::Contiguous, Value());
  SmallVector<Value> sums = multiply(rowsOfA(row, at), initial);
  if (isStaged_)
    storeStaged(place, at, sums);
  else
    storeLight(at, sums);
}

SmallVector<Value> ContractionEmitter::epilogueRows(ArrayRef<Value> at) {
  SmallVector<Value> rows;
  for (const Matrix &operand : epilogue_)
    rows.push_back(rowPointer(operand, at));
  return rows;
}

Value ContractionEmitter::applyEpilogue(Value sum, ArrayRef<Value> operandRows, Value column,
                                        Value mask) {
  return emitEpilogue(lanes_, spec_.epilogue, sum, spec_.epilogueOperands, operandRows, column,
                      mask);
}

/// Few operations: on the sums in their registers.
void ContractionEmitter::storeLight(ArrayRef<SmallVector<Value>> rows, ArrayRef<Value> sums) {
  for (auto [r, at] : llvm::enumerate(rows)) {
    Value target = rowPointer(c_, at);
    SmallVector<Value> operandRows = epilogueRows(at);
    for (unsigned v = 0; v < spec_.vectors; ++v) {
      Value column = add(firstColumn_, index(v * lanes_.count));
      Value value = sums[r * spec_.vectors + v];
      lanes_.store(applyEpilogue(value, operandRows, column, columnMasks_[v]), target, column,
                   columnMasks_[v]);
    }
  }
}

SmallVector<const Matrix *> ContractionEmitter::targets() const {
  SmallVector<const Matrix *> all = {&c_};
  for (const SmallVector<Matrix> *others : {&otherResults_, &epilogue_})
    for (const Matrix &matrix : *others)
      all.push_back(&matrix);
  return all;
}

Value ContractionEmitter::rowOffset(const Matrix &matrix, ArrayRef<Value> at) {
  Value offset = index(0);
  for (auto [i, stride] : llvm::zip(at, matrix.rowStrides))
    offset = add(offset, mul(i, stride));
  return offset;
}

/// Many operations (exp, erf, ...) unrolled over all sums would spill them: they go to the first
/// cache, and finishStaged() goes over it in a loop.
void ContractionEmitter::storeStaged(Value place, ArrayRef<SmallVector<Value>> rows,
                                     ArrayRef<Value> sums) {
  for (unsigned i = 0; i < sums.size(); ++i)
    lanes_.store(sums[i], scratch_, scratchIndex(place, i), Value());
  if (!offsets_)
    return;
  SmallVector<const Matrix *> all = targets();
  Value first = mul(place, index(all.size()));
  for (auto [r, at] : llvm::enumerate(rows))
    for (auto [t, matrix] : llvm::enumerate(all))
      kernel::StoreOp::create(b_, loc_, rowOffset(*matrix, at), offsets_,
                              add(first, index(r * all.size() + t)), Value());
}

void ContractionEmitter::finishStaged(Value row, Value rows) {
  SmallVector<const Matrix *> all = targets();
  emitLoop(b_, loc_, index(0), rows, index(1), [&](Value r) {
    SmallVector<Value> pointers;
    for (auto [t, matrix] : llvm::enumerate(all)) {
      Value offset =
          offsets_
              ? Value(kernel::LoadOp::create(b_, loc_, b_.getI64Type(), offsets_,
                                             add(mul(r, index(all.size())), index(t)), Value()))
              : rowOffset(*matrix, {add(row, r)});
      pointers.push_back(
          elementAt(b_, loc_, matrix->element, matrix->current, {offset}, {index(1)}));
    }
    finishStagedRow(element(scratch_, mul(r, index(width()))), pointers);
  });
}

void ContractionEmitter::finishStagedRow(Value sums, ArrayRef<Value> pointers) {
  if (spec_.gates == 1)
    return emitVectors(lanes_, index(0), columns_, [&](Value column, Value mask) {
      finishVector(sums, pointers, column, mask);
    });
  // No loop over the few vectors of a gate: with one, the constants of the cell's functions would
  // seem more worth a register than the sums of the product.
  for (unsigned v = 0; v < spec_.vectors / spec_.gates; ++v)
    finishVector(sums, pointers, index(v * lanes_.count), columnMasks_[v]);
}

void ContractionEmitter::finishVector(Value sums, ArrayRef<Value> pointers, Value column,
                                      Value mask) {
  Value at = add(firstColumn_, column);
  SmallVector<Value> values;
  for (unsigned gate = 0; gate < spec_.gates; ++gate)
    values.push_back(lanes_.load(spec_.element, sums, add(column, index(gate * gateWidth())),
                                 LaneStride::Contiguous, Value()));
  if (spec_.epilogue)
    values = emitEpilogues(lanes_, spec_.epilogue, values, spec_.epilogueOperands,
                           pointers.drop_front(spec_.results), at, mask);
  for (auto [value, result] : llvm::zip_equal(values, pointers.take_front(spec_.results)))
    lanes_.store(value, result, at, mask);
}

void emitContractionKernel(ModuleOp module, StringRef name, Location location,
                           const ContractionSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  ContractionEmitter(kernel, spec, target.vectorBytes / elementBytes(spec.element)).run();
}

} // namespace horn::codegen
