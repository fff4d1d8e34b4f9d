// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tasks of a contraction kernel: which rows and panels they have, and in which order.
#include "compiler/codegen/ContractionKernel.h"

#include "compiler/codegen/ContractionEmitter.h"
#include "compiler/codegen/Epilogue.h"
#include "compiler/codegen/RegisterTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace horn::codegen {

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
  if (spec_.windowAxes > 0) {
    windowBegin_ = index(0);
    windowEnd_ = windowSizes_.front();
  }
  if (spec_.clipsWindow)
    for (Value *size : {&clipStride_, &clipBegin_, &clipEnd_})
      *size = kernel_.size();
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
  isStaged_ = spec_.blocksDepth || spec_.gates > 1 || spec_.results > 1 ||
              isHeavyEpilogue(spec_.epilogue) || reducesRows(spec_.epilogue);
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
  emitPanel(panel, begin, end);
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

void ContractionEmitter::emitPanel(Value panel, Value begin, Value end) {
  choosePanel(panel);
  tileVectors_ = spec_.vectors;
  if (spec_.lastVectors == spec_.vectors)
    return emitRows(begin, end);
  Value isLast =
      arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::slt, columns_, index(gateWidth()));
  auto branch = scf::IfOp::create(b_, loc_, isLast, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b_);
  b_.setInsertionPointToStart(branch.elseBlock());
  emitRows(begin, end);
  b_.setInsertionPointToStart(branch.thenBlock());
  tileVectors_ = spec_.lastVectors;
  emitRows(begin, end);
}

void ContractionEmitter::emitPrologueRows(Value begin, Value end, Value firstPanel) {
  emitPrologue(begin, end);
  Value panels = arith::CeilDivUIOp::create(b_, loc_, n_, index(width()));
  Value endPanel = arith::MinSIOp::create(b_, loc_, add(firstPanel, taskPanels_), panels);
  emitLoop(b_, loc_, firstPanel, endPanel, index(1),
           [&](Value panel) { emitPanel(panel, begin, end); });
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
  emitRestTiles(b_, loc_, spec_.rows, tileVectors_, rest, [&](Value done, unsigned rows) {
    emitTile(add(row, done), add(place, done), rows);
  });
}

void emitContractionKernel(ModuleOp module, StringRef name, Location location,
                           const ContractionSpec &spec, const Target &target) {
  KernelFunction kernel(module, name, location);
  ContractionEmitter(kernel, spec, target.vectorBytes / elementBytes(spec.element)).run();
}

} // namespace horn::codegen
