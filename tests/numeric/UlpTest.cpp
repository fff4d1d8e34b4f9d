// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How far the elementary functions in kernels are from the exact result, in units in the last
// place.
//
// As part of numeric_tests over every kStride-th float32; the target `ulp_tests` is the same with
// HORN_ULP_ALL over all 2^32 of them.
#include "tests/numeric/Support.h"

#include <bit>
#include <cmath>
#include <cstdio>

namespace horn::numeric {

#ifdef HORN_ULP_ALL
static constexpr uint64_t kStride = 1;
#else
static constexpr uint64_t kStride = 2503; // prime: all exponents and low bits come up
#endif
static constexpr size_t kBlock = size_t{1} << 20;

namespace {
struct Function {
  const char *name;
  Tensor (*op)(const Tensor &);
  double (*exact)(double);
  double max_ulp;      ///< promised in docs/numerics.md
  double smallest = 0; ///< below it results need only be below it too
};
struct Worst {
  double ulp = 0;
  float x = 0, got = 0;
};
class Ulp : public testing::TestWithParam<Function> {};
} // namespace

/// The error of a float32 result against the exact value, in spacings of float32 there. Results
/// that round to infinity must be infinite.
static double ulp_error(float got, double exact) {
  if (std::isnan(exact) || std::isnan(got))
    return std::isnan(exact) && std::isnan(got) ? 0 : INFINITY;
  float rounded = static_cast<float>(exact);
  if (std::isinf(rounded) || std::isinf(got))
    return rounded == got ? 0 : INFINITY;
  int exponent = std::max(std::ilogb(exact == 0 ? 1e-300 : exact), -126);
  return std::abs(static_cast<double>(got) - exact) / std::ldexp(1.0, exponent - 23);
}

static double error_of(const Function &function, float x, float got) {
  double exact = function.exact(x);
  if (std::abs(exact) < function.smallest && std::abs(got) < function.smallest)
    return 0;
  return ulp_error(got, exact);
}

static Worst worst_error(Session &session, const Function &function) {
  Worst worst;
  Array x({static_cast<int64_t>(kBlock)}, DType::float32);
  for (uint64_t begin = 0; begin < (uint64_t{1} << 32); begin += kStride * kBlock) {
    std::span<float> values = x.values<float>();
    for (size_t i = 0; i < kBlock; ++i)
      values[i] = std::bit_cast<float>(static_cast<uint32_t>(begin + i * kStride));
    Array y = session.run({x})[0];
    std::span<const float> results = y.values<float>();
    for (size_t i = 0; i < kBlock; ++i)
      if (double ulp = error_of(function, values[i], results[i]); ulp > worst.ulp)
        worst = {ulp, values[i], results[i]};
  }
  return worst;
}

TEST_P(Ulp, isWithinItsPromise) {
  const Function &function = GetParam();
  Tensor x = Input({});
  CompiledModel compiled(Model(x, function.op(x)));
  Session session(compiled, std::make_shared<ThreadPool>());
  Worst worst = worst_error(session, function);
  std::printf("%-12s largest error %.3f ulp, at x = %a: %a\n", function.name, worst.ulp, worst.x,
              worst.got);
  EXPECT_LE(worst.ulp, function.max_ulp) << "x = " << worst.x << " gave " << worst.got;
}

static double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
static double exact_silu(double x) { return x < -700 ? 0 : x / (1 + std::exp(-x)); }

/// What is called `name` in ops and in the C library.
#define HORN_ULP(name, max_ulp)                                                                    \
  Function {                                                                                       \
    #name, [](const Tensor &x) { return Tensor(ops::name(x)); },                                   \
        [](double x) { return std::name(x); }, max_ulp                                             \
  }

INSTANTIATE_TEST_SUITE_P(
    Functions, Ulp,
    testing::Values(HORN_ULP(exp, 2), HORN_ULP(expm1, 4), HORN_ULP(log, 2), HORN_ULP(log1p, 4),
                    HORN_ULP(tanh, 2), HORN_ULP(erf, 2),
                    Function{"sigmoid", [](const Tensor &x) { return Tensor(ops::sigmoid(x)); },
                             exact_sigmoid, 3, std::numeric_limits<float>::min()},
                    Function{"silu", [](const Tensor &x) { return x * ops::sigmoid(x); },
                             exact_silu, 3, 1e-36}),
    [](const auto &test) { return std::string(test.param.name); });

} // namespace horn::numeric
