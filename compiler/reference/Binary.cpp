// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element-wise ops of two or three operands, with broadcasting.
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace horn::reference {

/// result = function(a, b) for elements of type T, results of type R.
template <auto function, typename T, typename R>
static void broadcast(const Tensor &a, const Tensor &b, Tensor &result) {
  R *out = result.data<R>();
  forEachRow<2>(result.shape,
                {broadcastStrides(a.shape, result.shape), broadcastStrides(b.shape, result.shape)},
                [&](const Row<2> &row) {
                  const T *x = a.data<T>() + row.offsets[0], *y = b.data<T>() + row.offsets[1];
                  for (int64_t i = 0; i < row.size; ++i)
                    *out++ = function(x[i * row.steps[0]], y[i * row.steps[1]]);
                });
}

/// A kernel for all elements; `function` is a template of double, int64_t and uint64_t.
template <auto function> static void ofAny(Operation *, Inputs inputs, Tensor &result) {
  dispatchSigned(result.element, [&](auto zero) {
    broadcast<function, decltype(zero), decltype(zero)>(*inputs[0], *inputs[1], result);
  });
}
/// A kernel for floats alone.
template <auto function> static void ofFloats(Operation *, Inputs inputs, Tensor &result) {
  broadcast<function, double, double>(*inputs[0], *inputs[1], result);
}
/// A kernel for integers and bools as 64 bits.
template <auto function> static void ofBits(Operation *, Inputs inputs, Tensor &result) {
  broadcast<function, int64_t, int64_t>(*inputs[0], *inputs[1], result);
}
/// A kernel for comparisons.
template <auto function> static void compare(Operation *, Inputs inputs, Tensor &result) {
  dispatchSigned(inputs[0]->element, [&](auto zero) {
    broadcast<function, decltype(zero), int64_t>(*inputs[0], *inputs[1], result);
  });
}

template <typename T> static constexpr bool isReal = std::is_same_v<T, double>;

static constexpr auto subtract = [](auto a, auto b) {
  if constexpr (isReal<decltype(a)>)
    return a - b;
  else
    return add(a, multiply(b, decltype(b)(-1)));
};

/// a / b of integers, towards zero. As in XLA x / 0 = -1 (all bits set) and the smallest number
/// divided by -1 is itself.
template <typename T> static T quotient(T a, T b) {
  if (b == 0)
    return static_cast<T>(-1);
  return b == static_cast<T>(-1) && std::is_signed_v<T> ? multiply(a, b) : a / b;
}

static constexpr auto divide = [](auto a, auto b) {
  if constexpr (isReal<decltype(a)>)
    return a / b;
  else
    return quotient(a, b);
};

/// The remainder with the sign of the divisor; of integers, x mod 0 = 0.
static constexpr auto mod = [](auto a, auto b) {
  using T = decltype(a);
  if constexpr (isReal<T>) {
    double rest = std::fmod(a, b);
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  } else {
    if (b == 0 || (b == static_cast<T>(-1) && std::is_signed_v<T>))
      return T(0);
    T rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? add(rest, b) : rest;
  }
};

static constexpr auto floorDivide = [](auto a, auto b) {
  using T = decltype(a);
  if constexpr (isReal<T>)
    return std::floor(a / b);
  else {
    T result = quotient(a, b);
    bool rounds = b != 0 && multiply(result, b) != a && (a < 0) != (b < 0);
    return rounds ? add(result, T(-1)) : result;
  }
};

/// Integers: modulo 2^64; negative exponents round the fraction towards zero, 0^-n = 0.
static constexpr auto power = [](auto a, auto b) {
  using T = decltype(a);
  if constexpr (isReal<T>)
    return std::pow(a, b);
  else {
    if (b < 0)
      return a == T(1) ? T(1) : a == T(-1) ? T(b % 2 == 0 ? 1 : -1) : T(0);
    T result = 1;
    for (auto exponent = static_cast<uint64_t>(b); exponent; exponent >>= 1, a = multiply(a, a))
      if (exponent & 1)
        result = multiply(result, a);
    return result;
  }
};

/// Shifts by the width or more, or by a negative number, move all bits out.
static void leftShift(Operation *, Inputs inputs, Tensor &result) {
  broadcast<[](uint64_t a, uint64_t b) { return b < 64 ? a << b : uint64_t(0); }, uint64_t,
            uint64_t>(*inputs[0], *inputs[1], result);
}

static constexpr auto rightShift = [](auto a, auto b) {
  using T = decltype(a);
  if constexpr (isReal<T>)
    return a;
  else
    return static_cast<uint64_t>(b) < 64 ? static_cast<T>(a >> b) : static_cast<T>(a < 0 ? -1 : 0);
};

static void select(Operation *, Inputs inputs, Tensor &result) {
  const Tensor &condition = *inputs[0], &a = *inputs[1], &b = *inputs[2];
  auto strides = [&](const Tensor &x) { return broadcastStrides(x.shape, result.shape); };
  dispatchStorage(result.element, [&](auto zero) {
    using T = decltype(zero);
    T *out = result.data<T>();
    forEachRow<3>(result.shape, {strides(condition), strides(a), strides(b)},
                  [&](const Row<3> &row) {
                    const int64_t *test = condition.data<int64_t>() + row.offsets[0];
                    const T *x = a.data<T>() + row.offsets[1], *y = b.data<T>() + row.offsets[2];
                    for (int64_t i = 0; i < row.size; ++i)
                      *out++ = test[i * row.steps[0]] ? x[i * row.steps[1]] : y[i * row.steps[2]];
                  });
  });
}

void addBinaryKernels(KernelTable &table) {
  static constexpr std::pair<StringLiteral, Kernel> kernels[] = {
      {"horn.add", ofAny<[](auto a, auto b) { return add(a, b); }>},
      {"horn.subtract", ofAny<subtract>},
      {"horn.multiply", ofAny<[](auto a, auto b) { return multiply(a, b); }>},
      {"horn.divide", ofAny<divide>},
      {"horn.floor_divide", ofAny<floorDivide>},
      {"horn.mod", ofAny<mod>},
      {"horn.power", ofAny<power>},
      {"horn.maximum", ofAny<[](auto a, auto b) { return maximum(a, b); }>},
      {"horn.minimum", ofAny<[](auto a, auto b) { return minimum(a, b); }>},
      {"horn.arctan2", ofFloats<[](double a, double b) { return std::atan2(a, b); }>},
      {"horn.logical_and", ofBits<[](int64_t a, int64_t b) { return a & b; }>},
      {"horn.logical_or", ofBits<[](int64_t a, int64_t b) { return a | b; }>},
      {"horn.logical_xor", ofBits<[](int64_t a, int64_t b) { return a ^ b; }>},
      {"horn.bitwise_and", ofBits<[](int64_t a, int64_t b) { return a & b; }>},
      {"horn.bitwise_or", ofBits<[](int64_t a, int64_t b) { return a | b; }>},
      {"horn.bitwise_xor", ofBits<[](int64_t a, int64_t b) { return a ^ b; }>},
      {"horn.left_shift", leftShift},
      {"horn.right_shift", ofAny<rightShift>},
      {"horn.equal", compare<[](auto a, auto b) { return a == b; }>},
      {"horn.not_equal", compare<[](auto a, auto b) { return a != b; }>},
      {"horn.less", compare<[](auto a, auto b) { return a < b; }>},
      {"horn.less_equal", compare<[](auto a, auto b) { return a <= b; }>},
      {"horn.greater", compare<[](auto a, auto b) { return a > b; }>},
      {"horn.greater_equal", compare<[](auto a, auto b) { return a >= b; }>},
      {"horn.select", select},
  };
  for (auto [name, kernel] : kernels)
    table[name] = kernel;
}

} // namespace horn::reference
