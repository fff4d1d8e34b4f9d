// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// keras.ops.linalg.
#include "frontend/ops/LinearAlgebra.h"

#include "frontend/ops/Math.h"
#include "frontend/ops/Matrices.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/tables/OperationTable.h"

#include <cmath>
#include <limits>

namespace horn::tables {

using ops::MatrixStack;

static MatrixStack square(const Tensor &x) {
  MatrixStack stack(x);
  require(stack.rows() == stack.columns(),
          {.what = "this needs square matrices", .found = x.shape().str()});
  return stack;
}

static Tensor cholesky(Call c) {
  MatrixStack a = square(x_of(c));
  Tensor lower = ops::cholesky(a.flat());
  return a.restore(c.flag("upper", false) ? ops::transposed(lower) : lower);
}

static Tensor unit(const MatrixStack &a) {
  return ops::identity(a.rows(), a.rows(), a.flat().dtype()) + ops::zeros_like(a.flat());
}

static Tensor cholesky_inverse(Call c) {
  MatrixStack a = square(x_of(c));
  bool upper = c.flag("upper", false);
  Tensor inverse = ops::solve_triangle(a.flat(), unit(a), !upper);
  Tensor turned = ops::transposed(inverse);
  return a.restore(upper ? ops::matmul(inverse, turned) : ops::matmul(turned, inverse));
}

static Tensor inverse(Call c) {
  MatrixStack a = square(x_of(c));
  return a.restore(ops::solve_equations(a.flat(), unit(a)));
}

/// Sign of the determinant and logarithm of its absolute value, or the determinant itself: [count].
struct Determinant {
  Tensor sign, log, value;
};
static Determinant determinant(const MatrixStack &a) {
  ops::Elimination u = ops::eliminate(a.flat(), a.rows());
  Tensor diagonal = ops::diagonal_of(u.matrix);
  Tensor exchanged = ops::not_equal(u.pivots, ops::expand_dims(ops::arange(a.rows()), 0));
  Tensor odd = ops::equal(ops::mod(ops::sum(ops::cast(exchanged, DType::int32), 1), 2), 1);
  Tensor flip = ops::where(odd, -1.0, 1.0);
  return {ops::prod(ops::sign(diagonal), 1) * flip, ops::sum(ops::log(ops::absolute(diagonal)), 1),
          ops::prod(diagonal, 1) * flip};
}

static Outputs slogdet(Call c) {
  MatrixStack a = square(x_of(c));
  Determinant found = determinant(a);
  return {a.restore(found.sign), a.restore(found.log)};
}

static Outputs lu_factor(Call c) {
  MatrixStack a(x_of(c));
  ops::Elimination u = ops::eliminate(a.flat(), a.smaller());
  return {a.restore(u.matrix), a.restore(u.pivots)};
}

/// Leading axes of two stacks of matrices made equal.
static std::pair<Tensor, Tensor> aligned(Tensor a, Tensor b) {
  DType dtype = ops::to_floating(ops::promote(a.dtype(), b.dtype()));
  a = ops::cast(a, dtype);
  b = ops::cast(b, dtype);
  while (b.rank() < a.rank())
    b = ops::expand_dims(b, 0);
  while (a.rank() < b.rank())
    a = ops::expand_dims(a, 0);
  auto corner = [](const Tensor &x) {
    return ops::get_item(
        x, {ops::SliceAxis::ellipsis(), ops::SliceAxis::range(0, 1), ops::SliceAxis::range(0, 1)});
  };
  Tensor zero = ops::zeros_like(corner(a)) + ops::zeros_like(corner(b));
  return {a + zero, b + zero};
}

static Tensor solve(Call c, bool triangular) {
  Tensor a = c.tensor("a", 0), b = c.tensor("b", 1);
  bool vector = b.rank() == 1 || (triangular && b.rank() + 1 == a.rank());
  auto [left, right] = aligned(a, vector ? ops::expand_dims(b, -1) : b);
  MatrixStack matrices = square(left), values(right);
  require(matrices.rows() == values.rows(),
          {.what = "solve needs as many values as rows", .found = b.shape().str()});
  Tensor x = values.restore(
      triangular ? ops::solve_triangle(matrices.flat(), values.flat(), c.flag("lower", false))
                 : ops::solve_equations(matrices.flat(), values.flat()));
  return vector ? ops::squeeze(x, -1) : x;
}

static Outputs qr(Call c) {
  MatrixStack a(x_of(c));
  std::string mode = c.text("mode", "reduced");
  require(mode == "reduced" || mode == "complete",
          {.what = "unknown mode of qr", .expected = "reduced or complete", .found = mode});
  ops::Factors f = ops::qr(a.flat(), mode == "complete");
  return {a.restore(f.q), a.restore(f.r)};
}

static Outputs eigh(Call c) {
  MatrixStack a = square(x_of(c));
  ops::Eigen found = ops::eigen_symmetric(a.flat());
  return {a.restore(found.values), a.restore(found.vectors)};
}

static Outputs svd(Call c) {
  MatrixStack a(x_of(c));
  ops::SingularValues found = ops::singular_values(a.flat(), c.flag("full_matrices", true));
  Tensor values = a.restore(found.values);
  if (!c.flag("compute_uv", true))
    return {values};
  return {a.restore(found.u), values, a.restore(ops::transposed(found.v))};
}

/// The distance from 1 to the next number.
static double epsilon_of(DType dtype) {
  return dtype == DType::float64 ? std::numeric_limits<double>::epsilon()
                                 : std::numeric_limits<float>::epsilon();
}

static Tensor matrix_rank(Call c) {
  MatrixStack a(x_of(c));
  Tensor values = ops::singular_values(a.flat(), false).values;
  double relative =
      static_cast<double>(std::max(a.rows(), a.columns())) * epsilon_of(values.dtype());
  Operand limit =
      c.find("tol") ? c.operand("tol", SIZE_MAX) : Operand(ops::max(values, 1, true) * relative);
  return a.restore(ops::sum(ops::cast(values > limit, DType::int32), 1));
}

/// v diag(1 / values) u^T, where values up to a limit relative to the largest count as 0.
static Tensor pseudo_inverse(const MatrixStack &a, double relative, bool keep_limit) {
  ops::SingularValues found = ops::singular_values(a.flat(), false);
  Tensor limit = ops::max(found.values, 1, true) * relative;
  Tensor kept =
      keep_limit ? ops::logical_and(found.values > 0, found.values >= limit) : found.values > limit;
  Tensor inverted = ops::where(kept, ops::reciprocal(ops::where(kept, found.values, 1.0)), 0.0);
  return ops::matmul(found.v * ops::expand_dims(inverted, 1), ops::transposed(found.u));
}

static Tensor pinv(Call c) {
  MatrixStack a(x_of(c));
  double larger = static_cast<double>(std::max(a.rows(), a.columns()));
  double relative = c.number("rcond", 10 * larger * epsilon_of(a.flat().dtype()));
  return a.restore(pseudo_inverse(a, relative, /*keep_limit=*/false));
}

static Tensor least_squares(Call c) {
  Tensor x = c.tensor("a", 0), b = c.tensor("b", 1);
  require(x.rank() == 2, {.what = "lstsq needs one matrix", .found = x.shape().str()});
  MatrixStack a(ops::cast(x, ops::to_floating(ops::promote(x.dtype(), b.dtype()))));
  double larger = static_cast<double>(std::max(a.rows(), a.columns()));
  double epsilon = epsilon_of(a.flat().dtype());
  double relative = c.number("rcond", epsilon * larger);
  Tensor inverse =
      a.restore(pseudo_inverse(a, relative < 0 ? epsilon : relative, /*keep_limit=*/true));
  return ops::matmul(inverse, ops::cast(b, inverse.dtype()));
}

std::span<const OperationEntry> linear_algebra_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Cholesky, linalg, cholesky(c)),
      HORN_OPERATION(CholeskyInverse, linalg, cholesky_inverse(c)),
      HORN_OPERATION(Inv, linalg, inverse(c)),
      HORN_OPERATION(Solve, linalg, solve(c, false)),
      HORN_OPERATION(SolveTriangular, linalg, solve(c, true)),
      HORN_OPERATION(Lstsq, linalg, least_squares(c)),
      HORN_OPERATION(Pinv, linalg, pinv(c)),
      HORN_OPERATION(MatrixRank, linalg, matrix_rank(c)),
      {"Det", "linalg",
       [](Call c) -> Outputs {
         MatrixStack a = square(x_of(c));
         return {a.restore(determinant(a).value)};
       }},
      {"Logdet", "math", [](Call c) -> Outputs { return {slogdet(c)[1]}; }},
      {"Slogdet", "numpy", slogdet},
      {"LuFactor", "linalg", lu_factor},
      {"Qr", "linalg", qr},
      {"Eigh", "linalg", eigh},
      {"SVD", "linalg", svd},
  };
  return entries;
}

} // namespace horn::tables
