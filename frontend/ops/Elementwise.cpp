// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Elementwise.h"

#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"

#include <cmath>

namespace horn::ops {

namespace {
enum class UnaryKind { same, floats, numbers, fractions, boolean };
enum class BinaryKind { arithmetic, division, comparison, logical };
} // namespace

static Tensor unary(std::string_view op, std::string_view class_name, UnaryKind kind,
                    const Tensor &x) {
  if (detail::recording({x}))
    return detail::record(class_name, x);
  if (kind == UnaryKind::same)
    return emit(op, {x});
  if (kind == UnaryKind::numbers)
    return emit(op, {x.dtype() == DType::boolean ? cast(x, DType::int32) : x});
  if (kind == UnaryKind::fractions && !is_floating(x.dtype()))
    return x.with_mask({});
  return emit(op, {cast(x, to_floating(x.dtype()))});
}

static Tensor binary(std::string_view op, std::string_view class_name, BinaryKind kind,
                     const Operand &a, const Operand &b) {
  if (detail::recording(a, b))
    return detail::record(class_name, Arguments::positionals({a, b}));
  DType dtype = kind == BinaryKind::logical ? DType::boolean : promote(a, b);
  if (kind == BinaryKind::division)
    dtype = to_floating(dtype);
  if (dtype == DType::boolean && op == "add")
    op = "logical_or";
  return emit(op, {as_tensor(a, dtype), as_tensor(b, dtype)});
}

#define HORN_UNARY(function, Class, module, kind)                                                  \
  Tensor function(const Tensor &x) { return unary(#function, #Class, UnaryKind::kind, x); }
#include "frontend/ops/Unary.def"
#define HORN_BINARY(function, Class, op, kind)                                                     \
  Tensor function(const Operand &a, const Operand &b) {                                            \
    return binary(#op, #Class, BinaryKind::kind, a, b);                                            \
  }
#include "frontend/ops/Binary.def"

Tensor cast(const Tensor &x, DType dtype) {
  if (detail::recording({x}))
    return detail::record("Cast", x, {{"dtype", dtype_name(dtype)}});
  return x.dtype() == dtype ? x : emit("cast", {x}, {{"dtype", dtype}});
}

Tensor logical_not(const Tensor &x) {
  if (detail::recording({x}))
    return detail::record("LogicalNot", x);
  return emit("logical_not", {cast(x, DType::boolean)});
}

Tensor bitwise_not(const Tensor &x) {
  if (detail::recording({x}))
    return detail::record("BitwiseNot", x);
  return emit("bitwise_not", {x});
}

Tensor where(const Tensor &condition, const Operand &a, const Operand &b) {
  if (detail::recording({condition}) || detail::recording(a, b))
    return detail::record("Where", Arguments::positionals({condition, a, b}));
  DType dtype = promote(a, b);
  return emit("select",
              {cast(condition, DType::boolean), as_tensor(a, dtype), as_tensor(b, dtype)});
}

Tensor clip(const Tensor &x, const Operand &low, const Operand &high) {
  if (detail::recording({x}) && !low.is_tensor() && !high.is_tensor())
    return detail::record("Clip", x, {{"x_min", low.number()}, {"x_max", high.number()}});
  return minimum(maximum(x, low), high);
}

Tensor round(const Tensor &x, int64_t decimals) {
  if (detail::recording({x}))
    return detail::record("Round", x, {{"decimals", decimals}});
  Tensor value = cast(x, to_floating(x.dtype()));
  if (decimals == 0)
    return emit("round", {value});
  double scale = std::pow(10.0, static_cast<double>(decimals));
  return emit("round", {value * scale}) / scale;
}

Tensor log2(const Tensor &x) {
  if (detail::recording({x}))
    return detail::record("Log2", x);
  return log(x) * (1 / std::log(2.0));
}

Tensor log10(const Tensor &x) {
  if (detail::recording({x}))
    return detail::record("Log10", x);
  return log(x) * (1 / std::log(10.0));
}

Tensor logaddexp(const Operand &a, const Operand &b) {
  if (detail::recording(a, b))
    return detail::record("Logaddexp", Arguments::positionals({a, b}));
  Tensor larger = maximum(a, b);
  return larger + log1p(exp(-absolute(subtract(a, b))));
}

} // namespace horn::ops

namespace horn {

Tensor operator+(const Operand &a, const Operand &b) { return ops::add(a, b); }
Tensor operator-(const Operand &a, const Operand &b) { return ops::subtract(a, b); }
Tensor operator*(const Operand &a, const Operand &b) { return ops::multiply(a, b); }
Tensor operator/(const Operand &a, const Operand &b) { return ops::true_divide(a, b); }
Tensor operator%(const Operand &a, const Operand &b) { return ops::mod(a, b); }
Tensor operator-(const Tensor &x) { return ops::negative(x); }
Tensor operator<(const Operand &a, const Operand &b) { return ops::less(a, b); }
Tensor operator<=(const Operand &a, const Operand &b) { return ops::less_equal(a, b); }
Tensor operator>(const Operand &a, const Operand &b) { return ops::greater(a, b); }
Tensor operator>=(const Operand &a, const Operand &b) { return ops::greater_equal(a, b); }

} // namespace horn
