// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices and vectors, and signals.
#include "frontend/ops/Math.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

static Tensor first(Call c) { return c.tensor("x1", 0); }
static Tensor second(Call c) { return c.tensor("x2", 1); }

static Outputs einsum(Call c) {
  std::vector<Tensor> operands;
  for (size_t i = 0; c.find("", i); ++i)
    operands.push_back(c.tensor("", i));
  return {ops::einsum(c.text("subscripts", ""), operands)};
}

static std::string letters(char from, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i)
    text += static_cast<char>(from + static_cast<char>(i));
  return text;
}

/// Contracts axes of `a` with axes of `b`.
static Tensor contract(const Tensor &a, const Tensor &b, const std::vector<int64_t> &axes_a,
                       const std::vector<int64_t> &axes_b) {
  require(axes_a.size() == axes_b.size(), {.what = "tensordot needs as many axes of both tensors"});
  std::string in_a = letters('a', a.rank()), in_b = letters('n', b.rank()), out;
  for (size_t i = 0; i < axes_a.size(); ++i)
    in_b[b.shape().axis(axes_b[i])] = in_a[a.shape().axis(axes_a[i])];
  for (char label : in_a)
    if (in_b.find(label) == std::string::npos)
      out += label;
  for (char label : in_b)
    if (label >= 'n')
      out += label;
  return ops::einsum(in_a + "," + in_b + "->" + out, {a, b});
}

static Tensor tensordot(Call c) {
  Tensor a = first(c), b = second(c);
  const ConfigValue *axes = c.find("axes");
  std::vector<int64_t> of_a, of_b;
  if (axes && axes->is_list()) {
    of_a = axes->as_list().at(0).as_ints();
    of_b = axes->as_list().at(1).as_ints();
  } else {
    int64_t count = axes ? axes->as_int() : 2;
    for (int64_t i = 0; i < count; ++i) {
      of_a.push_back(static_cast<int64_t>(a.rank()) - count + i);
      of_b.push_back(i);
    }
  }
  return contract(a, b, of_a, of_b);
}

static Tensor dot(Call c) {
  Tensor a = first(c), b = second(c);
  if (a.rank() == 0 || b.rank() == 0)
    return a * b;
  return contract(a, b, {-1}, {b.rank() == 1 ? -1 : -2});
}

static Tensor inner(Call c) {
  Tensor a = first(c), b = second(c);
  return a.rank() == 0 || b.rank() == 0 ? a * b : contract(a, b, {-1}, {-1});
}

static Tensor outer(Call c) {
  return ops::expand_dims(ops::reshape(first(c), {-1}), 1) *
         ops::expand_dims(ops::reshape(second(c), {-1}), 0);
}

/// Products of vectors with three elements, or two: their third is 0.
static Tensor cross(Call c) {
  bool one = c.find("axis") != nullptr;
  auto axis_of = [&](const char *name) {
    return one ? c.integer("axis", -1) : c.integer(name, -1);
  };
  Tensor a = ops::moveaxis(first(c), axis_of("axisa"), -1),
         b = ops::moveaxis(second(c), axis_of("axisb"), -1);
  for (const Tensor &x : {a, b})
    require(x.dim(-1) == 2 || x.dim(-1) == 3,
            {.what = "cross needs vectors of two or three elements", .found = x.shape().str()});
  auto part = [](const Tensor &x, int64_t i) {
    return ops::get_item(x, {ops::SliceAxis::ellipsis(), ops::SliceAxis::range(i, i + 1)});
  };
  auto product = [&](int64_t i, int64_t j) -> Tensor {
    if (i >= a.dim(-1) || j >= b.dim(-1))
      return ops::zeros_like(part(a, 0) * part(b, 0));
    return part(a, i) * part(b, j);
  };
  Tensor last = product(0, 1) - product(1, 0);
  if (a.dim(-1) == 2 && b.dim(-1) == 2)
    return ops::squeeze(last, -1);
  Tensor y =
      ops::concatenate({product(1, 2) - product(2, 1), product(2, 0) - product(0, 2), last}, -1);
  return ops::moveaxis(y, -1, axis_of("axisc"));
}

static Tensor distances(Call c) {
  Tensor a = ops::expand_dims(c.tensor("x", 0), -2), b = ops::expand_dims(c.tensor("y", 1), -3);
  return ops::sqrt(ops::sum(ops::square(a - b), -1));
}

static Tensor trapezoid(Call c) {
  Tensor y = c.tensor("y", 0);
  require(!c.find("x"), {.what = "trapezoid with given x is not supported"});
  size_t axis = y.shape().axis(c.integer("axis", -1));
  std::vector<ops::SliceAxis> later(y.rank()), earlier(y.rank());
  later[axis] = ops::SliceAxis::range(1);
  earlier[axis] = ops::SliceAxis::range(0, -1);
  Tensor middle = (ops::get_item(y, later) + ops::get_item(y, earlier)) / 2;
  return ops::sum(middle * c.number("dx", 1), static_cast<int64_t>(axis));
}

/// Correlation of the rows of a matrix.
static Tensor corrcoef(Call c) {
  Tensor x = x_of(c);
  x = ops::cast(x, ops::to_floating(x.dtype()));
  bool vector = x.rank() == 1 || x.dim(0) == 1;
  x = x.rank() == 1 ? ops::expand_dims(x, 0) : x;
  x = x - ops::mean(x, 1, true);
  Tensor covariance = ops::matmul_transposed(x, x);
  Tensor deviation = ops::sqrt(ops::sum(ops::square(x), 1, true));
  Tensor y = covariance / deviation / ops::swapaxes(deviation, 0, 1);
  y = ops::clip(y, -1.0, 1.0);
  return vector ? ops::reshape(y, Shape{}) : y;
}

/// Sums of products of two vectors, one moved along the other.
static Tensor correlate(Call c) {
  Tensor a = first(c), b = second(c);
  DType dtype = ops::promote(a.dtype(), b.dtype());
  std::string mode = c.text("mode", "valid");
  require(a.rank() == 1 && b.rank() == 1 && a.dim(0) != None && b.dim(0) != None && a.dim(0) > 0 &&
              b.dim(0) > 0,
          {.what = "correlate needs vectors of known size", .found = a.shape().str()});
  int64_t size = a.dim(0), window = b.dim(0), less = std::min(size, window) - 1;
  int64_t before = window - 1, count = size + window - 1; // of "full"
  int64_t start = 0, length = count;
  if (mode == "valid") {
    start = less;
    length = count - 2 * less;
  } else if (mode == "same") {
    length = std::max(size, window);
    start = (count - length) / 2;
  } else {
    require(
        mode == "full",
        {.what = "unknown mode of correlate", .expected = "valid, same or full", .found = mode});
  }
  require(length <= 65536 && window <= 65536, {.what = "vectors too long to correlate"});
  Tensor padded = ops::pad(ops::cast(a, dtype), {before}, {before});
  Array places(Shape{length, window}, DType::int32);
  for (int64_t i = 0; i < length; ++i)
    for (int64_t j = 0; j < window; ++j)
      places.set(static_cast<size_t>(i * window + j), static_cast<double>(start + i + j));
  Tensor windows = ops::take(padded, current_tracer().constant(places), 0, "clip");
  return ops::sum(windows * ops::cast(b, dtype), 1);
}

static Tensor extract_sequences(Call c) {
  Tensor x = x_of(c);
  int64_t length = c.integer("sequence_length", 1), stride = c.integer("sequence_stride", 1);
  int64_t size = x.dim(-1);
  require(size != None && size >= length && stride > 0,
          {.what = "extract_sequences needs an axis of known size", .found = x.shape().str()});
  std::vector<Tensor> parts;
  for (int64_t start = 0; start + length <= size; start += stride)
    parts.push_back(ops::get_item(
        x, {ops::SliceAxis::ellipsis(), ops::SliceAxis::range(start, start + length)}));
  return ops::stack(parts, -2);
}

std::span<const OperationEntry> math_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Matmul, numpy, ops::matmul(first(c), second(c))),
      HORN_OPERATION(Dot, numpy, dot(c)),
      HORN_OPERATION(Inner, numpy, inner(c)),
      HORN_OPERATION(Outer, numpy, outer(c)),
      HORN_OPERATION(Cross, numpy, cross(c)),
      HORN_OPERATION(Tensordot, numpy, tensordot(c)),
      HORN_OPERATION(Vdot, numpy, ops::sum(first(c) * second(c))),
      HORN_OPERATION(Trapezoid, numpy, trapezoid(c)),
      HORN_OPERATION(Corrcoef, numpy, corrcoef(c)),
      HORN_OPERATION(Correlate, numpy, correlate(c)),
      HORN_OPERATION(CDist, math, distances(c)),
      HORN_OPERATION(ExtractSequences, math, extract_sequences(c)),
      {"Einsum", "numpy", einsum},
  };
  return entries;
}

} // namespace horn::tables
