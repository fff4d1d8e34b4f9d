// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Compare.h"

#include <cmath>
#include <limits>

namespace horn::cli {

/// How far off an element is; infinite where one is NaN or another infinity.
static double distance(double got, double expected) {
  if (got == expected || (std::isnan(got) && std::isnan(expected)))
    return 0;
  double difference = std::abs(got - expected);
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

bool Deviation::worse_than(const Deviation &other) const {
  if (!other.compared || !compared)
    return compared;
  if (agrees() != other.agrees())
    return !agrees();
  // By ratio, written without division, since limits may be zero.
  return deviation * other.limit > other.deviation * limit;
}

Deviation compare(const std::string &tensor, const Array &got, const Array &expected,
                  Tolerance tolerance) {
  if (got.shape() != expected.shape())
    throw Error({.where = tensor,
                 .what = "wrong shape",
                 .expected = expected.shape().str(),
                 .found = got.shape().str()});
  if ((got.dtype() == DType::boolean) != (expected.dtype() == DType::boolean))
    throw Error({.where = tensor,
                 .what = "wrong element type",
                 .expected = std::string(dtype_name(expected.dtype())),
                 .found = std::string(dtype_name(got.dtype()))});
  // Integers and booleans are exact.
  bool exact = !is_floating(expected.dtype());
  Deviation worst;
  for (size_t i = 0; i < expected.size(); ++i) {
    double want = expected.at(i);
    double limit = tolerance.absolute + tolerance.relative * std::abs(want);
    if (exact || !std::isfinite(want))
      limit = 0;
    Deviation here{tensor, distance(got.at(i), want), limit, true};
    if (here.worse_than(worst))
      worst = here;
  }
  if (!worst.compared)
    worst = {tensor, 0, 0, true};
  return worst;
}

} // namespace horn::cli
