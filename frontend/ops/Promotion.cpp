// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Promotion.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Tracer.h"

namespace horn::ops {

static bool is_signed(DType dtype) {
  return dtype == DType::int8 || dtype == DType::int16 || dtype == DType::int32 ||
         dtype == DType::int64;
}

static DType promote_floats(DType a, DType b) {
  if (dtype_bytes(a) == dtype_bytes(b)) // float16 and bfloat16
    return DType::float32;
  return dtype_bytes(a) > dtype_bytes(b) ? a : b;
}

static DType promote_integers(DType a, DType b) {
  if (is_signed(a) == is_signed(b))
    return dtype_bytes(a) > dtype_bytes(b) ? a : b;
  DType with_sign = is_signed(a) ? a : b;
  DType without = is_signed(a) ? b : a;
  if (dtype_bytes(with_sign) > dtype_bytes(without))
    return with_sign;
  switch (dtype_bytes(without)) {
  case 1:
    return DType::int16;
  case 2:
    return DType::int32;
  case 4:
    return DType::int64;
  default:
    return DType::float32;
  }
}

DType promote(DType a, DType b) {
  if (a == b || b == DType::boolean)
    return a;
  if (a == DType::boolean)
    return b;
  if (is_floating(a) != is_floating(b))
    return is_floating(a) ? a : b;
  return is_floating(a) ? promote_floats(a, b) : promote_integers(a, b);
}

/// The type of a number beside a tensor of type `other`.
static DType promote_number(const Operand &number, DType other) {
  if (number.is_boolean_number())
    return other;
  if (number.is_floating_number())
    return to_floating(other);
  return other == DType::boolean ? DType::int32 : other;
}

DType promote(const Operand &a, const Operand &b) {
  if (a.is_tensor() && b.is_tensor())
    return promote(a.tensor().dtype(), b.tensor().dtype());
  if (!a.is_tensor() && !b.is_tensor())
    return a.is_floating_number() || b.is_floating_number() ? DType::float32 : DType::int32;
  return a.is_tensor() ? promote_number(b, a.tensor().dtype())
                       : promote_number(a, b.tensor().dtype());
}

DType to_floating(DType dtype) { return is_floating(dtype) ? dtype : DType::float32; }

Tensor scalar(double value, DType dtype) {
  Array array(Shape{}, dtype);
  array.set(0, value);
  return current_tracer().constant(array);
}

Tensor as_tensor(const Operand &operand, DType dtype) {
  return operand.is_tensor() ? cast(operand.tensor(), dtype) : scalar(operand.number(), dtype);
}

} // namespace horn::ops
