// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/SortKernel.h"

#include "compiler/codegen/ElementEmitter.h"
#include "compiler/codegen/Lines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace horn::codegen {

using IP = arith::CmpIPredicate;

namespace {
/// Merge sort of one line's indices, run by run, between two halves of a scratch buffer.
struct MergeSort {
  KernelFunction &kernel;
  Type element;
  bool descending;
  Line x;
  Value scratch, length; // scratch holds 2 * length indices
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Lanes one{kernel.b, kernel.loc, 1};
  Type i32 = kernel.b.getI32Type();
  Value zero = indexConstant(kernel.b, kernel.loc, 0),
        unit = indexConstant(kernel.b, kernel.loc, 1);

  Value loadOrder(Value at) const { return loadIndex(one, i32, scratch, at); }
  Value elementOf(Value index) const {
    return one.load(element, x.start, mulIndex(b, loc, index, x.step), LaneStride::Broadcast,
                    Value());
  }
  Value less(Value p, Value q) const { return arith::CmpIOp::create(b, loc, IP::slt, p, q); }
  Value smaller(Value p, Value q) const { return arith::MinSIOp::create(b, loc, p, q); }
  Value choose(Value condition, Value p, Value q) const {
    return arith::SelectOp::create(b, loc, condition, p, q);
  }

  /// Whether p goes before q although q came first.
  Value comesBefore(Value p, Value q) const {
    if (descending)
      std::swap(p, q);
    Value before = emitNamed(one, "less", {p, q}, element);
    if (!isa<FloatType>(element))
      return before;
    Value number = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::ORD, p, p);
    Value nan = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, q, q);
    return arith::OrIOp::create(b, loc, before, arith::AndIOp::create(b, loc, number, nan));
  }

  /// How often runs must be merged.
  Value numPasses() const {
    return emitLoop(b, loc, zero, indexConstant(b, loc, 62), unit, {zero, unit},
                    [&](Value, ValueRange c) -> SmallVector<Value> {
                      Value more = less(c[1], length);
                      return {addIndex(b, loc, c[0], choose(more, unit, zero)),
                              choose(more, mulIndex(b, loc, c[1], indexConstant(b, loc, 2)), c[1])};
                    })[0];
  }

  /// Merges neighbouring runs of `width` indices from scratch[from...] to scratch[to...].
  void mergeRuns(Value width, Value from, Value to) const {
    Value both = mulIndex(b, loc, width, indexConstant(b, loc, 2));
    Value last = addIndex(b, loc, length, indexConstant(b, loc, -1));
    emitLoop(b, loc, zero, length, unit, {zero, zero},
             [&](Value k, ValueRange c) -> SmallVector<Value> {
               Value offset = arith::RemUIOp::create(b, loc, k, both);
               Value start = arith::SubIOp::create(b, loc, k, offset);
               Value middle = smaller(addIndex(b, loc, start, width), length);
               Value end = smaller(addIndex(b, loc, start, both), length);
               Value fresh = arith::CmpIOp::create(b, loc, IP::eq, offset, zero);
               Value left = choose(fresh, start, c[0]), right = choose(fresh, middle, c[1]);
               // Reads past the end of a run are kept inside the line and not used.
               Value ofLeft = loadOrder(addIndex(b, loc, from, smaller(left, last)));
               Value ofRight = loadOrder(addIndex(b, loc, from, smaller(right, last)));
               Value before = comesBefore(elementOf(ofRight), elementOf(ofLeft));
               Value hasLeft = less(left, middle), hasRight = less(right, end);
               Value leftEmpty = arith::CmpIOp::create(b, loc, IP::sge, left, middle);
               Value preferred = arith::OrIOp::create(b, loc, leftEmpty, before);
               Value takeRight = arith::AndIOp::create(b, loc, hasRight, preferred);
               one.store(fromIndex(one, choose(takeRight, ofRight, ofLeft), i32), scratch,
                         addIndex(b, loc, to, k), Value());
               Value nextLeft =
                   choose(takeRight, left, addIndex(b, loc, left, choose(hasLeft, unit, zero)));
               return {nextLeft, choose(takeRight, addIndex(b, loc, right, unit), right)};
             });
  }

  /// Sorts; returns where the indices begin in the scratch buffer.
  Value run() const {
    emitLoop(b, loc, zero, length, unit,
             [&](Value i) { one.store(fromIndex(one, i, i32), scratch, i, Value()); });
    return emitLoop(b, loc, zero, numPasses(), unit, {unit, zero},
                    [&](Value, ValueRange c) -> SmallVector<Value> {
                      Value to = arith::SubIOp::create(b, loc, length, c[1]);
                      mergeRuns(c[0], c[1], to);
                      return {mulIndex(b, loc, c[0], indexConstant(b, loc, 2)), to};
                    })[1];
  }
};
} // namespace

void emitSortKernel(ModuleOp module, StringRef name, Location location, Type element,
                    bool descending, bool indices) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), x = kernel.pointer(), scratch = kernel.pointer();
  Value length = kernel.size(), inner = kernel.size();
  Type i32 = b.getI32Type(), stored = indices ? i32 : element;
  kernel.forEachTask([&](Value task) {
    Value twice = mulIndex(b, loc, length, indexConstant(b, loc, 2));
    Value own = elementAt(b, loc, i32, scratch, {task}, {twice});
    MergeSort sort{kernel, element, descending, lineOf(kernel, task, element, x, length, inner),
                   own,    length};
    Value from = sort.run();
    Line to = lineOf(kernel, task, stored, result, length, inner);
    emitLoop(b, loc, sort.zero, length, sort.unit, [&](Value i) {
      Value place = sort.loadOrder(addIndex(b, loc, from, i));
      Value value = indices ? fromIndex(sort.one, place, i32) : sort.elementOf(place);
      sort.one.store(value, to.start, mulIndex(b, loc, i, to.step), Value());
    });
  });
}

void emitTakeAlongKernel(ModuleOp module, StringRef name, Location location, Type element,
                         Type indexElement) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), x = kernel.pointer(), indices = kernel.pointer();
  Value length = kernel.size(), rows = kernel.size(), inner = kernel.size();
  Lanes one(b, loc, 1);
  kernel.forEachTask([&](Value task) {
    Line from = lineOf(kernel, task, element, x, rows, inner),
         to = lineOf(kernel, task, element, result, length, inner);
    Line at = lineOf(kernel, task, indexElement, indices, length, inner);
    emitLoop(b, loc, indexConstant(b, loc, 0), length, indexConstant(b, loc, 1), [&](Value i) {
      Value offset = mulIndex(b, loc, i, inner);
      Value index = loadIndex(one, indexElement, at.start, offset);
      Value row = safeRow(one, index, rows, OutOfRange::Fill);
      Value value = one.load(element, from.start, mulIndex(b, loc, row, inner),
                             LaneStride::Broadcast, Value());
      value = arith::SelectOp::create(b, loc, isInside(one, index, rows), value,
                                      fillValue(one, element));
      one.store(value, to.start, offset, Value());
    });
  });
}

} // namespace horn::codegen
