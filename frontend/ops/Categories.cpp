// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Categories.h"

#include "frontend/core/Layer.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>

namespace horn::ops {

Tensor encode_categories(const Tensor &input, const std::string &mode, int64_t depth, DType dtype,
                         const Tensor &weights) {
  Tensor x = input.rank() == 0 ? expand_dims(input, 0) : input;
  if (mode == "one_hot") {
    bool shrinks = x.rank() > 1 && x.shape().back() == 1;
    return one_hot(shrinks ? squeeze(x, -1) : x, depth, -1, dtype);
  }
  int64_t axis = x.rank() > 1 ? 1 : 0;
  if (mode == "multi_hot")
    return max(one_hot(x, depth, -1, dtype), axis);
  require(mode == "count", {.what = "unknown output_mode",
                            .expected = "int, one_hot, multi_hot or count",
                            .found = mode});
  Tensor hot = one_hot(x, depth, -1, dtype);
  return sum(weights.defined() ? hot * expand_dims(weights, -1) : hot, axis);
}

Tensor digitize(const Tensor &x, const std::vector<double> &bins) {
  if (detail::recording({x}))
    return detail::record("Digitize", x, {{"bins", bins}});
  DType dtype = to_floating(x.dtype());
  Array array(Shape{static_cast<int64_t>(bins.size())}, dtype);
  for (size_t i = 0; i < bins.size(); ++i)
    array.set(i, bins[i]);
  Tensor reached = greater_equal(expand_dims(cast(x, dtype), -1), current_tracer().constant(array));
  return sum(cast(reached, DType::int32), -1);
}

static Tensor constant_of(const std::vector<int64_t> &values) {
  Array array(Shape{static_cast<int64_t>(values.size())}, DType::int64);
  std::copy(values.begin(), values.end(), array.values<int64_t>().begin());
  return current_tracer().constant(array);
}

/// Tables up to this many entries are made where the range of tokens allows it.
static constexpr int64_t max_table = int64_t{1} << 20;

Tensor find_in(const Tensor &input, const std::vector<int64_t> &tokens, int64_t first,
               const Tensor &otherwise) {
  Tensor x = cast(input, DType::int64);
  if (tokens.empty())
    return cast(otherwise, DType::int64);
  auto [low, high] = std::minmax_element(tokens.begin(), tokens.end());
  __int128 range = static_cast<__int128>(*high) - *low + 1;
  if (range <= max_table) {
    std::vector<int64_t> table(static_cast<size_t>(range), -1);
    for (size_t i = tokens.size(); i-- > 0;)
      table[static_cast<size_t>(tokens[i] - *low)] = first + static_cast<int64_t>(i);
    Tensor place = take(constant_of(table), clip(x, *low, *high) - *low, 0, "clip");
    Tensor known = logical_and(logical_and(x >= *low, x <= *high), place >= 0);
    return where(known, place, otherwise);
  }
  Tensor same = equal(expand_dims(x, -1), constant_of(tokens));
  std::vector<int64_t> places(tokens.size());
  for (size_t i = 0; i < places.size(); ++i)
    places[i] = first + static_cast<int64_t>(i) + 1;
  Tensor place = max(where(same, constant_of(places), 0), -1);
  return where(place > 0, place - 1, otherwise);
}

} // namespace horn::ops
