// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions of the bits of elements, and of whole numbers.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Loop.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>

namespace horn::tables {

/// The signed or unsigned integer type of so many bytes.
static DType integer_of(size_t bytes, bool is_signed) {
  switch (bytes) {
  case 1:
    return is_signed ? DType::int8 : DType::uint8;
  case 2:
    return is_signed ? DType::int16 : DType::uint16;
  case 4:
    return is_signed ? DType::int32 : DType::uint32;
  default:
    return is_signed ? DType::int64 : DType::uint64;
  }
}

static Tensor bitcast(const Tensor &x, DType dtype) {
  return x.dtype() == dtype ? x : ops::emit("bitcast", {x}, {{"dtype", dtype}});
}

/// Each element's bits as `parts` narrower numbers along the last axis, low bits first.
static Tensor taken_apart(const Tensor &x, DType dtype, size_t parts) {
  Tensor bits = bitcast(x, integer_of(dtype_bytes(x.dtype()), false));
  DType narrow = integer_of(dtype_bytes(dtype), false);
  double mask = std::ldexp(1.0, static_cast<int>(dtype_bytes(dtype)) * 8) - 1;
  std::vector<Tensor> pieces;
  for (size_t i = 0; i < parts; ++i) {
    Tensor shift = ops::scalar(static_cast<double>(i * dtype_bytes(dtype) * 8), bits.dtype());
    Tensor piece =
        ops::bitwise_and(ops::bitwise_right_shift(bits, shift), ops::scalar(mask, bits.dtype()));
    pieces.push_back(ops::cast(piece, narrow));
  }
  std::vector<int64_t> codes;
  for (size_t i = 0; i + 1 < x.rank(); ++i)
    codes.push_back(ops::size_or_like(x, i));
  codes.push_back(x.shape().back() == None ? ops::inferred
                                           : x.shape().back() * static_cast<int64_t>(parts));
  return bitcast(ops::reshape_codes(ops::stack(pieces, -1), codes, x), dtype);
}

/// The reverse: `parts` elements of the last axis as one wider number.
static Tensor put_together(const Tensor &x, DType dtype, size_t parts) {
  int64_t count = static_cast<int64_t>(parts);
  require(x.shape().back() != None && x.shape().back() % count == 0,
          {.what = "view as a wider type needs a last axis divisible by " + std::to_string(parts),
           .found = x.shape().str()});
  DType wide = integer_of(dtype_bytes(dtype), false);
  Tensor bits = ops::cast(bitcast(x, integer_of(dtype_bytes(x.dtype()), false)), wide), sum;
  for (int64_t i = 0; i < count; ++i) {
    Tensor piece = ops::get_item(
        bits, {ops::SliceAxis::ellipsis(), ops::SliceAxis::range(i, ops::SliceAxis::open, count)});
    Tensor shift =
        ops::scalar(static_cast<double>(static_cast<size_t>(i) * dtype_bytes(x.dtype()) * 8), wide);
    piece = ops::bitwise_left_shift(piece, shift);
    sum = sum.defined() ? ops::bitwise_or(sum, piece) : piece;
  }
  return bitcast(sum, dtype);
}

static Tensor view(Call c) {
  Tensor x = x_of(c);
  DType dtype = c.dtype("dtype").value_or(x.dtype());
  require(dtype != DType::boolean && x.dtype() != DType::boolean,
          {.what = "bools cannot be viewed as another type", .hint = "use cast"});
  size_t from = dtype_bytes(x.dtype()), to = dtype_bytes(dtype);
  if (from == to)
    return bitcast(x, dtype);
  require(x.rank() > 0, {.what = "view as a type of another width needs an axis"});
  return from > to ? taken_apart(x, dtype, from / to) : put_together(x, dtype, to / from);
}

/// The next number from x1 towards x2: neighbours differ by one as integers.
static Tensor next_after(Call c) {
  Operand a = c.operand("x1", 0), b = c.operand("x2", 1);
  DType dtype = ops::to_floating(ops::promote(a, b));
  Tensor x = ops::as_tensor(a, dtype), y = ops::as_tensor(b, dtype);
  Tensor all = ops::ones_like(ops::equal(x, y)); // of the broadcast shape
  x = ops::where(all, x, y);
  DType integer = integer_of(dtype_bytes(dtype), true);
  Tensor bits = bitcast(x, integer);
  Tensor away = ops::equal(x < y, x > 0); // further from zero
  Tensor moved =
      bitcast(bits + ops::where(away, ops::scalar(1, integer), ops::scalar(-1, integer)), dtype);
  Tensor smallest = bitcast(ops::full_like(bits, 1, integer), dtype);
  moved = ops::where(ops::equal(x, 0), ops::where(y > 0, smallest, -smallest), moved);
  moved = ops::where(ops::equal(x, y), y, moved);
  return ops::where(ops::logical_or(ops::isnan(x), ops::isnan(y)), x + y, moved);
}

static std::pair<Tensor, Tensor> whole_numbers(Call c) {
  Operand a = c.operand("x1", 0), b = c.operand("x2", 1);
  DType dtype = ops::promote(a, b);
  require(is_integer(dtype),
          {.what = "gcd and lcm need integers", .found = std::string(dtype_name(dtype))});
  Tensor x = ops::as_tensor(a, dtype), y = ops::as_tensor(b, dtype);
  Tensor zero = ops::zeros_like(x) + ops::zeros_like(y);
  return {ops::absolute(x) + zero, ops::absolute(y) + zero};
}

/// Euclid's algorithm; consecutive Fibonacci numbers take the most rounds.
static Tensor greatest_divisor(const Tensor &a, const Tensor &b) {
  int64_t rounds = static_cast<int64_t>(dtype_bytes(a.dtype())) * 12;
  return ops::loop(rounds, {a, b},
                   [](const Tensor &, const std::vector<Tensor> &c) {
                     Tensor done = ops::equal(c[1], 0);
                     Tensor rest = ops::mod(c[0], ops::where(done, 1, c[1]));
                     return ScanStep{{ops::where(done, c[0], c[1]), ops::where(done, c[1], rest)},
                                     {}};
                   })
      .front();
}

static Tensor gcd(Call c) {
  auto [a, b] = whole_numbers(c);
  return greatest_divisor(a, b);
}

static Tensor lcm(Call c) {
  auto [a, b] = whole_numbers(c);
  Tensor divisor = greatest_divisor(a, b), none = ops::equal(divisor, 0);
  return ops::where(none, 0, a * ops::floor_divide(b, ops::where(none, 1, divisor)));
}

/// A sum of Chebyshev's polynomials by Clenshaw's recurrence.
static Tensor chebyshev(const Tensor &x, std::initializer_list<double> coefficients) {
  Tensor b0, b1, b2;
  b0 = b1 = b2 = x * 0;
  for (double coefficient : coefficients) {
    b2 = b1;
    b1 = b0;
    b0 = x * b1 - b2 + coefficient;
  }
  return (b0 - b2) * 0.5;
}

/// The modified Bessel function of order 0, by Chebyshev series for [0, 8] and beyond.
static Tensor bessel(Call c) {
  Tensor given = x_of(c);
  DType dtype = given.dtype() == DType::int64 ? DType::float64 : ops::to_floating(given.dtype());
  DType wide = dtype == DType::float64 ? dtype : DType::float32;
  Tensor x = ops::absolute(ops::cast(given, wide));
  // Both series give exp(-x) I0(x).
  Tensor inner = ops::minimum(x, 8.0);
  Tensor small = chebyshev(
      inner * 0.5 - 2,
      {-4.41534164647933937950e-18, 3.33079451882223809783e-17,  -2.43127984654795469359e-16,
       1.71539128555513303061e-15,  -1.16853328779934516808e-14, 7.67618549860493561688e-14,
       -4.85644678311192946090e-13, 2.95505266312963983461e-12,  -1.72682629144155570723e-11,
       9.67580903537323691224e-11,  -5.18979560163526290666e-10, 2.65982372468238665035e-9,
       -1.30002500998624804212e-8,  6.04699502254191894932e-8,   -2.67079385394061173391e-7,
       1.11738753912010371815e-6,   -4.41673835845875056359e-6,  1.64484480707288970893e-5,
       -5.75419501008210370398e-5,  1.88502885095841655729e-4,   -5.76375574538582365885e-4,
       1.63947561694133579842e-3,   -4.32430999505057594430e-3,  1.05464603945949983183e-2,
       -2.37374148058994688156e-2,  4.93052842396707084878e-2,   -9.49010970480476444210e-2,
       1.71620901522208775349e-1,   -3.04682672343198398683e-1,  6.76795274409476084995e-1});
  Tensor outer = ops::maximum(x, 8.0);
  Tensor large = chebyshev(
      32.0 / outer - 2,
      {-7.23318048787475395456e-18, -4.83050448594418207126e-18, 4.46562142029675999901e-17,
       3.46122286769746109310e-17,  -2.82762398051658348494e-16, -3.42548561967721913462e-16,
       1.77256013305652638360e-15,  3.81168066935262242075e-15,  -9.55484669882830764870e-15,
       -4.15056934728722208663e-14, 1.54008621752140982691e-14,  3.85277838274214270114e-13,
       7.18012445138366623367e-13,  -1.79417853150680611778e-12, -1.32158118404477131188e-11,
       -3.14991652796324136454e-11, 1.18891471078464383424e-11,  4.94060238822496958910e-10,
       3.39623202570838634515e-9,   2.26666899049817806459e-8,   2.04891858946906374183e-7,
       2.89137052083475648297e-6,   6.88975834691682398426e-5,   3.36911647825569408990e-3,
       8.04490411014108831608e-1});
  Tensor scaled = ops::where(x <= 8, small, large / ops::sqrt(outer));
  return ops::cast(ops::exp(x) * scaled, dtype);
}

/// The phase of a real number: 0 or pi.
static Tensor angle(Call c) {
  Tensor x = ops::cast(x_of(c), ops::to_floating(x_of(c).dtype()));
  return ops::where(ops::isnan(x), x, ops::arctan2(ops::zeros_like(x), x));
}

std::span<const OperationEntry> bit_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(View, numpy, view(c)), HORN_OPERATION(Nextafter, numpy, next_after(c)),
      HORN_OPERATION(Gcd, numpy, gcd(c)),   HORN_OPERATION(Lcm, numpy, lcm(c)),
      HORN_OPERATION(I0, numpy, bessel(c)), HORN_OPERATION(Angle, numpy, angle(c)),
  };
  return entries;
}

} // namespace horn::tables
