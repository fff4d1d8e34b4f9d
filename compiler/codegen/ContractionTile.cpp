// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The sums of a tile: loops over the window and the depth around steps in registers.
#include "compiler/codegen/ContractionEmitter.h"
#include "compiler/codegen/RegisterTile.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;

namespace horn::codegen {

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
    SmallVector<Value> whole(tileVectors_);
    ArrayRef<Value> masks(spec_.naturalB ? columnMasks_ : whole);
    return emitTileStep(lanes_, spec_.element, rows, k, panel, start,
                        masks.take_front(tileVectors_), sums);
  });
}

Value ContractionEmitter::windowStep(unsigned axis) {
  Value step = mul(k_, spec_.naturalB ? rowStrideB_ : index(width()));
  for (unsigned inner = axis + 1; inner < spec_.windowAxes; ++inner)
    step = mul(step, windowSizes_[inner]);
  return step;
}

void ContractionEmitter::clipWindow(ArrayRef<Value> first, ArrayRef<Value> last) {
  // From the first position that the lowest row needs to the last one that the highest row does.
  Value size = windowSizes_.front();
  Value begin = arith::SubIOp::create(b_, loc_, clipBegin_, mul(last[1], clipStride_));
  Value end = arith::SubIOp::create(b_, loc_, clipEnd_, mul(first[1], clipStride_));
  Value isOnePicture = arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::eq, first[0], last[0]);
  auto inOnePicture = [&](Value clipped, Value all) {
    return arith::SelectOp::create(b_, loc_, isOnePicture, clipped, all);
  };
  windowBegin_ = inOnePicture(arith::MaxSIOp::create(b_, loc_, begin, index(0)), index(0));
  windowEnd_ = inOnePicture(arith::MinSIOp::create(b_, loc_, end, size), size);
}

SmallVector<Value> ContractionEmitter::overWindow(
    unsigned axis, Value offset, Value panel, SmallVector<Value> carried,
    llvm::function_ref<SmallVector<Value>(Value, Value, ArrayRef<Value>)> innermost) {
  if (axis == spec_.windowAxes)
    return innermost(offset, panel, carried);
  Value step = windowStep(axis);
  return emitLoop(
      b_, loc_, axis ? index(0) : windowBegin_, axis ? windowSizes_[axis] : windowEnd_, index(1),
      carried, [&](Value i, ValueRange sums) {
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
  SmallVector<SmallVector<Value>> at = rowIndices(row, rows);
  if (spec_.clipsWindow)
    clipWindow(at.front(), at.back());
  if (!window_ || !spec_.clipsWindow)
    return emitTileAt(row, place, at);
  Value isNeeded = arith::AndIOp::create(
      b_, loc_, arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::sge, window_, windowBegin_),
      arith::CmpIOp::create(b_, loc_, arith::CmpIPredicate::slt, window_, windowEnd_));
  emitIf(b_, loc_, isNeeded, [&] { emitTileAt(row, place, at); });
}

void ContractionEmitter::emitTileAt(Value row, Value place, ArrayRef<SmallVector<Value>> at) {
  SmallVector<Value> initial(at.size() * tileVectors_, lanes_.real(0, spec_.element));
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

} // namespace horn::codegen
