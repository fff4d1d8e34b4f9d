// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Arrays of files made to fit inputs.
#include "tools/horn/Inputs.h"

#include <cmath>
#include <limits>
#include <optional>

namespace horn::cli {

std::string type_text(const Shape &shape, DType dtype) {
  return shape.str() + " " + std::string(dtype_name(dtype));
}

static bool fits(const Shape &given, const Shape &wanted) {
  if (given.rank() != wanted.rank())
    return false;
  for (size_t i = 0; i < given.rank(); ++i)
    if (wanted[i] != None && given[i] != wanted[i])
      return false;
  return true;
}

/// A shape for each row of a table that has as many numbers as a sample; nothing when none has.
static std::optional<Shape> shape_of_rows(const Shape &table, const Shape &wanted) {
  if (table.rank() != 2 || wanted.rank() < 2)
    return std::nullopt;
  Shape shape = wanted;
  shape[0] = table[0];
  int64_t known = 1, unknown_axis = -1;
  for (size_t i = 1; i < wanted.rank(); ++i) {
    if (wanted[i] == None && unknown_axis >= 0)
      return std::nullopt;
    if (wanted[i] == None)
      unknown_axis = static_cast<int64_t>(i);
    else
      known *= wanted[i];
  }
  if (unknown_axis >= 0 && known > 0 && table[1] % known == 0)
    shape[static_cast<size_t>(unknown_axis)] = table[1] / known;
  else if (unknown_axis >= 0 || known != table[1])
    return std::nullopt;
  return shape;
}

/// The shape that the numbers of an array of shape `given` take for an input.
static std::optional<Shape> fitting_shape(const Shape &given, const Shape &wanted) {
  Shape with_batch = Shape{1}.concat(given), with_channel = given.concat({1});
  for (const Shape &shape : {given, with_channel, with_batch, with_batch.concat({1})})
    if (fits(shape, wanted))
      return shape;
  std::optional<Shape> rows = shape_of_rows(given, wanted);
  return rows && fits(*rows, wanted) ? rows : std::nullopt;
}

/// Whether a value is one of an integer type. Throws Error otherwise.
static void check_integer(double value, DType dtype, const std::string &where) {
  std::string name(dtype_name(dtype));
  double bits = static_cast<double>(dtype_bytes(dtype)) * 8;
  bool is_unsigned = name.front() == 'u';
  double least = is_unsigned ? 0 : -std::exp2(bits - 1);
  double above = std::exp2(is_unsigned ? bits : bits - 1);
  if (!(value >= least && value < above) || value != std::trunc(value))
    throw Error({.where = where,
                 .what = "the input takes whole numbers",
                 .expected = name,
                 .found = std::to_string(value)});
}

static Array cast_to(const Array &array, DType dtype, const std::string &where) {
  if (array.dtype() == dtype)
    return array;
  if (is_integer(dtype))
    for (size_t i = 0; i < array.size(); ++i)
      check_integer(array.at(i), dtype, where);
  return array.cast(dtype);
}

Array fit_array(const Array &array, const Tensor &input, const std::string &where) {
  std::optional<Shape> shape = fitting_shape(array.shape(), input.shape());
  if (!shape)
    throw Error({.where = where,
                 .what = "the numbers do not fit input " + input.name(),
                 .expected = input.shape().str(),
                 .found = array.shape().str()});
  return cast_to(array.reshape(*shape), input.dtype(), where);
}

void check_batch(const Model &model, const std::vector<Array> &inputs) {
  std::optional<int64_t> batch;
  std::string first;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor &input = model.inputs()[i];
    if (input.shape().empty() || input.shape()[0] != None)
      continue;
    int64_t rows = inputs[i].shape()[0];
    if (batch && rows != *batch)
      throw Error({.what = "inputs have different numbers of rows",
                   .expected = std::to_string(*batch) + " as " + first + " has",
                   .found = std::to_string(rows) + " of " + input.name()});
    if (!batch)
      first = input.name();
    batch = rows;
  }
}

} // namespace horn::cli
