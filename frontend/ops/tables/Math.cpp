// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices and vectors, and signals.
#include "frontend/ops/Math.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Signal.h"
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

/// Products of vectors with three elements.
static Tensor cross(Call c) {
  Tensor a = first(c), b = second(c);
  for (const char *key : {"axisa", "axisb", "axisc"})
    require(c.integer(key, -1) == -1, {.what = "cross along other axes than the last"});
  int64_t axis = c.integer("axis", -1);
  auto part = [&](const Tensor &x, int64_t i) {
    std::vector<ops::SliceAxis> slice(x.rank());
    slice[x.shape().axis(axis)] = ops::SliceAxis::range(i, i + 1);
    return ops::get_item(x, slice);
  };
  std::vector<Tensor> parts;
  for (int64_t i = 0; i < 3; ++i) {
    int64_t j = (i + 1) % 3, k = (i + 2) % 3;
    parts.push_back(part(a, j) * part(b, k) - part(a, k) * part(b, j));
  }
  return ops::concatenate(parts, axis);
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

static Outputs stft(Call c) {
  ops::StftOptions options{.sequence_length = c.integer("sequence_length", 0),
                           .sequence_stride = c.integer("sequence_stride", 0),
                           .fft_length = c.integer("fft_length", 0),
                           .window = c.find("window") ? c.text("window", "") : "",
                           .center = c.flag("center", true)};
  return ops::stft(x_of(c), options);
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
      HORN_OPERATION(CDist, math, distances(c)),
      HORN_OPERATION(ExtractSequences, math, extract_sequences(c)),
      {"Einsum", "numpy", einsum},
      {"STFT", "math", stft},
  };
  return entries;
}

} // namespace horn::tables
