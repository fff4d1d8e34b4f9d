// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/Combine.h"

#include "compiler/codegen/ElementEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringSwitch.h"

#include <limits>

using namespace mlir;

namespace horn::codegen {

std::optional<Combine> combineOf(Operation *op) {
  if (op->getName().getDialectNamespace() != "horn")
    return std::nullopt;
  return llvm::StringSwitch<std::optional<Combine>>(op->getName().stripDialect())
      .Cases({"reduce_sum", "matmul", "conv", "depthwise_conv"}, Combine{"add"})
      .Cases({"reduce_mean", "average_pool"}, Combine{"add", /*isMean=*/true})
      .Cases({"reduce_max", "max_pool"}, Combine{"maximum"})
      .Case("reduce_min", Combine{"minimum"})
      .Case("reduce_prod", Combine{"multiply"})
      .Case("reduce_any", Combine{"logical_or"})
      .Case("reduce_all", Combine{"logical_and"})
      .Default(std::nullopt);
}

Type accumulatorType(Type element) {
  return element.isF16() || element.isBF16() ? Type(Float32Type::get(element.getContext()))
                                             : element;
}

Value identityOf(const Lanes &lanes, const Combine &combine, Type element) {
  bool largest = combine.op == "minimum";
  if (combine.op != "maximum" && !largest) {
    double value = combine.op == "multiply" || combine.op == "logical_and";
    return isa<FloatType>(element) ? lanes.real(value, element)
                                   : lanes.integer(static_cast<int64_t>(value), element);
  }
  if (isa<FloatType>(element)) {
    double infinity = std::numeric_limits<double>::infinity();
    return lanes.real(largest ? infinity : -infinity, element);
  }
  unsigned width = element.getIntOrFloatBitWidth();
  bool isUnsigned = element.isUnsignedInteger() || width == 1;
  APInt most = isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  APInt least = isUnsigned ? APInt::getMinValue(width) : APInt::getSignedMinValue(width);
  return lanes.integer((largest ? most : least).getSExtValue(), element);
}

Value join(const Lanes &lanes, const Combine &combine, Value a, Value c, Type element) {
  return emitNamed(lanes, combine.op, {a, c}, element);
}

Value joinLanes(const Lanes &lanes, const Combine &combine, Value value, Type element) {
  // Halves are joined until one lane is left.
  for (unsigned count = lanes.count; count > 1; count /= 2) {
    SmallVector<int64_t> low, high;
    for (unsigned i = 0; i < count / 2; ++i) {
      low.push_back(i);
      high.push_back(i + count / 2);
    }
    Value a = vector::ShuffleOp::create(lanes.b, lanes.loc, value, value, low);
    Value c = vector::ShuffleOp::create(lanes.b, lanes.loc, value, value, high);
    if (count == 2) {
      a = vector::ExtractOp::create(lanes.b, lanes.loc, a, ArrayRef<int64_t>{0});
      c = vector::ExtractOp::create(lanes.b, lanes.loc, c, ArrayRef<int64_t>{0});
    }
    value = join(Lanes(lanes.b, lanes.loc, count / 2), combine, a, c, element);
  }
  return value;
}

Value widen(const Lanes &lanes, Value value, Type element) {
  Type wide = accumulatorType(element);
  return wide == element
             ? value
             : Value(arith::ExtFOp::create(lanes.b, lanes.loc, lanes.type(wide), value));
}

Value narrow(const Lanes &lanes, Value value, Type element) {
  return accumulatorType(element) == element
             ? value
             : Value(arith::TruncFOp::create(lanes.b, lanes.loc, lanes.type(element), value));
}

} // namespace horn::codegen
