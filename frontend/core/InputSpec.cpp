// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What layers ask of their inputs, in Keras's words.
#include "frontend/core/Layer.h"

namespace horn {

[[noreturn]] static void fail(size_t index, const std::string &expected, const std::string &found) {
  throw Error({.what = "input " + std::to_string(index) + " is incompatible with the layer",
               .expected = expected,
               .found = found});
}

static bool fits(const Shape &shape, const Shape &wanted) {
  bool fits = shape.rank() == wanted.rank();
  for (size_t i = 0; fits && i < wanted.rank(); ++i)
    fits = wanted[i] == None || shape[i] == None || wanted[i] == shape[i];
  return fits;
}

void InputSpec::check(const Shape &given, size_t index) const {
  std::string rank = "ndim=" + std::to_string(given.rank()) + ", full shape " + given.str();
  if (ndim && given.rank() != *ndim)
    fail(index, "ndim=" + std::to_string(*ndim), rank);
  if (min_ndim && given.rank() < *min_ndim)
    fail(index, "min_ndim=" + std::to_string(*min_ndim), rank);
  if (max_ndim && given.rank() > *max_ndim)
    fail(index, "max_ndim=" + std::to_string(*max_ndim), rank);
  for (auto [axis, size] : axes) {
    int64_t found = given[given.axis(axis)];
    if (found != None && found != size)
      fail(index, "axis " + std::to_string(axis) + " to have value " + std::to_string(size),
           "shape " + given.str());
  }
  if (shape && !fits(given, *shape))
    fail(index, "shape=" + shape->str(), "shape=" + given.str());
}

void InputSpec::check(const Tensor &input, size_t index) const {
  check(input.shape(), index);
  if (dtype && input.dtype() != *dtype)
    fail(index, "dtype=" + std::string(dtype_name(*dtype)),
         "dtype=" + std::string(dtype_name(input.dtype())));
}

} // namespace horn
