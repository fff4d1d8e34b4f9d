// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/LinearAlgebra.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Loop.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Matrices.h"
#include "frontend/ops/Reduce.h"

namespace horn::ops {

/// Column or row number `k` (int32, [1]) of [count, rows, columns]; the axis stays.
static Tensor column(const Tensor &x, const Tensor &k) { return take(x, k, 2, "clip"); }
static Tensor row(const Tensor &x, const Tensor &k) { return take(x, k, 1, "clip"); }

Tensor cholesky(const Tensor &x) {
  int64_t size = x.dim(-1);
  Tensor rows = row_index(size, 1);
  std::vector<Tensor> results =
      loop(size, {(x + transposed(x)) * 0.5}, [&](const Tensor &k, const std::vector<Tensor> &c) {
        Tensor whole = column(c[0], k);
        Tensor factor = where(rows < k, 0, whole / sqrt(row(whole, k)));
        return ScanStep{{c[0] - factor * transposed(factor)}, {squeeze(factor, 2)}};
      });
  return transposed(results[1]);
}

Elimination eliminate(const Tensor &x, int64_t columns) {
  int64_t rows = x.dim(1), width = x.dim(2);
  Tensor row_ids = row_index(rows, 1), column_ids = column_index(1, width);
  std::vector<Tensor> results =
      loop(columns, {x}, [&](const Tensor &k, const std::vector<Tensor> &c) {
        Tensor size = where(row_ids < k, -1, absolute(column(c[0], k)));
        Tensor pivot = argmax(size, 1, /*keepdims=*/true); // [count, 1, 1]
        Tensor order = where(equal(row_ids, k), pivot, where(equal(row_ids, pivot), k, row_ids));
        Tensor a = take_along_axis(c[0], order, 1);
        Tensor top = row(a, k), own = column(top, k);
        Tensor zero = equal(own, 0);
        Tensor factor = where(zero, column(a, k), column(a, k) / where(zero, 1, own));
        factor = where(row_ids > k, factor, 0);
        Tensor next = where(column_ids > k, a - factor * top, a);
        next = where(logical_and(equal(column_ids, k), row_ids > k), factor, next);
        return ScanStep{{next}, {squeeze(pivot, {1, 2})}};
      });
  return {results[0], results[1]};
}

Tensor solve_triangle(const Tensor &a, const Tensor &b, bool lower) {
  int64_t size = a.dim(1);
  Tensor row_ids = row_index(size, 1);
  return loop(
             size, {b},
             [&](const Tensor &k, const std::vector<Tensor> &c) {
               Tensor factor = column(a, k);
               Tensor solved = row(c[0], k) / row(factor, k);
               Tensor rest = lower ? row_ids > k : row_ids < k;
               Tensor next = c[0] - where(rest, factor, 0) * solved;
               return ScanStep{{where(equal(row_ids, k), solved, next)}, {}};
             },
             /*backwards=*/!lower)
      .front();
}

Tensor solve_equations(const Tensor &a, const Tensor &b) {
  int64_t size = a.dim(1), wanted = b.dim(2);
  Tensor both = eliminate(concatenate({a, b}, 2), size).matrix;
  return solve_triangle(columns_of(both, 0, size), columns_of(both, size, size + wanted),
                        /*lower=*/false);
}

/// Ones on the diagonal of as many matrices as there are in x.
static Tensor identities(const Tensor &x, int64_t rows, int64_t columns) {
  Tensor one = get_item(x, {SliceAxis::all(), SliceAxis::range(0, 1), SliceAxis::range(0, 1)});
  return identity(rows, columns, x.dtype()) + zeros_like(one);
}

Factors qr(const Tensor &x, bool complete) {
  int64_t rows = x.dim(1), smaller = std::min(rows, x.dim(2));
  Tensor row_ids = row_index(rows, 1);
  // One reflection I - tau v v^T for each column, as LAPACK has them: v is 1 on the diagonal.
  std::vector<Tensor> reflected =
      loop(smaller, {x}, [&](const Tensor &k, const std::vector<Tensor> &c) {
        Tensor below = where(row_ids > k, column(c[0], k), 0), head = row(column(c[0], k), k);
        Tensor rest = sum(square(below), 1, /*keepdims=*/true);
        Tensor still = equal(rest, 0);
        Tensor length = sqrt(square(head) + rest);
        Tensor beta = where(still, head, where(head < 0, length, -length));
        Tensor safe = where(still, 1, beta);
        Tensor tau = where(still, 0, (beta - head) / safe);
        Tensor v = where(equal(row_ids, k), 1, below / where(still, 1, head - beta));
        Tensor a = c[0] - tau * v * matmul(transposed(v), c[0]);
        return ScanStep{{a}, {squeeze(v, 2), squeeze(tau, {1, 2})}};
      });
  Tensor vectors = transposed(reflected[1]), taus = expand_dims(reflected[2], 1);
  int64_t kept = complete ? rows : smaller;
  Tensor q = loop(
                 smaller, {identities(x, rows, kept)},
                 [&](const Tensor &k, const std::vector<Tensor> &c) {
                   Tensor v = column(vectors, k);
                   Tensor moved = column(taus, k) * v * matmul(transposed(v), c[0]);
                   return ScanStep{{c[0] - moved}, {}};
                 },
                 /*backwards=*/true)
                 .front();
  return {q, rows_of(triu(reflected[0]), 0, kept)};
}

namespace {
/// Jacobi's rotations of neighbours (0, 1), (2, 3), ..., with all columns but the first moved on by
/// one place after each round, so that `size` - 1 rounds (a sweep) make every pair meet once and
/// bring all columns home. `size` is even.
struct Rotations {
  int64_t size;
  DType dtype;
  static constexpr int64_t sweeps = 12;

  int64_t rounds() const { return sweeps * (size - 1); }
  Tensor rows() const { return row_index(size, size); }
  Tensor columns() const { return column_index(size, size); }
  /// The number of the partner in a pair.
  static Tensor partner(const Tensor &ids) { return bitwise_xor(ids, 1); }
  /// [1, size]: index of each column's partner.
  Tensor partners() const { return partner(arange(size)); }
  /// Where each column comes from after a round: seat 0 stays, even seats move down by two, odd
  /// ones up, and both ends turn around.
  Tensor sources() const {
    Array order(Shape{size}, DType::int32);
    auto set = [&](int64_t seat, int64_t from) {
      order.set(static_cast<size_t>(seat), static_cast<double>(from));
    };
    set(0, 0);
    set(1, size > 2 ? 2 : 1);
    for (int64_t seat = 2; seat < size; ++seat)
      set(seat, seat % 2 ? seat - 2 : seat + 2 < size ? seat + 2 : size - 1);
    return current_tracer().constant(order);
  }
  /// The rotation of all pairs from the diagonal [count, size] and what stands beside it, with the
  /// move to the next seats: [count, size, size].
  Tensor rotation(const Tensor &diagonal, const Tensor &beside) const {
    Tensor other = take(diagonal, partners(), 1, "clip");
    Tensor none = equal(beside, 0);
    Tensor theta = (other - diagonal) / (where(none, 1, beside) * 2);
    Tensor first = equal(bitwise_and(arange(size), 1), 0);
    Tensor sign = where(equal(theta, 0), where(first, 1.0, -1.0), ops::sign(theta));
    Tensor t = where(none, 0, sign / (absolute(theta) + sqrt(square(theta) + 1)));
    Tensor c = rsqrt(square(t) + 1);
    Tensor turn = where(equal(rows(), columns()), expand_dims(c, 2),
                        where(equal(rows(), partner(columns())), expand_dims(t * c, 2), 0));
    return take(turn, sources(), 2, "clip");
  }
};
} // namespace

/// Zeros added as a last column, and a last row if `square`.
static Tensor padded(const Tensor &x, bool square) {
  return pad(x, {0, 0, 0}, {0, square ? 1 : 0, 1});
}

Eigen eigen_symmetric(const Tensor &x) {
  int64_t size = x.dim(1), even = std::max<int64_t>(2, size + size % 2);
  Rotations rotations{even, x.dtype()};
  Tensor a = (x + transposed(x)) * 0.5;
  if (even != size)
    a = padded(a, /*square=*/true);
  std::vector<Tensor> results =
      loop(rotations.rounds(), {a, identities(x, even, even)},
           [&](const Tensor &, const std::vector<Tensor> &c) {
             Tensor partner = equal(rotations.rows(), Rotations::partner(rotations.columns()));
             Tensor turn = rotations.rotation(diagonal_of(c[0]), sum(where(partner, c[0], 0), 2));
             Tensor next = matmul(transposed(turn), matmul(c[0], turn));
             return ScanStep{{next, matmul(c[1], turn)}, {}};
           });
  Tensor values = diagonal_of(results[0]), vectors = rows_of(results[1], 0, size);
  if (even != size) {
    values = get_item(values, {SliceAxis::all(), SliceAxis::range(0, size)});
    vectors = columns_of(vectors, 0, size);
  }
  Tensor order = argsort(values, 1);
  return {take_along_axis(values, order, 1), take_along_axis(vectors, expand_dims(order, 1), 2)};
}

/// The singular values and vectors of matrices with no more columns than rows.
static SingularValues tall_values(const Tensor &x) {
  int64_t size = x.dim(2), even = std::max<int64_t>(2, size + size % 2);
  Rotations rotations{even, x.dtype()};
  Tensor start = even == size ? x : padded(x, /*square=*/false);
  std::vector<Tensor> results =
      loop(rotations.rounds(), {start, identities(x, even, even)},
           [&](const Tensor &, const std::vector<Tensor> &c) {
             Tensor beside = take(c[0], rotations.partners(), 2, "clip");
             Tensor turn = rotations.rotation(sum(square(c[0]), 1), sum(c[0] * beside, 1));
             return ScanStep{{matmul(c[0], turn), matmul(c[1], turn)}, {}};
           });
  Tensor scaled = columns_of(results[0], 0, size);
  Tensor v = columns_of(rows_of(results[1], 0, size), 0, size);
  Tensor values = sqrt(sum(square(scaled), 1));
  Tensor order = argsort(-values, 1), places = expand_dims(order, 1);
  return {take_along_axis(scaled, places, 2), take_along_axis(values, order, 1),
          take_along_axis(v, places, 2)};
}

SingularValues singular_values(const Tensor &x, bool full) {
  int64_t rows = x.dim(1), columns = x.dim(2);
  if (rows < columns) {
    SingularValues turned = singular_values(transposed(x), full);
    return {turned.v, turned.values, turned.u};
  }
  SingularValues found = tall_values(x);
  // Columns of length 0 give no direction; those of q that belong to them do, and the missing ones.
  Tensor lengths = expand_dims(found.values, 1);
  Tensor empty = equal(lengths, 0);
  Tensor u = found.u / where(empty, 1, lengths);
  Tensor q = qr(u, full).q;
  Tensor own = where(empty, columns_of(q, 0, columns), u);
  found.u = full && rows > columns ? concatenate({own, columns_of(q, columns, rows)}, 2) : own;
  return found;
}

} // namespace horn::ops
