// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/Lanes.h"

#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

namespace horn::codegen {

Type registerType(Type element) {
  if (auto integer = dyn_cast<IntegerType>(element); integer && !integer.isSignless())
    return IntegerType::get(element.getContext(), integer.getWidth());
  return element;
}

unsigned elementBytes(Type element) { return llvm::divideCeil(element.getIntOrFloatBitWidth(), 8); }

Type Lanes::type(Type element) const {
  Type scalar = registerType(element);
  return count == 1 ? scalar : Type(VectorType::get({static_cast<int64_t>(count)}, scalar));
}

Value Lanes::splat(Value scalar) const {
  return count == 1 ? scalar
                    : Value(vector::BroadcastOp::create(b, loc, type(scalar.getType()), scalar));
}

static Value constantOf(const Lanes &lanes, Attribute scalar, Type element) {
  Type type = lanes.type(element);
  if (auto vector = dyn_cast<VectorType>(type))
    return arith::ConstantOp::create(lanes.b, lanes.loc, DenseElementsAttr::get(vector, scalar));
  return arith::ConstantOp::create(lanes.b, lanes.loc, cast<TypedAttr>(scalar));
}

Value Lanes::real(double value, Type element) const {
  return constantOf(*this, b.getFloatAttr(element, value), element);
}

Value Lanes::integer(int64_t value, Type element) const {
  Type scalar = registerType(element);
  APInt bits(scalar.getIntOrFloatBitWidth(), static_cast<uint64_t>(value), /*isSigned=*/true,
             /*implicitTrunc=*/true);
  return constantOf(*this, b.getIntegerAttr(scalar, bits), scalar);
}

/// 0, 1, 2, ... as lanes of i64.
static Value laneNumbers(const Lanes &lanes) {
  SmallVector<int64_t> values;
  for (unsigned i = 0; i < lanes.count; ++i)
    values.push_back(i);
  auto type = VectorType::get({static_cast<int64_t>(lanes.count)}, lanes.b.getI64Type());
  return arith::ConstantOp::create(lanes.b, lanes.loc, DenseIntElementsAttr::get(type, values));
}

Value Lanes::indices(Value start) const {
  return count == 1 ? start
                    : Value(arith::AddIOp::create(b, loc, splat(start), laneNumbers(*this)));
}

Value Lanes::maskBelow(Value start, Value limit) const {
  if (count == 1)
    return nullptr;
  // 32-bit lanes compare in one instruction; what is left of a tail fits, once clamped to `count`.
  Value left = arith::SubIOp::create(b, loc, limit, start);
  Value all = indexConstant(b, loc, count);
  left = arith::MinSIOp::create(b, loc, left, all);
  Type i32 = b.getI32Type();
  Value narrow = arith::TruncIOp::create(b, loc, i32, left);
  SmallVector<int32_t> numbers;
  for (unsigned i = 0; i < count; ++i)
    numbers.push_back(i);
  auto vectorType = VectorType::get({static_cast<int64_t>(count)}, i32);
  Value lane = arith::ConstantOp::create(b, loc, DenseIntElementsAttr::get(vectorType, numbers));
  return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, lane, splat(narrow));
}

Value Lanes::load(Type element, Value base, Value index, LaneStride stride, Value mask) const {
  if (stride != LaneStride::Broadcast && count > 1)
    return kernel::LoadOp::create(b, loc, type(element), base, index, mask);
  return splat(kernel::LoadOp::create(b, loc, registerType(element), base, index, Value()));
}

void Lanes::store(Value value, Value base, Value index, Value mask) const {
  kernel::StoreOp::create(b, loc, value, base, index, mask);
}

SmallVector<Value> emitTranspose(const Lanes &lanes, ArrayRef<Value> rows) {
  SmallVector<Value> square(rows);
  // Swaps quarters off the diagonal in blocks of 2, 4, 8, ...
  for (unsigned half = 1; half < lanes.count; half *= 2) {
    SmallVector<int64_t> low, high;
    for (unsigned lane = 0; lane < lanes.count; ++lane) {
      bool isHigh = lane & half;
      low.push_back(isHigh ? lanes.count + lane - half : lane);
      high.push_back(isHigh ? lanes.count + lane : lane + half);
    }
    for (unsigned i = 0; i < lanes.count; ++i) {
      if (i & half)
        continue;
      Value a = square[i], c = square[i + half];
      square[i] = vector::ShuffleOp::create(lanes.b, lanes.loc, a, c, low);
      square[i + half] = vector::ShuffleOp::create(lanes.b, lanes.loc, a, c, high);
    }
  }
  return square;
}

Value indexConstant(OpBuilder &b, Location loc, int64_t value) {
  return arith::ConstantOp::create(b, loc, b.getI64IntegerAttr(value));
}

static std::optional<int64_t> knownIndex(Value value) {
  APInt constant;
  if (matchPattern(value, m_ConstantInt(&constant)))
    return constant.getSExtValue();
  return std::nullopt;
}

Value addIndex(OpBuilder &b, Location loc, Value x, Value y) {
  if (knownIndex(x) == 0)
    return y;
  if (knownIndex(y) == 0)
    return x;
  return arith::AddIOp::create(b, loc, x, y);
}

Value mulIndex(OpBuilder &b, Location loc, Value x, Value y) {
  if (knownIndex(x) == 1 || knownIndex(y) == 0)
    return y;
  if (knownIndex(y) == 1 || knownIndex(x) == 0)
    return x;
  return arith::MulIOp::create(b, loc, x, y);
}

Value laneOffset(OpBuilder &b, Location loc, LaneStride how, Value lane, Value stride) {
  switch (how) {
  case LaneStride::Broadcast:
    return indexConstant(b, loc, 0);
  case LaneStride::Contiguous:
    return lane;
  case LaneStride::Strided:
    return mulIndex(b, loc, lane, stride);
  }
  return lane;
}

} // namespace horn::codegen
