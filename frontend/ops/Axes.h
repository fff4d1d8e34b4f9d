// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Which axes an operation works on.
#pragma once

#include "frontend/core/Shape.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

namespace horn {

/// One axis, several, or all of them (the default). Negative ones count from the end.
class Axes {
public:
  Axes() = default;
  Axes(std::nullopt_t) {}
  Axes(int axis) : list_{{axis}} {}
  Axes(int64_t axis) : list_{{axis}} {}
  Axes(std::initializer_list<int64_t> axes) : list_(axes) {}
  Axes(std::vector<int64_t> axes) : list_(std::move(axes)) {}

  bool all() const { return !list_; }
  const std::optional<std::vector<int64_t>> &list() const { return list_; }
  /// Counted from the front, sorted. Throws Error for an axis that the shape does not have.
  std::vector<int64_t> resolve(const Shape &shape) const {
    std::vector<int64_t> axes;
    if (!list_)
      for (size_t i = 0; i < shape.rank(); ++i)
        axes.push_back(static_cast<int64_t>(i));
    else
      for (int64_t axis : *list_)
        axes.push_back(static_cast<int64_t>(shape.axis(axis)));
    std::sort(axes.begin(), axes.end());
    return axes;
  }

private:
  std::optional<std::vector<int64_t>> list_;
};

} // namespace horn
