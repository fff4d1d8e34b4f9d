// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// keras.ops.numpy, element by element.
#include "frontend/ops/Elementwise.h"

#include "frontend/ops/Image.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>
#include <limits>

namespace horn::tables {

static constexpr double infinity = std::numeric_limits<double>::infinity();

static Operand first(Call c) { return c.operand("x1", 0); }
static Operand second(Call c) { return c.operand("x2", 1); }
static Tensor floating(Call c) {
  Tensor x = x_of(c);
  return ops::cast(x, ops::to_floating(x.dtype()));
}

/// Both arguments as tensors of the type they are computed in.
static std::pair<Tensor, Tensor> both(Call c, bool floats = true) {
  Operand a = first(c), b = second(c);
  DType dtype = ops::promote(a, b);
  if (floats)
    dtype = ops::to_floating(dtype);
  return {ops::as_tensor(a, dtype), ops::as_tensor(b, dtype)};
}

static Tensor heaviside(Call c) {
  auto [x, at_zero] = both(c);
  Tensor y = ops::where(x < 0, 0.0, ops::where(x > 0, 1.0, at_zero));
  return ops::where(ops::isnan(x), x, y);
}

static Tensor cube_root(Call c) {
  Tensor x = floating(c);
  return ops::sign(x) * ops::power(ops::absolute(x), 1.0 / 3.0);
}

static Tensor hypotenuse(Call c) {
  auto [a, b] = both(c);
  Tensor y = ops::sqrt(ops::square(a) + ops::square(b));
  return ops::where(ops::logical_or(ops::isinf(a), ops::isinf(b)), infinity, y);
}

static Tensor is_close(Call c) {
  auto [a, b] = both(c);
  auto limit = [&](const char *name, size_t position, double otherwise) {
    return c.find(name, position) ? c.operand(name, position).number() : otherwise;
  };
  double rtol = limit("rtol", 2, 1e-5), atol = limit("atol", 3, 1e-8);
  Tensor close = ops::less_equal(ops::absolute(a - b), rtol * ops::absolute(b) + atol);
  Tensor finite = ops::logical_and(ops::isfinite(a), ops::isfinite(b));
  close = ops::logical_or(ops::equal(a, b), ops::logical_and(finite, close));
  if (c.flag("equal_nan", false))
    close = ops::logical_or(close, ops::logical_and(ops::isnan(a), ops::isnan(b)));
  return close;
}

static Tensor fmax_or_fmin(Call c, bool largest) {
  auto [a, b] = both(c, /*floats=*/false);
  Tensor y = largest ? ops::maximum(a, b) : ops::minimum(a, b);
  if (!is_floating(a.dtype()))
    return y;
  return ops::where(ops::isnan(a), b, ops::where(ops::isnan(b), a, y));
}

static Tensor fmod(Call c) {
  auto [a, b] = both(c, /*floats=*/false);
  if (is_floating(a.dtype())) { // the remainder of the sizes, with the sign of a
    Tensor rest = ops::mod(ops::absolute(a), ops::absolute(b));
    rest = ops::where(ops::isinf(b), ops::where(ops::isfinite(a), ops::absolute(a), a - a), rest);
    return ops::where(a < 0, -rest, rest);
  }
  // The remainder of division towards zero, from the one of division towards minus infinity.
  Tensor rest = ops::mod(a, b);
  Tensor other_sign = ops::logical_and(ops::not_equal(rest, 0), ops::not_equal(a < 0, b < 0));
  return ops::where(other_sign, rest - b, rest);
}

static Tensor nan_to_num(Call c) {
  Tensor x = x_of(c);
  if (!is_floating(x.dtype()))
    return x;
  double largest = x.dtype() == DType::float16    ? 65504.0
                   : x.dtype() == DType::bfloat16 ? 3.38953139e38
                   : x.dtype() == DType::float64  ? std::numeric_limits<double>::max()
                                                  : std::numeric_limits<float>::max();
  Tensor y = ops::where(ops::isnan(x), c.number("nan", 0), x);
  y = ops::where(ops::equal(x, infinity), c.number("posinf", largest), y);
  return ops::where(ops::equal(x, -infinity), c.number("neginf", -largest), y);
}

static Tensor sinc(Call c) {
  Tensor x = floating(c) * M_PI;
  Tensor zero = ops::equal(x, 0);
  return ops::where(zero, 1.0, ops::sin(x) / ops::where(zero, 1.0, x));
}

static Tensor divide_no_nan(Call c) {
  auto [a, b] = both(c);
  Tensor zero = ops::equal(b, 0);
  return ops::where(zero, 0.0, a / ops::where(zero, 1.0, b));
}

static Tensor sign_bit(Call c) {
  Tensor x = x_of(c);
  if (!is_floating(x.dtype()))
    return x < 0;
  return ops::logical_or(x < 0, ops::logical_and(ops::equal(x, 0), ops::reciprocal(x) < 0));
}

static Tensor logaddexp2(Call c) {
  auto [a, b] = both(c);
  return ops::logaddexp(a * M_LN2, b * M_LN2) / M_LN2;
}

static Tensor converted(Call c) {
  Tensor x = x_of(c);
  return ops::cast(x, c.dtype("dtype").value_or(x.dtype()));
}

std::span<const OperationEntry> elementwise_operations() {
  static const OperationEntry entries[] = {
#define HORN_UNARY(function, Class, module, kind)                                                  \
  HORN_OPERATION(Class, module, ops::function(x_of(c))),
#include "frontend/ops/Unary.def"
#define HORN_BINARY(function, Class, op, kind)                                                     \
  HORN_OPERATION(Class, numpy, ops::function(first(c), second(c))),
#include "frontend/ops/Binary.def"
      HORN_OPERATION(Abs, numpy, ops::absolute(x_of(c))),
      HORN_OPERATION(Fabs, numpy, ops::absolute(floating(c))),
      HORN_OPERATION(Logaddexp, numpy, ops::logaddexp(both(c).first, both(c).second)),
      HORN_OPERATION(Logaddexp2, numpy, logaddexp2(c)),
      HORN_OPERATION(LogicalNot, numpy, ops::logical_not(x_of(c))),
      HORN_OPERATION(BitwiseNot, numpy, ops::bitwise_not(x_of(c))),
      HORN_OPERATION(BitwiseInvert, numpy, ops::bitwise_not(x_of(c))),
      HORN_OPERATION(LeftShift, numpy,
                     ops::bitwise_left_shift(c.operand("x", 0), c.operand("y", 1))),
      HORN_OPERATION(RightShift, numpy,
                     ops::bitwise_right_shift(c.operand("x", 0), c.operand("y", 1))),
      HORN_OPERATION(Log2, numpy, ops::log2(x_of(c))),
      HORN_OPERATION(Log10, numpy, ops::log10(x_of(c))),
      HORN_OPERATION(Round, numpy, ops::round(x_of(c), c.integer("decimals", 0))),
      HORN_OPERATION(Cast, core, ops::cast(x_of(c), c.dtype("dtype").value_or(DType::float32))),
      HORN_OPERATION(SaturateCast, core,
                     ops::saturate_cast(x_of(c), c.dtype("dtype").value_or(DType::float32))),
      HORN_OPERATION(ConvertToTensor, core, converted(c)),
      HORN_OPERATION(Array, numpy, converted(c)),
      HORN_OPERATION(StopGradient, core, c.tensor("variable", 0)),
      HORN_OPERATION(Copy, numpy, x_of(c)),
      HORN_OPERATION(Conj, numpy, x_of(c)),
      HORN_OPERATION(Conjugate, numpy, x_of(c)),
      HORN_OPERATION(Real, numpy, x_of(c)),
      HORN_OPERATION(Imag, numpy, ops::full_like(x_of(c), 0, x_of(c).dtype())),
      HORN_OPERATION(Isreal, numpy, ops::full_like(x_of(c), 1, DType::boolean)),
      HORN_OPERATION(Where, numpy,
                     ops::where(c.tensor("condition", 0), c.operand("x1", 1), c.operand("x2", 2))),
      HORN_OPERATION(Clip, numpy, ops::clip(x_of(c), c.operand("x_min", 1), c.operand("x_max", 2))),
      HORN_OPERATION(Heaviside, numpy, heaviside(c)),
      HORN_OPERATION(Cbrt, numpy, cube_root(c)),
      HORN_OPERATION(Deg2rad, numpy, floating(c) * (M_PI / 180)),
      HORN_OPERATION(Rad2deg, numpy, floating(c) * (180 / M_PI)),
      HORN_OPERATION(Exp2, numpy, ops::exp(floating(c) * M_LN2)),
      HORN_OPERATION(Hypot, numpy, hypotenuse(c)),
      HORN_OPERATION(Isneginf, numpy, ops::equal(floating(c), -infinity)),
      HORN_OPERATION(Isposinf, numpy, ops::equal(floating(c), infinity)),
      HORN_OPERATION(Isclose, numpy, is_close(c)),
      HORN_OPERATION(Fmax, numpy, fmax_or_fmin(c, true)),
      HORN_OPERATION(Fmin, numpy, fmax_or_fmin(c, false)),
      HORN_OPERATION(Fmod, numpy, fmod(c)),
      HORN_OPERATION(NanToNum, numpy, nan_to_num(c)),
      HORN_OPERATION(Sinc, numpy, sinc(c)),
      HORN_OPERATION(Signbit, numpy, sign_bit(c)),
      HORN_OPERATION(DivideNoNan, numpy, divide_no_nan(c)),
      HORN_OPERATION(Ldexp, numpy, both(c).first * ops::exp(both(c).second * M_LN2)),
      HORN_OPERATION(Erfc, math, 1 - ops::erf(x_of(c))),
  };
  return entries;
}

} // namespace horn::tables
