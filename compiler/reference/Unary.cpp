// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element-wise ops of one operand, and casts.
#include "compiler/reference/Kernels.h"
#include "dialects/horn/HornElementwiseOps.h"

#include "mlir/IR/TypeUtilities.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace horn::reference {

/// A kernel for floats: y = function(x).
template <auto function> static void ofFloats(Operation *, Inputs inputs, Tensor &result) {
  const double *x = inputs[0]->data<double>();
  for (auto [i, y] : llvm::enumerate(result.reals))
    y = function(x[i]);
}

/// A kernel for tests of floats: y = function(x) as a bool.
template <auto function> static void testOf(Operation *, Inputs inputs, Tensor &result) {
  const double *x = inputs[0]->data<double>();
  for (auto [i, y] : llvm::enumerate(result.integers))
    y = function(x[i]);
}

/// A kernel for all elements; `function` is a template of double, int64_t and uint64_t.
template <auto function> static void ofAny(Operation *, Inputs inputs, Tensor &result) {
  dispatchSigned(result.element, [&](auto zero) {
    using T = decltype(zero);
    const T *x = inputs[0]->data<T>();
    T *y = result.data<T>();
    for (int64_t i = 0, count = result.count(); i < count; ++i)
      y[i] = function(x[i]);
  });
}

static constexpr auto negative = [](auto x) { return multiply(x, decltype(x)(-1)); };
static constexpr auto absolute = [](auto x) {
  if constexpr (std::is_same_v<decltype(x), double>)
    return std::fabs(x);
  else
    return x < 0 ? multiply(x, decltype(x)(-1)) : x;
};
// NaN and zeros are their own sign.
static constexpr auto sign = [](auto x) -> decltype(x) { return x > 0 ? 1 : x < 0 ? -1 : x; };
static constexpr auto relu = [](auto x) { return maximum(x, decltype(x)(0)); };

/// The inverse of erf by Newton's method with Halley's correction, on erfc where erf is close to 1.
static double erfinv(double x) {
  if (!(std::fabs(x) < 1))
    return std::fabs(x) == 1 ? std::copysign(std::numeric_limits<double>::infinity(), x)
                             : std::numeric_limits<double>::quiet_NaN();
  // Start: Winitzki's approximation, good to 2e-3.
  double logarithm = std::log1p(-x * x), half = 2 / (M_PI * 0.147) + logarithm / 2;
  double y = std::copysign(std::sqrt(std::sqrt(half * half - logarithm / 0.147) - half), x);
  for (int step = 0; step < 3; ++step) {
    double error = std::fabs(x) < 0.5
                       ? std::erf(y) - x
                       : std::copysign(1.0, x) * ((1 - std::fabs(x)) - std::erfc(std::fabs(y)));
    double correction = error / (M_2_SQRTPI * std::exp(-y * y));
    y -= correction / (1 + y * correction);
  }
  return y;
}

static void bitwiseNot(Operation *, Inputs inputs, Tensor &result) {
  const int64_t *x = inputs[0]->data<int64_t>();
  for (auto [i, y] : llvm::enumerate(result.integers))
    y = result.element == ElementType::I1 ? !x[i] : ~x[i];
}

/// A float as an integer: without its fraction, clamped to the type's range; NaN gives 0.
static int64_t truncateTo(ElementType type, double x) {
  if (x != x)
    return 0;
  if (isUnsigned(type)) {
    auto highest = highestOf<uint64_t>(type);
    return x <= 0 ? 0
                  : static_cast<int64_t>(
                        x >= static_cast<double>(highest) ? highest : static_cast<uint64_t>(x));
  }
  auto lowest = lowestOf<int64_t>(type), highest = highestOf<int64_t>(type);
  return x <= static_cast<double>(lowest)    ? lowest
         : x >= static_cast<double>(highest) ? highest
                                             : static_cast<int64_t>(x);
}

static void cast(Operation *, Inputs inputs, Tensor &result) {
  const Tensor &x = *inputs[0];
  dispatchSigned(x.element, [&](auto zero) {
    using T = decltype(zero);
    const T *in = x.data<T>();
    for (auto [i, y] : llvm::enumerate(result.reals))
      y = static_cast<double>(in[i]);
    for (auto [i, y] : llvm::enumerate(result.integers)) {
      if (result.element == ElementType::I1)
        y = in[i] != 0;
      else if constexpr (std::is_same_v<T, double>)
        y = truncateTo(result.element, in[i]);
      else
        y = static_cast<int64_t>(in[i]);
    }
  });
}

/// Elements as the bits of their declared type: the interpreter may compute with wider ones.
static void bitcast(ir::BitcastOp op, Inputs inputs, Tensor &result) {
  Tensor bits = *inputs[0];
  bits.element = elementTypeOf(getElementTypeOrSelf(op.getX().getType()));
  roundToElement(bits);
  ElementType to = elementTypeOf(op.getDtype());
  Tensor other = fromBytes(to, bits.shape, toBytes(bits).data());
  result.reals = std::move(other.reals);
  result.integers = std::move(other.integers);
}

#define HORN_REAL(formula) ofFloats<[](double x) -> double { return formula; }>

void addUnaryKernels(KernelTable &table) {
  static constexpr std::pair<StringLiteral, Kernel> kernels[] = {
      {"horn.negative", ofAny<negative>},
      {"horn.absolute", ofAny<absolute>},
      {"horn.sign", ofAny<sign>},
      {"horn.relu", ofAny<relu>},
      {"horn.exp", HORN_REAL(std::exp(x))},
      {"horn.expm1", HORN_REAL(std::expm1(x))},
      {"horn.log", HORN_REAL(std::log(x))},
      {"horn.log1p", HORN_REAL(std::log1p(x))},
      {"horn.sqrt", HORN_REAL(std::sqrt(x))},
      {"horn.rsqrt", HORN_REAL(1 / std::sqrt(x))},
      {"horn.sin", HORN_REAL(std::sin(x))},
      {"horn.cos", HORN_REAL(std::cos(x))},
      {"horn.tan", HORN_REAL(std::tan(x))},
      {"horn.arcsin", HORN_REAL(std::asin(x))},
      {"horn.arccos", HORN_REAL(std::acos(x))},
      {"horn.arctan", HORN_REAL(std::atan(x))},
      {"horn.sinh", HORN_REAL(std::sinh(x))},
      {"horn.cosh", HORN_REAL(std::cosh(x))},
      {"horn.arcsinh", HORN_REAL(std::asinh(x))},
      {"horn.arccosh", HORN_REAL(std::acosh(x))},
      {"horn.arctanh", HORN_REAL(std::atanh(x))},
      {"horn.tanh", HORN_REAL(std::tanh(x))},
      {"horn.sigmoid", HORN_REAL(1 / (1 + std::exp(-x)))},
      {"horn.erf", HORN_REAL(std::erf(x))},
      {"horn.erfinv", HORN_REAL(erfinv(x))},
      {"horn.floor", HORN_REAL(std::floor(x))},
      {"horn.ceil", HORN_REAL(std::ceil(x))},
      {"horn.round", HORN_REAL(std::nearbyint(x))},
      {"horn.trunc", HORN_REAL(std::trunc(x))},
      {"horn.isnan", testOf<[](double x) { return std::isnan(x); }>},
      {"horn.isinf", testOf<[](double x) { return std::isinf(x); }>},
      {"horn.isfinite", testOf<[](double x) { return std::isfinite(x); }>},
      {"horn.logical_not", bitwiseNot},
      {"horn.bitwise_not", bitwiseNot},
      {"horn.cast", cast},
  };
  for (auto [name, kernel] : kernels)
    table[name] = kernel;
  addKernels<bitcast>(table);
}

} // namespace horn::reference
