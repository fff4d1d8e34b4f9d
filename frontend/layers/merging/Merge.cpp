// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/merging/Merge.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>

namespace horn::layers {

HORN_DEFINE_LAYER(Add)
HORN_DEFINE_LAYER(Subtract)
HORN_DEFINE_LAYER(Multiply)
HORN_DEFINE_LAYER(Average)
HORN_DEFINE_LAYER(Maximum)
HORN_DEFINE_LAYER(Minimum)
HORN_DEFINE_LAYER(Concatenate)

Tensor MergeBase::call_many(const std::vector<Tensor> &inputs) {
  require(!inputs.empty(), {.what = class_name() + " needs a list of tensors"});
  size_t rank = 0;
  for (const Tensor &input : inputs)
    rank = std::max(rank, input.rank());
  std::vector<Tensor> equal_ranks;
  for (Tensor input : inputs) {
    while (input.rank() < rank)
      input = ops::expand_dims(input, 1);
    equal_ranks.push_back(input);
  }
  return merge(equal_ranks);
}

// Keras keeps a step if any of the inputs keeps it, and no mask at all if one input has none.
std::vector<Tensor> MergeBase::compute_mask(const Arguments &arguments,
                                            const std::vector<Tensor> &) {
  Tensor merged;
  for (const Tensor &input : arguments.inputs()) {
    if (!input.mask().defined())
      return {Tensor()};
    merged = merged.defined() ? ops::logical_or(merged, input.mask()) : input.mask();
  }
  return {merged};
}

static Tensor fold(const std::vector<Tensor> &inputs,
                   Tensor (*function)(const Operand &, const Operand &)) {
  Tensor result = inputs.front();
  for (size_t i = 1; i < inputs.size(); ++i)
    result = function(result, inputs[i]);
  return result;
}

Tensor AddLayer::merge(const std::vector<Tensor> &inputs) const { return fold(inputs, ops::add); }

/// A tensor's mask with an axis for its features, or nothing.
static Tensor wide_mask(const Tensor &x) {
  return x.mask().defined() ? ops::expand_dims(x.mask(), -1) : Tensor();
}

/// Both masks' steps; nothing unless there are both.
static Tensor either(const Tensor &a, const Tensor &b) {
  return a.defined() && b.defined() ? ops::logical_or(a, b) : Tensor();
}

// Masked steps count as 1 and, where every input is masked, the product is 0.
Tensor MultiplyLayer::merge(const std::vector<Tensor> &inputs) const {
  std::vector<Tensor> factors;
  Tensor kept = wide_mask(inputs.front());
  for (const Tensor &input : inputs) {
    Tensor mask = wide_mask(input);
    factors.push_back(mask.defined() ? ops::where(mask, input, 1) : input);
    kept = either(kept, mask);
  }
  Tensor product = fold(factors, ops::multiply);
  return kept.defined() ? ops::where(kept, product, 0) : product;
}

/// Where one operand is masked, the other takes its place.
static Tensor fold_masked(const std::vector<Tensor> &inputs,
                          Tensor (*function)(const Operand &, const Operand &)) {
  Tensor result = inputs.front(), result_mask = wide_mask(result);
  for (size_t i = 1; i < inputs.size(); ++i) {
    Tensor x = inputs[i], mask = wide_mask(x);
    if (mask.defined())
      x = ops::where(mask, x, result);
    if (result_mask.defined())
      result = ops::where(result_mask, result, x);
    result_mask = either(result_mask, mask);
    result = function(result, x);
  }
  return result;
}

Tensor MaximumLayer::merge(const std::vector<Tensor> &inputs) const {
  return fold_masked(inputs, ops::maximum);
}
Tensor MinimumLayer::merge(const std::vector<Tensor> &inputs) const {
  return fold_masked(inputs, ops::minimum);
}
Tensor AverageLayer::merge(const std::vector<Tensor> &inputs) const {
  return fold(inputs, ops::add) / static_cast<double>(inputs.size());
}
Tensor SubtractLayer::merge(const std::vector<Tensor> &inputs) const {
  require(inputs.size() == 2, {.what = "Subtract needs two tensors",
                               .expected = "2",
                               .found = std::to_string(inputs.size())});
  return inputs[0] - inputs[1];
}

Tensor ConcatenateLayer::call_many(const std::vector<Tensor> &inputs) {
  return ops::concatenate(inputs, config.axis);
}

// Masks are concatenated as the tensors are, at full rank, and a step counts if any feature does.
std::vector<Tensor> ConcatenateLayer::compute_mask(const Arguments &arguments,
                                                   const std::vector<Tensor> &outputs) {
  std::vector<Tensor> inputs = arguments.inputs();
  bool none = std::none_of(inputs.begin(), inputs.end(),
                           [](const Tensor &input) { return input.mask().defined(); });
  if (none)
    return {Tensor()};
  std::vector<Tensor> masks;
  for (const Tensor &input : inputs) {
    Tensor mask = input.mask();
    if (!mask.defined()) {
      masks.push_back(ops::full_like(input, 1, DType::boolean));
      continue;
    }
    while (mask.rank() < input.rank())
      mask = ops::expand_dims(mask, -1);
    masks.push_back(ops::broadcast_to(mask, input.shape(), input));
  }
  return {ops::any(ops::concatenate(masks, config.axis), -1)};
}

} // namespace horn::layers
