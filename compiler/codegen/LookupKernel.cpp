// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/LookupKernel.h"

#include "compiler/codegen/Combine.h"
#include "compiler/codegen/ElementEmitter.h"
#include "compiler/codegen/KernelFunction.h"
#include "compiler/codegen/Lines.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include <limits>

using namespace mlir;

namespace horn::codegen {

using IP = arith::CmpIPredicate;

Value loadIndex(const Lanes &one, Type indexElement, Value indices, Value at) {
  Value raw = one.load(indexElement, indices, at, LaneStride::Broadcast, Value());
  if (raw.getType().isInteger(64))
    return raw;
  Type i64 = one.b.getI64Type();
  return indexElement.isUnsignedInteger() ? Value(arith::ExtUIOp::create(one.b, one.loc, i64, raw))
                                          : Value(arith::ExtSIOp::create(one.b, one.loc, i64, raw));
}

Value safeRow(const Lanes &one, Value index, Value rows, OutOfRange mode) {
  OpBuilder &b = one.b;
  Location loc = one.loc;
  Value zero = indexConstant(b, loc, 0), last = addIndex(b, loc, rows, indexConstant(b, loc, -1));
  if (mode == OutOfRange::Wrap) {
    Value rest = arith::RemSIOp::create(b, loc, index, rows);
    Value negative = arith::CmpIOp::create(b, loc, IP::slt, rest, zero);
    return arith::SelectOp::create(b, loc, negative, addIndex(b, loc, rest, rows), rest);
  }
  if (mode == OutOfRange::Fill) { // -n to -1 count from the end
    Value negative = arith::CmpIOp::create(b, loc, IP::slt, index, zero);
    index = arith::SelectOp::create(b, loc, negative, addIndex(b, loc, index, rows), index);
  }
  return arith::MaxSIOp::create(b, loc, arith::MinSIOp::create(b, loc, index, last), zero);
}

Value isInside(const Lanes &one, Value index, Value rows) {
  Value moved = addIndex(one.b, one.loc, index, rows);
  Value range = addIndex(one.b, one.loc, rows, rows);
  return arith::CmpIOp::create(one.b, one.loc, IP::ult, moved, range);
}

Value fillValue(const Lanes &lanes, Type element) {
  if (isa<FloatType>(element))
    return lanes.real(std::numeric_limits<double>::quiet_NaN(), element);
  unsigned width = element.getIntOrFloatBitWidth();
  APInt value = element.isUnsignedInteger() || width == 1 ? APInt::getMaxValue(width)
                                                          : APInt::getSignedMinValue(width);
  return lanes.integer(value.getSExtValue(), element);
}

void emitTakeKernel(ModuleOp module, StringRef name, Location location, Type element,
                    Type indexElement, OutOfRange mode, const Target &target) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), table = kernel.pointer(), indices = kernel.pointer();
  Value count = kernel.size(), rows = kernel.size(), length = kernel.size();
  Lanes one(b, loc, 1), lanes(b, loc, target.vectorBytes / std::max(4u, elementBytes(element)));
  kernel.forEachTask([&](Value task) {
    SmallVector<Value> at = splitIndex(b, loc, task, {count, count});
    Value index = loadIndex(one, indexElement, indices, at[1]);
    Value row = addIndex(b, loc, mulIndex(b, loc, at[0], rows), safeRow(one, index, rows, mode));
    Value from = elementAt(b, loc, element, table, {row}, {length});
    Value to = elementAt(b, loc, element, result, {task}, {length});
    Value inside = mode == OutOfRange::Fill ? isInside(one, index, rows) : Value();
    emitLoop(b, loc, indexConstant(b, loc, 0), length, indexConstant(b, loc, lanes.count),
             [&](Value i) {
               Value mask = lanes.maskBelow(i, length);
               Value value = lanes.load(element, from, i, LaneStride::Contiguous, mask);
               if (inside)
                 value = arith::SelectOp::create(b, loc, inside, value, fillValue(lanes, element));
               lanes.store(value, to, i, mask);
             });
  });
}

void emitScatterKernel(ModuleOp module, StringRef name, Location location, Type element,
                       Type indexElement, StringRef combine) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), indices = kernel.pointer(), updates = kernel.pointer();
  Value count = kernel.size(), rows = kernel.size(), length = kernel.size(), part = kernel.size();
  Lanes one(b, loc, 1);
  Type wide = accumulatorType(element);
  Value zero = indexConstant(b, loc, 0), unit = indexConstant(b, loc, 1);
  kernel.forEachTask([&](Value task) {
    Value first = mulIndex(b, loc, task, part);
    Value end = arith::MinSIOp::create(b, loc, addIndex(b, loc, first, part), length);
    emitLoop(b, loc, zero, count, unit, [&](Value i) {
      Value row = loadIndex(one, indexElement, indices, i);
      Value inside = arith::CmpIOp::create(b, loc, IP::ult, row, rows);
      emitIf(b, loc, inside, [&] {
        Value to = elementAt(b, loc, element, result, {row}, {length});
        Value from = elementAt(b, loc, element, updates, {i}, {length});
        emitLoop(b, loc, first, end, unit, [&](Value j) {
          Value value = one.load(element, from, j, LaneStride::Broadcast, Value());
          if (combine != "set") {
            Value old = one.load(element, to, j, LaneStride::Broadcast, Value());
            value = emitNamed(one, combine, {widen(one, old, element), widen(one, value, element)},
                              wide);
            value = narrow(one, value, element);
          }
          one.store(value, to, j, Value());
        });
      });
    });
  });
}

Value fromIndex(const Lanes &one, Value index, Type element) {
  Type type = registerType(element);
  if (isa<FloatType>(type)) {
    Value wide = arith::SIToFPOp::create(one.b, one.loc, accumulatorType(type), index);
    return narrow(one, wide, type);
  }
  return type.isInteger(64) ? index : Value(arith::TruncIOp::create(one.b, one.loc, type, index));
}

void emitIotaKernel(ModuleOp module, StringRef name, Location location, Type element) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), length = kernel.size(), inner = kernel.size();
  Lanes one(b, loc, 1);
  Value zero = indexConstant(b, loc, 0), unit = indexConstant(b, loc, 1);
  kernel.forEachTask([&](Value task) {
    emitLoop(b, loc, zero, length, unit, [&](Value i) {
      Value value = fromIndex(one, i, element);
      Value row = addIndex(b, loc, mulIndex(b, loc, task, length), i);
      Value to = elementAt(b, loc, element, result, {row}, {inner});
      emitLoop(b, loc, zero, inner, unit, [&](Value j) { one.store(value, to, j, Value()); });
    });
  });
}

Line lineOf(KernelFunction &kernel, Value task, Type element, Value base, Value length,
            Value inner) {
  SmallVector<Value> at = splitIndex(kernel.b, kernel.loc, task, {inner, inner});
  Value step = mulIndex(kernel.b, kernel.loc, length, inner);
  return {elementAt(kernel.b, kernel.loc, element, base, {at[0], at[1]},
                    {step, indexConstant(kernel.b, kernel.loc, 1)}),
          inner};
}

void emitArgKernel(ModuleOp module, StringRef name, Location location, Type element, bool largest) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), x = kernel.pointer(), length = kernel.size(),
        inner = kernel.size();
  Lanes one(b, loc, 1);
  Value zero = indexConstant(b, loc, 0), unit = indexConstant(b, loc, 1);
  kernel.forEachTask([&](Value task) {
    Line line = lineOf(kernel, task, element, x, length, inner);
    auto at = [&](Value i) {
      return one.load(element, line.start, mulIndex(b, loc, i, line.step), LaneStride::Broadcast,
                      Value());
    };
    SmallVector<Value> best = emitLoop(
        b, loc, unit, length, unit, {at(zero), zero},
        [&](Value i, ValueRange c) -> SmallVector<Value> {
          Value value = at(i);
          Value better = emitNamed(one, largest ? "greater" : "less", {value, c[0]}, element);
          if (isa<FloatType>(element)) {
            auto isNan = [&](Value v) {
              return Value(arith::CmpFOp::create(b, loc, arith::CmpFPredicate::UNO, v, v));
            };
            Value firstNan = arith::AndIOp::create(
                b, loc, isNan(value), emitNamed(one, "logical_not", {isNan(c[0])}, b.getI1Type()));
            better = arith::OrIOp::create(b, loc, better, firstNan);
          }
          return {arith::SelectOp::create(b, loc, better, value, c[0]),
                  arith::SelectOp::create(b, loc, better, i, c[1])};
        });
    one.store(fromIndex(one, best[1], b.getI32Type()), result, task, Value());
  });
}

void emitCumulativeKernel(ModuleOp module, StringRef name, Location location, Type element,
                          const CumulativeForm &form) {
  KernelFunction kernel(module, name, location);
  OpBuilder &b = kernel.b;
  Location loc = kernel.loc;
  Value result = kernel.pointer(), x = kernel.pointer(), length = kernel.size(),
        inner = kernel.size();
  Lanes one(b, loc, 1);
  Value zero = indexConstant(b, loc, 0), unit = indexConstant(b, loc, 1);
  Combine combine{form.op};
  Type wide = accumulatorType(element);
  kernel.forEachTask([&](Value task) {
    Line from = lineOf(kernel, task, element, x, length, inner),
         to = lineOf(kernel, task, element, result, length, inner);
    Value last = addIndex(b, loc, length, indexConstant(b, loc, -1));
    emitLoop(
        b, loc, zero, length, unit, {identityOf(one, combine, wide)},
        [&](Value i, ValueRange c) -> SmallVector<Value> {
          Value at = form.reverse ? Value(arith::SubIOp::create(b, loc, last, i)) : i;
          Value offset = mulIndex(b, loc, at, inner);
          Value value = widen(
              one, one.load(element, from.start, offset, LaneStride::Broadcast, Value()), element);
          Value sum = join(one, combine, c[0], value, wide);
          one.store(narrow(one, form.exclusive ? c[0] : sum, element), to.start, offset, Value());
          return {sum};
        });
  });
}

} // namespace horn::codegen
