// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/merging/Dot.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Dot)

static Tensor normalized(const Tensor &x, int64_t axis) {
  return x * ops::rsqrt(ops::maximum(ops::sum(ops::square(x), axis, true), 1e-12));
}

Tensor DotLayer::call_many(const std::vector<Tensor> &inputs) {
  require(
      inputs.size() == 2,
      {.what = "Dot needs two tensors", .expected = "2", .found = std::to_string(inputs.size())});
  IntList axes = config.axes.expanded(2, "axes", -8);
  Tensor a = inputs[0], b = inputs[1];
  size_t axis_a = a.shape().axis(axes[0]), axis_b = b.shape().axis(axes[1]);
  require(axis_a > 0 && axis_b > 0 && a.rank() + b.rank() <= 20,
          {.what = "wrong axes of Dot", .expected = "axes other than the batch axis"});
  if (config.normalize) {
    a = normalized(a, static_cast<int64_t>(axis_a));
    b = normalized(b, static_cast<int64_t>(axis_b));
  }
  std::string left = "a", right = "a", out = "a";
  char next = 'c';
  for (size_t i = 1; i < a.rank(); ++i)
    left += i == axis_a ? 'b' : next++;
  for (size_t i = 1; i < b.rank(); ++i)
    right += i == axis_b ? 'b' : next++;
  for (char label : left + right)
    if (label != 'a' && label != 'b')
      out += label;
  Tensor y = ops::einsum(left + "," + right + "->" + out, {a, b});
  return y.rank() == 1 ? ops::expand_dims(y, 1) : y;
}

} // namespace horn::layers
