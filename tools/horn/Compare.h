// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Whether arrays agree within a tolerance.
#pragma once

#include "frontend/core/Array.h"

#include <string>

namespace horn::cli {

/// An element agrees when |got - expected| <= absolute + relative * |expected|.
struct Tolerance {
  double relative = 1e-4, absolute = 1e-5;
};

/// The element of an array that agrees least: the one with the largest deviation / limit.
struct Deviation {
  std::string tensor;
  double deviation = 0, limit = 0;
  bool compared = false; ///< false while nothing was
  bool agrees() const { return !(deviation > limit); }
  /// Whether this one is further off than `other`.
  bool worse_than(const Deviation &other) const;
};

/// Compares two arrays of one shape. NaN agrees with NaN; an infinity with the same one.
/// **Errors** Error when shapes differ, or one is boolean and the other is not.
Deviation compare(const std::string &tensor, const Array &got, const Array &expected,
                  Tolerance tolerance);

} // namespace horn::cli
