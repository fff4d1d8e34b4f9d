// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/MathFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;

namespace horn::codegen {

namespace {
/// Short names for what the formulas below are made of.
struct FloatMath {
  explicit FloatMath(const Lanes &lanes) : lanes(lanes), b(lanes.b), loc(lanes.loc) {}

  Value c(double value) const { return lanes.real(value, b.getF32Type()); }
  Value i(int64_t value) const { return lanes.integer(value, b.getI32Type()); }
  Value add(Value x, Value y) const { return arith::AddFOp::create(b, loc, x, y); }
  Value sub(Value x, Value y) const { return arith::SubFOp::create(b, loc, x, y); }
  Value mul(Value x, Value y) const { return arith::MulFOp::create(b, loc, x, y); }
  Value div(Value x, Value y) const { return arith::DivFOp::create(b, loc, x, y); }
  Value fma(Value x, Value y, Value z) const { return math::FmaOp::create(b, loc, x, y, z); }
  Value abs(Value x) const { return math::AbsFOp::create(b, loc, x); }
  Value less(Value x, Value y) const {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OLT, x, y);
  }
  Value equal(Value x, Value y) const {
    return arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ, x, y);
  }
  Value select(Value c, Value x, Value y) const { return arith::SelectOp::create(b, loc, c, x, y); }
  /// limit where x is beyond it, else x: NaN stays.
  Value atMost(Value x, Value limit) const { return select(less(limit, x), limit, x); }
  Value atLeast(Value x, Value limit) const { return select(less(x, limit), limit, x); }
  Value bits(Value x) const {
    return arith::BitcastOp::create(b, loc, lanes.type(b.getI32Type()), x);
  }
  Value fromBits(Value x) const {
    return arith::BitcastOp::create(b, loc, lanes.type(b.getF32Type()), x);
  }
  /// Horner's scheme, highest coefficient first.
  Value polynomial(Value x, ArrayRef<double> coefficients) const {
    Value sum = c(coefficients.front());
    for (double coefficient : coefficients.drop_front())
      sum = fma(sum, x, c(coefficient));
    return sum;
  }
  /// 2^n for the integer lanes n in [-126, 127].
  Value powerOfTwo(Value n) const {
    Value biased = arith::AddIOp::create(b, loc, n, i(127));
    return fromBits(arith::ShLIOp::create(b, loc, biased, i(23)));
  }

  const Lanes &lanes;
  OpBuilder &b;
  Location loc;
};

/// x = n ln 2 + r with integer n and |r| <= ln 2 / 2.
struct Reduced {
  Value n, r;
};
} // namespace

/// Rounds x / ln 2 by adding 1.5 * 2^23, which leaves the integer in the low bits.
static Reduced reduceByLn2(const FloatMath &m, Value x) {
  Value magic = m.c(12582912.0);
  Value shifted = m.fma(x, m.c(1.44269504088896340736), magic);
  Value n = arith::SubIOp::create(m.b, m.loc, m.bits(shifted), m.bits(magic));
  Value rounded = m.sub(shifted, magic);
  Value r = m.fma(rounded, m.c(-0.693145751953125), x);
  return {n, m.fma(rounded, m.c(-1.42860682030941723212e-6), r)};
}

/// Multiplies by 2^n in two steps, so that results near the ends of the range are right.
static Value scaleByPowerOfTwo(const FloatMath &m, Value x, Value n) {
  Value half = arith::ShRSIOp::create(m.b, m.loc, n, m.i(1));
  Value rest = arith::SubIOp::create(m.b, m.loc, n, half);
  return m.mul(m.mul(x, m.powerOfTwo(half)), m.powerOfTwo(rest));
}

/// e^r for |r| <= ln 2 / 2: minimax, relative error below 2^-27.
static Value expOfReduced(const FloatMath &m, Value r) {
  return m.polynomial(
      r, {1.37805939e-3, 8.37312452e-3, 4.16695364e-2, 1.66664720e-1, 4.99999851e-1, 1.0, 1.0});
}

Value emitExp(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value clamped = m.atLeast(m.atMost(x, m.c(89.0)), m.c(-104.5));
  Reduced reduced = reduceByLn2(m, clamped);
  return scaleByPowerOfTwo(m, expOfReduced(m, reduced.r), reduced.n);
}

/// e^x for x in [-87, 88], where the result is a normal number; NaN for NaN.
static Value emitExpOfNormal(const FloatMath &m, Value x) {
  Reduced reduced = reduceByLn2(m, x);
  return m.mul(expOfReduced(m, reduced.r), m.powerOfTwo(reduced.n));
}

// Near 0 by its series (e^x - 1 would cancel), elsewhere by exp.
Value emitExpm1(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value series = m.polynomial(x, {2.75573192e-6, 2.48015873e-5, 1.98412698e-4, 1.38888889e-3,
                                  8.33333333e-3, 4.16666667e-2, 1.66666667e-1, 0.5});
  Value near = m.fma(m.mul(x, x), series, x);
  Value far = m.sub(emitExp(lanes, x), m.c(1.0));
  return m.select(m.less(m.abs(x), m.c(0.5)), near, far);
}

// Cephes logf: mantissa in [sqrt(1/2), sqrt(2)), then a polynomial of degree 9.
Value emitLog(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value tiny = m.less(x, m.c(1.17549435e-38));
  Value scaled = m.select(tiny, m.mul(x, m.c(8388608.0)), x); // denormals: times 2^23
  Value bits = m.bits(scaled);
  // Exponent such that the mantissa lies around 1: subtract the bits of sqrt(1/2).
  Value offset = arith::SubIOp::create(m.b, m.loc, bits, m.i(0x3f3504f3));
  Value exponent = arith::ShRSIOp::create(m.b, m.loc, offset, m.i(23));
  Value mantissaBits =
      arith::SubIOp::create(m.b, m.loc, bits, arith::ShLIOp::create(m.b, m.loc, exponent, m.i(23)));
  Value f = m.sub(m.fromBits(mantissaBits), m.c(1.0));
  Value e = arith::SIToFPOp::create(m.b, m.loc, lanes.type(m.b.getF32Type()), exponent);
  e = m.select(tiny, m.sub(e, m.c(23.0)), e);
  Value z = m.mul(f, f);
  Value p = m.polynomial(f, {7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1,
                             1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1,
                             3.3333331174e-1});
  Value y = m.mul(m.mul(p, f), z);
  y = m.fma(e, m.c(-2.12194440e-4), y);
  y = m.fma(z, m.c(-0.5), y);
  Value result = m.fma(e, m.c(0.693359375), m.add(f, y));
  // Outside (0, inf): log 0 = -inf, log inf = inf, NaN else.
  double inf = std::numeric_limits<double>::infinity();
  result = m.select(m.equal(x, m.c(inf)), x, result);
  result = m.select(m.equal(x, m.c(0.0)), m.c(-inf), result);
  Value invalid = arith::CmpFOp::create(m.b, m.loc, arith::CmpFPredicate::ULT, x, m.c(0.0));
  return m.select(invalid, m.c(std::numeric_limits<double>::quiet_NaN()), result);
}

// ln(u) * x / (u - 1) with u = 1 + x makes up for the rounding of u (Kahan).
Value emitLog1p(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value u = m.add(x, m.c(1.0));
  Value d = m.sub(u, m.c(1.0));
  Value log = emitLog(lanes, u);
  Value corrected = m.mul(log, m.div(x, d));
  Value exact = m.equal(d, m.c(0.0)); // |x| below half an ulp of 1
  Value infinite = m.equal(u, m.c(std::numeric_limits<double>::infinity()));
  return m.select(exact, x, m.select(infinite, u, corrected));
}

// Near 0 an odd polynomial (Cephes tanhf), elsewhere 1 - 2 / (e^2|x| + 1) with the sign of x.
Value emitTanh(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value magnitude = m.abs(x);
  Value s = m.mul(x, x);
  Value p = m.polynomial(s, {-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2,
                             1.33314422036e-1, -3.33332819422e-1});
  Value near = m.fma(m.mul(p, s), x, x);
  Value exp = emitExpOfNormal(m, m.mul(m.atMost(magnitude, m.c(20.0)), m.c(2.0)));
  Value positive = m.sub(m.c(1.0), m.div(m.c(2.0), m.add(exp, m.c(1.0))));
  Value far = math::CopySignOp::create(m.b, m.loc, positive, x);
  return m.select(m.less(magnitude, m.c(0.625)), near, far);
}

// Within [-88, 87] neither e^-x nor its scale leaves the normal numbers, so that one factor scales.
// Beyond, the result is 1 or below the smallest normal number. The sign becomes part of the
// multiply-adds that follow.
Value emitSigmoid(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value clamped = m.atLeast(m.atMost(x, m.c(87.0)), m.c(-88.0));
  Value exp = emitExpOfNormal(m, arith::NegFOp::create(m.b, m.loc, clamped));
  return m.div(m.c(1.0), m.add(m.c(1.0), exp));
}

// x / (1 + e^-x), the same way; below -88 its value there, -5.3e-37. Scales by an addition to the
// exponent, which would make numbers of some NaN; but x / y is NaN where x is, whatever y.
Value emitSilu(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value bounded = m.atLeast(x, m.c(-88.0));
  Value negated = arith::NegFOp::create(m.b, m.loc, m.atMost(bounded, m.c(87.0)));
  Reduced reduced = reduceByLn2(m, negated);
  Value exponent = arith::ShLIOp::create(m.b, m.loc, reduced.n, m.i(23));
  Value mantissa = m.bits(expOfReduced(m, reduced.r));
  Value exp = m.fromBits(arith::AddIOp::create(m.b, m.loc, mantissa, exponent));
  return m.div(bounded, m.add(m.c(1.0), exp));
}

// Two ranges: an odd polynomial below 0.92, above it 1 - e^q(|x|) (minimax fits, each within 1 ulp
// where exp is exact).
Value emitErf(const Lanes &lanes, Value x) {
  FloatMath m(lanes);
  Value t = m.abs(x), s = m.mul(x, x);
  Value r = m.fma(m.c(-1.72853470e-5), t, m.c(3.83197126e-4));
  Value u = m.fma(m.c(-3.88396438e-3), t, m.c(2.42546219e-2));
  r = m.fma(r, s, u);
  r = m.fma(r, t, m.c(-1.06777877e-1));
  r = m.fma(r, t, m.c(-6.34846687e-1));
  r = m.fma(r, t, m.c(-1.28717512e-1));
  r = m.fma(r, t, arith::NegFOp::create(m.b, m.loc, t));
  // Beyond 4 the result is 1, and the polynomial is not made for it.
  r = m.select(m.less(m.c(4.0), t), m.c(-20.0), r);
  Value far = math::CopySignOp::create(m.b, m.loc, m.sub(m.c(1.0), emitExpOfNormal(m, r)), x);
  Value p = m.polynomial(s, {-5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1,
                             -3.76125336e-1, 1.28379166e-1});
  return m.select(m.less(m.c(0.927734375), t), far, m.fma(p, x, x));
}

} // namespace horn::codegen
