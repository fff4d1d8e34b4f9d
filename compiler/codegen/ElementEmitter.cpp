// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/ElementEmitter.h"

#include "compiler/codegen/MathFunctions.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;

namespace horn::codegen {

namespace {
/// What an emitter of one op works with. `element` is the operands' element type as the graph has
/// it, which tells signed from unsigned.
struct ElementOp {
  const Lanes &lanes;
  Operation *op;
  ArrayRef<Value> x;
  Type element;

  OpBuilder &b() const { return lanes.b; }
  Location loc() const { return lanes.loc; }
  bool isFloat() const { return isa<FloatType>(element); }
  bool isBool() const { return element.isInteger(1); }
  bool isUnsigned() const { return element.isUnsignedInteger() || isBool(); }
  Value zero() const { return number(0); }
  Value number(double value) const {
    return isFloat() ? lanes.real(value, element)
                     : lanes.integer(static_cast<int64_t>(value), element);
  }
  template <typename OpT> Value make(Value a) const { return OpT::create(b(), loc(), a); }
  template <typename OpT> Value make(Value a, Value c) const {
    return OpT::create(b(), loc(), a, c);
  }
  Value compare(arith::CmpFPredicate real, arith::CmpIPredicate sign, arith::CmpIPredicate unsign,
                Value a, Value c) const {
    if (isFloat())
      return arith::CmpFOp::create(b(), loc(), real, a, c);
    return arith::CmpIOp::create(b(), loc(), isUnsigned() ? unsign : sign, a, c);
  }
  Value select(Value condition, Value a, Value c) const {
    return arith::SelectOp::create(b(), loc(), condition, a, c);
  }
  /// A function of libm; `name` is the one for double.
  Value libm(StringRef name, ArrayRef<Value> operands) const {
    std::string function = element.isF64() ? name.str() : name.str() + "f";
    return kernel::CallOp::create(b(), loc(), operands.front().getType(),
                                  b().getStringAttr(function), operands);
  }
};
using Emitter = Value (*)(const ElementOp &);
} // namespace

using FP = arith::CmpFPredicate;
using IP = arith::CmpIPredicate;

template <typename FloatOp, typename IntOp> static Value emitArith(const ElementOp &e) {
  return e.isFloat() ? e.make<FloatOp>(e.x[0], e.x[1]) : e.make<IntOp>(e.x[0], e.x[1]);
}

template <Value (*Float)(const Lanes &, Value)>
static Value emitMath(const ElementOp &e, StringRef libm) {
  return e.element.isF64() ? e.libm(libm, e.x[0]) : Float(e.lanes, e.x[0]);
}

/// Integer division whose divisor 0 gives -1 (signed) or the largest value, as XLA has it.
static Value divideIntegers(const ElementOp &e, bool remainder) {
  Value isZero = arith::CmpIOp::create(e.b(), e.loc(), IP::eq, e.x[1], e.zero());
  Value one = e.number(1), all = e.lanes.integer(-1, e.element);
  Value divisor = e.select(isZero, one, e.x[1]);
  if (e.isUnsigned())
    return remainder ? e.select(isZero, e.x[0], e.make<arith::RemUIOp>(e.x[0], divisor))
                     : e.select(isZero, all, e.make<arith::DivUIOp>(e.x[0], divisor));
  // The smallest integer divided by -1 overflows: negate instead.
  Value isMinusOne = arith::CmpIOp::create(e.b(), e.loc(), IP::eq, divisor, all);
  Value safe = e.select(isMinusOne, one, divisor);
  if (remainder) {
    Value r = e.make<arith::RemSIOp>(e.x[0], safe);
    r = e.select(isMinusOne, e.zero(), r);
    return e.select(isZero, e.x[0], r);
  }
  Value q = e.make<arith::DivSIOp>(e.x[0], safe);
  q = e.select(isMinusOne, e.make<arith::SubIOp>(e.zero(), e.x[0]), q);
  return e.select(isZero, all, q);
}

static Value emitDivide(const ElementOp &e) {
  return e.isFloat() ? e.make<arith::DivFOp>(e.x[0], e.x[1])
                     : divideIntegers(e, /*remainder=*/false);
}

/// The remainder with the divisor's sign.
static Value emitMod(const ElementOp &e) {
  Value r = e.isFloat() ? e.libm("fmod", {e.x[0], e.x[1]}) : divideIntegers(e, /*remainder=*/true);
  if (e.isUnsigned() && !e.isFloat())
    return r;
  Value nonZero = e.compare(FP::UNE, IP::ne, IP::ne, r, e.zero());
  Value negative = e.compare(FP::OLT, IP::slt, IP::ult, r, e.zero());
  Value divisorNegative = e.compare(FP::OLT, IP::slt, IP::ult, e.x[1], e.zero());
  Value differ = arith::XOrIOp::create(e.b(), e.loc(), negative, divisorNegative);
  Value fix = arith::AndIOp::create(e.b(), e.loc(), nonZero, differ);
  Value moved = e.isFloat() ? e.make<arith::AddFOp>(r, e.x[1]) : e.make<arith::AddIOp>(r, e.x[1]);
  return e.select(fix, moved, r);
}

static Value emitFloorDivide(const ElementOp &e) {
  if (e.isFloat()) { // (a - mod(a, b)) / b is a whole number but for rounding
    Value exact = e.make<arith::DivFOp>(e.make<arith::SubFOp>(e.x[0], emitMod(e)), e.x[1]);
    return e.make<math::RoundEvenOp>(exact);
  }
  Value q = divideIntegers(e, /*remainder=*/false);
  if (e.isUnsigned())
    return q;
  Value r = divideIntegers(e, /*remainder=*/true);
  Value signs = arith::XOrIOp::create(e.b(), e.loc(), r, e.x[1]);
  Value differ = arith::CmpIOp::create(e.b(), e.loc(), IP::slt, signs, e.zero());
  Value nonZero = arith::CmpIOp::create(e.b(), e.loc(), IP::ne, r, e.zero());
  Value divisible = arith::CmpIOp::create(e.b(), e.loc(), IP::ne, e.x[1], e.zero());
  Value down = arith::AndIOp::create(
      e.b(), e.loc(), arith::AndIOp::create(e.b(), e.loc(), differ, nonZero), divisible);
  return e.select(down, e.make<arith::SubIOp>(q, e.number(1)), q);
}

/// The larger or smaller one; NaN if either is.
template <FP real, IP sign, IP unsign> static Value emitExtreme(const ElementOp &e) {
  Value chosen = e.select(e.compare(real, sign, unsign, e.x[0], e.x[1]), e.x[0], e.x[1]);
  if (!e.isFloat())
    return chosen;
  Value isNan = arith::CmpFOp::create(e.b(), e.loc(), FP::UNO, e.x[0], e.x[0]);
  return e.select(isNan, e.x[0], chosen);
}

template <FP real, IP sign, IP unsign> static Value emitCompare(const ElementOp &e) {
  return e.compare(real, sign, unsign, e.x[0], e.x[1]);
}

static Value emitAbsolute(const ElementOp &e) {
  if (e.isFloat())
    return e.make<math::AbsFOp>(e.x[0]);
  if (e.isUnsigned())
    return e.x[0];
  return e.make<arith::MaxSIOp>(e.x[0], e.make<arith::SubIOp>(e.zero(), e.x[0]));
}

static Value emitSign(const ElementOp &e) {
  Value positive = e.compare(FP::OGT, IP::sgt, IP::ugt, e.x[0], e.zero());
  Value negative = e.compare(FP::OLT, IP::slt, IP::ult, e.x[0], e.zero());
  // Zero and NaN stay what they are.
  return e.select(positive, e.number(1), e.select(negative, e.number(-1), e.x[0]));
}

// max(x, 0) written so that NaN stays NaN and one instruction does it.
static Value emitRelu(const ElementOp &e) {
  return e.select(e.compare(FP::OLT, IP::slt, IP::ult, e.x[0], e.zero()), e.zero(), e.x[0]);
}

static Value emitNot(const ElementOp &e) {
  return e.make<arith::XOrIOp>(e.x[0], e.lanes.integer(-1, e.element));
}

/// Shifts by the width or more give 0 (or the sign).
static Value emitShift(const ElementOp &e, bool left) {
  int64_t width = registerType(e.element).getIntOrFloatBitWidth();
  Value inside = arith::CmpIOp::create(e.b(), e.loc(), IP::ult, e.x[1], e.number(width));
  Value amount = e.select(inside, e.x[1], e.zero());
  if (left)
    return e.select(inside, e.make<arith::ShLIOp>(e.x[0], amount), e.zero());
  if (e.isUnsigned())
    return e.select(inside, e.make<arith::ShRUIOp>(e.x[0], amount), e.zero());
  return e.make<arith::ShRSIOp>(e.x[0], e.select(inside, e.x[1], e.number(width - 1)));
}

static Value emitPower(const ElementOp &e) {
  if (e.isFloat())
    return e.libm("pow", {e.x[0], e.x[1]});
  // Integers by repeated squaring over the bits of the exponent.
  Value result = e.number(1), base = e.x[0];
  for (int64_t bit = 0; bit < 6; ++bit) {
    Value taken = e.make<arith::AndIOp>(e.make<arith::ShRUIOp>(e.x[1], e.number(bit)), e.number(1));
    Value isTaken = arith::CmpIOp::create(e.b(), e.loc(), IP::ne, taken, e.zero());
    result = e.select(isTaken, e.make<arith::MulIOp>(result, base), result);
    base = e.make<arith::MulIOp>(base, base);
  }
  return result;
}

static Value emitSelect(const ElementOp &e) { return e.select(e.x[0], e.x[1], e.x[2]); }

/// Floats to integers: truncated, with NaN as 0 and the range's ends for what is beyond it.
static Value floatToInteger(const ElementOp &e, Type to) {
  unsigned width = to.getIntOrFloatBitWidth();
  bool isUnsigned = to.isUnsignedInteger();
  double low = isUnsigned ? 0 : -std::ldexp(1.0, width - 1);
  double high = std::ldexp(1.0, isUnsigned ? width : width - 1);
  Value x = e.x[0], isNan = arith::CmpFOp::create(e.b(), e.loc(), FP::UNO, x, x);
  Value below = arith::CmpFOp::create(e.b(), e.loc(), FP::OLT, x, e.number(low));
  Value above = arith::CmpFOp::create(e.b(), e.loc(), FP::OGE, x, e.number(high));
  Value outside = arith::OrIOp::create(e.b(), e.loc(), isNan,
                                       arith::OrIOp::create(e.b(), e.loc(), below, above));
  Value safe = e.select(outside, e.zero(), x);
  Type type = e.lanes.type(to);
  Value inside = isUnsigned ? Value(arith::FPToUIOp::create(e.b(), e.loc(), type, safe))
                            : Value(arith::FPToSIOp::create(e.b(), e.loc(), type, safe));
  APInt least = isUnsigned ? APInt::getZero(width) : APInt::getSignedMinValue(width);
  APInt most = isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  Value result = e.select(below, e.lanes.integer(least.getSExtValue(), to), inside);
  result = e.select(above, e.lanes.integer(most.getSExtValue(), to), result);
  return e.select(isNan, e.lanes.integer(0, to), result);
}

static Value castFloat(const ElementOp &e, Type to) {
  Type type = e.lanes.type(to);
  unsigned from = e.element.getIntOrFloatBitWidth(), width = to.getIntOrFloatBitWidth();
  if (width > from)
    return arith::ExtFOp::create(e.b(), e.loc(), type, e.x[0]);
  if (width < from)
    return arith::TruncFOp::create(e.b(), e.loc(), type, e.x[0]);
  Value wide = arith::ExtFOp::create(e.b(), e.loc(), e.lanes.type(e.b().getF32Type()),
                                     e.x[0]); // f16 <-> bf16
  return arith::TruncFOp::create(e.b(), e.loc(), type, wide);
}

static Value emitCast(const ElementOp &e) {
  Type to = getElementTypeOrSelf(e.op->getResult(0).getType()), type = e.lanes.type(to);
  if (to == e.element)
    return e.x[0];
  if (to.isInteger(1))
    return e.compare(FP::UNE, IP::ne, IP::ne, e.x[0], e.zero());
  if (e.isFloat())
    return isa<FloatType>(to) ? castFloat(e, to) : floatToInteger(e, to);
  if (to.isF16() || to.isBF16()) { // not every target converts to narrow floats
    Type f32 = e.lanes.type(e.b().getF32Type());
    Value wide = e.isUnsigned() ? Value(arith::UIToFPOp::create(e.b(), e.loc(), f32, e.x[0]))
                                : Value(arith::SIToFPOp::create(e.b(), e.loc(), f32, e.x[0]));
    return arith::TruncFOp::create(e.b(), e.loc(), type, wide);
  }
  if (isa<FloatType>(to))
    return e.isUnsigned() ? Value(arith::UIToFPOp::create(e.b(), e.loc(), type, e.x[0]))
                          : Value(arith::SIToFPOp::create(e.b(), e.loc(), type, e.x[0]));
  unsigned from = registerType(e.element).getIntOrFloatBitWidth(),
           width = to.getIntOrFloatBitWidth();
  if (width == from)
    return e.x[0];
  if (width < from)
    return arith::TruncIOp::create(e.b(), e.loc(), type, e.x[0]);
  return e.isUnsigned() ? Value(arith::ExtUIOp::create(e.b(), e.loc(), type, e.x[0]))
                        : Value(arith::ExtSIOp::create(e.b(), e.loc(), type, e.x[0]));
}

/// Registers hold integers without a sign, so that only floats change.
static Value emitBitcast(const ElementOp &e) {
  Type to = getElementTypeOrSelf(e.op->getResult(0).getType());
  if (!e.isFloat() && !isa<FloatType>(to))
    return e.x[0];
  return arith::BitcastOp::create(e.b(), e.loc(), e.lanes.type(to), e.x[0]);
}

static Value emitIsInf(const ElementOp &e) {
  Value magnitude = e.make<math::AbsFOp>(e.x[0]);
  return arith::CmpFOp::create(e.b(), e.loc(), FP::OEQ, magnitude,
                               e.number(std::numeric_limits<double>::infinity()));
}

static Value emitIsFinite(const ElementOp &e) {
  Value magnitude = e.make<math::AbsFOp>(e.x[0]);
  return arith::CmpFOp::create(e.b(), e.loc(), FP::OLT, magnitude,
                               e.number(std::numeric_limits<double>::infinity()));
}

static Value emitSigmoidOp(const ElementOp &e) {
  if (!e.element.isF64())
    return emitSigmoid(e.lanes, e.x[0]);
  Value exp = e.libm("exp", {e.make<arith::NegFOp>(e.x[0])});
  return e.make<arith::DivFOp>(e.number(1), e.make<arith::AddFOp>(e.number(1), exp));
}

/// Newton's steps on erf from Giles's approximation (2010) in single precision.
static Value emitErfinv(const ElementOp &e) {
  auto fma = [&](Value a, Value c, double d) {
    return Value(math::FmaOp::create(e.b(), e.loc(), a, c, e.number(d)));
  };
  auto polynomial = [&](Value w, ArrayRef<double> k) {
    Value p = e.number(k.front());
    for (double d : k.drop_front())
      p = fma(p, w, d);
    return p;
  };
  Value x = e.x[0], one = e.number(1);
  Value product =
      e.make<arith::MulFOp>(e.make<arith::SubFOp>(one, x), e.make<arith::AddFOp>(one, x));
  Value w = e.make<arith::NegFOp>(e.element.isF64() ? e.libm("log", {product})
                                                    : emitLog(e.lanes, product));
  Value small =
      polynomial(e.make<arith::SubFOp>(w, e.number(2.5)),
                 {2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
                  -0.00125372503, -0.00417768164, 0.246640727, 1.50140941});
  Value root = e.make<arith::SubFOp>(e.make<math::SqrtOp>(w), e.number(3));
  Value large =
      polynomial(root, {-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844,
                        0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682});
  Value isSmall = arith::CmpFOp::create(e.b(), e.loc(), FP::OLT, w, e.number(5));
  Value y = e.make<arith::MulFOp>(e.select(isSmall, small, large), x);
  Value magnitude = e.make<math::AbsFOp>(x);
  Value atEnd = arith::CmpFOp::create(e.b(), e.loc(), FP::OEQ, magnitude, one);
  Value infinity = e.make<arith::MulFOp>(x, e.number(std::numeric_limits<double>::infinity()));
  return e.select(atEnd, infinity, y);
}

#define HORN_LIBM(name) [](const ElementOp &e) { return e.libm(name, e.x); }

/// One row an op. `heavy` ones cost more than a few instructions.
namespace {
struct Row {
  Emitter emit;
  bool heavy = false;
};
} // namespace

static const llvm::StringMap<Row> &rows() {
  static const llvm::StringMap<Row> table = {
      {"add", {emitArith<arith::AddFOp, arith::AddIOp>}},
      {"subtract", {emitArith<arith::SubFOp, arith::SubIOp>}},
      {"multiply", {emitArith<arith::MulFOp, arith::MulIOp>}},
      {"divide", {emitDivide}},
      {"floor_divide", {emitFloorDivide, true}},
      {"mod", {emitMod, true}},
      {"power", {emitPower, true}},
      {"maximum", {emitExtreme<FP::OGT, IP::sgt, IP::ugt>}},
      {"minimum", {emitExtreme<FP::OLT, IP::slt, IP::ult>}},
      {"arctan2", {HORN_LIBM("atan2"), true}},
      {"logical_and", {emitArith<arith::AndIOp, arith::AndIOp>}},
      {"logical_or", {emitArith<arith::OrIOp, arith::OrIOp>}},
      {"logical_xor", {emitArith<arith::XOrIOp, arith::XOrIOp>}},
      {"bitwise_and", {emitArith<arith::AndIOp, arith::AndIOp>}},
      {"bitwise_or", {emitArith<arith::OrIOp, arith::OrIOp>}},
      {"bitwise_xor", {emitArith<arith::XOrIOp, arith::XOrIOp>}},
      {"left_shift", {[](const ElementOp &e) { return emitShift(e, /*left=*/true); }}},
      {"right_shift", {[](const ElementOp &e) { return emitShift(e, /*left=*/false); }}},
      {"equal", {emitCompare<FP::OEQ, IP::eq, IP::eq>}},
      {"not_equal", {emitCompare<FP::UNE, IP::ne, IP::ne>}},
      {"less", {emitCompare<FP::OLT, IP::slt, IP::ult>}},
      {"less_equal", {emitCompare<FP::OLE, IP::sle, IP::ule>}},
      {"greater", {emitCompare<FP::OGT, IP::sgt, IP::ugt>}},
      {"greater_equal", {emitCompare<FP::OGE, IP::sge, IP::uge>}},
      {"select", {emitSelect}},
      {"cast", {emitCast}},
      {"bitcast", {emitBitcast}},
      {"negative", {[](const ElementOp &e) {
         return e.isFloat() ? e.make<arith::NegFOp>(e.x[0])
                            : e.make<arith::SubIOp>(e.zero(), e.x[0]);
       }}},
      {"absolute", {emitAbsolute}},
      {"sign", {emitSign}},
      {"relu", {emitRelu}},
      {"sqrt", {[](const ElementOp &e) { return e.make<math::SqrtOp>(e.x[0]); }}},
      {"rsqrt", {[](const ElementOp &e) {
         return e.make<arith::DivFOp>(e.number(1), e.make<math::SqrtOp>(e.x[0]));
       }}},
      {"floor", {[](const ElementOp &e) { return e.make<math::FloorOp>(e.x[0]); }}},
      {"ceil", {[](const ElementOp &e) { return e.make<math::CeilOp>(e.x[0]); }}},
      {"round", {[](const ElementOp &e) { return e.make<math::RoundEvenOp>(e.x[0]); }}},
      {"trunc", {[](const ElementOp &e) { return e.make<math::TruncOp>(e.x[0]); }}},
      {"logical_not", {emitNot}},
      {"bitwise_not", {emitNot}},
      {"isnan", {[](const ElementOp &e) -> Value {
         return arith::CmpFOp::create(e.b(), e.loc(), FP::UNO, e.x[0], e.x[0]);
       }}},
      {"isinf", {emitIsInf}},
      {"isfinite", {emitIsFinite}},
      {"exp", {[](const ElementOp &e) { return emitMath<emitExp>(e, "exp"); }, true}},
      {"expm1", {[](const ElementOp &e) { return emitMath<emitExpm1>(e, "expm1"); }, true}},
      {"log", {[](const ElementOp &e) { return emitMath<emitLog>(e, "log"); }, true}},
      {"log1p", {[](const ElementOp &e) { return emitMath<emitLog1p>(e, "log1p"); }, true}},
      {"tanh", {[](const ElementOp &e) { return emitMath<emitTanh>(e, "tanh"); }, true}},
      {"erf", {[](const ElementOp &e) { return emitMath<emitErf>(e, "erf"); }, true}},
      {"sigmoid", {emitSigmoidOp, true}},
      {"erfinv", {emitErfinv, true}},
      {"sin", {HORN_LIBM("sin"), true}},
      {"cos", {HORN_LIBM("cos"), true}},
      {"tan", {HORN_LIBM("tan"), true}},
      {"arcsin", {HORN_LIBM("asin"), true}},
      {"arccos", {HORN_LIBM("acos"), true}},
      {"arctan", {HORN_LIBM("atan"), true}},
      {"sinh", {HORN_LIBM("sinh"), true}},
      {"cosh", {HORN_LIBM("cosh"), true}},
      {"arcsinh", {HORN_LIBM("asinh"), true}},
      {"arccosh", {HORN_LIBM("acosh"), true}},
      {"arctanh", {HORN_LIBM("atanh"), true}},
  };
  return table;
}
#undef HORN_LIBM

static const Row *findRow(Operation *op) {
  if (op->getName().getDialectNamespace() != "horn")
    return nullptr;
  auto it = rows().find(op->getName().stripDialect());
  return it == rows().end() ? nullptr : &it->second;
}

bool isElementwise(Operation *op) { return findRow(op) != nullptr; }

bool isHeavy(Operation *op) {
  const Row *row = findRow(op);
  return row && row->heavy;
}

/// Narrow floats are computed in float and rounded after each op.
static Value emitNarrow(const Lanes &lanes, Operation *op, ArrayRef<Value> operands,
                        const Row &row) {
  Type f32 = lanes.b.getF32Type();
  SmallVector<Value> wide;
  for (Value operand : operands)
    wide.push_back(isa<FloatType>(getElementTypeOrSelf(operand.getType()))
                       ? Value(arith::ExtFOp::create(lanes.b, lanes.loc, lanes.type(f32), operand))
                       : operand);
  Value result = row.emit({lanes, op, wide, f32});
  Type narrow = getElementTypeOrSelf(op->getResult(0).getType());
  if (!isa<FloatType>(getElementTypeOrSelf(result.getType())))
    return result;
  return arith::TruncFOp::create(lanes.b, lanes.loc, lanes.type(narrow), result);
}

Value emitElement(const Lanes &lanes, Operation *op, ArrayRef<Value> operands) {
  const Row *row = findRow(op);
  assert(row && "not an element-wise op");
  Type element = getElementTypeOrSelf(op->getOperand(0).getType());
  bool isNarrow = element.isF16() || element.isBF16();
  StringRef name = op->getName().stripDialect();
  if (isNarrow && name != "cast" && name != "bitcast")
    return emitNarrow(lanes, op, operands, *row);
  return row->emit({lanes, op, operands, element});
}

Value emitNamed(const Lanes &lanes, StringRef name, ArrayRef<Value> operands, Type element) {
  return rows().find(name)->second.emit({lanes, nullptr, operands, element});
}

/// The x of x * sigmoid(x) in float32, or null.
static Value siluOperand(Operation *op) {
  if (op->getName().stripDialect() != "multiply" ||
      !getElementTypeOrSelf(op->getResult(0).getType()).isF32())
    return {};
  for (unsigned i : {0, 1}) {
    Operation *sigmoid = op->getOperand(i).getDefiningOp();
    if (sigmoid && sigmoid->getName().stripDialect() == "sigmoid" && sigmoid->hasOneUse() &&
        sigmoid->getOperand(0) == op->getOperand(1 - i))
      return op->getOperand(1 - i);
  }
  return {};
}

Value ElementEmitter::get(Value value) {
  if (Value code = known_.lookup(value))
    return code;
  Operation *op = value.getDefiningOp();
  assert(op && "a block argument that was not set");
  Type element = getElementTypeOrSelf(value.getType());
  Value code;
  if (auto constant = op->getAttrOfType<DenseElementsAttr>("value");
      op->getName().stripDialect() == "constant") {
    Attribute scalar = *constant.getValues<Attribute>().begin();
    code = isa<FloatType>(element)
               ? lanes_.real(cast<FloatAttr>(scalar).getValueAsDouble(), element)
               : lanes_.integer(cast<IntegerAttr>(scalar).getValue().getSExtValue(), element);
  } else if (Value x = siluOperand(op)) {
    code = emitSilu(lanes_, get(x));
  } else {
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(get(operand));
    code = emitElement(lanes_, op, operands);
  }
  known_[value] = code;
  return code;
}

} // namespace horn::codegen
