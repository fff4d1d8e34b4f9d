// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions that join tensors and take them apart.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

static Outputs split(Call c) {
  std::vector<int64_t> parts = c.integers("indices_or_sections");
  int64_t axis = c.integer("axis", 0);
  return c.find("indices_or_sections")->is_list() ? ops::split(x_of(c), parts, axis)
                                                  : ops::split(x_of(c), parts[0], axis);
}

/// Parts of sizes that differ by at most one.
static Outputs array_split(Call c) {
  Tensor x = x_of(c);
  int64_t axis = c.integer("axis", 0), size = x.dim(axis);
  std::vector<int64_t> given = c.integers("indices_or_sections");
  if (c.find("indices_or_sections")->is_list())
    return ops::split(x, given, axis);
  require(size != None && given[0] > 0, {.what = "array_split needs an axis of known size"});
  std::vector<int64_t> ends;
  for (int64_t i = 1, end = 0; i < given[0]; ++i)
    ends.push_back(end += size / given[0] + (i <= size % given[0]));
  return ops::split(x, ends, axis);
}

static Outputs split_at(Call c, int64_t axis) {
  std::vector<int64_t> parts = c.integers("indices_or_sections");
  return c.find("indices_or_sections")->is_list() ? ops::split(x_of(c), parts, axis)
                                                  : ops::split(x_of(c), parts[0], axis);
}

/// Tensors of at least `rank`; vectors become rows.
static std::vector<Tensor> at_least(std::vector<Tensor> tensors, size_t rank) {
  for (Tensor &x : tensors) {
    if (x.rank() == 0)
      x = ops::expand_dims(x, 0);
    if (x.rank() == 1 && rank > 1)
      x = ops::expand_dims(x, 0);
    if (x.rank() == 2 && rank > 2)
      x = ops::expand_dims(x, 2);
  }
  return tensors;
}

static Tensor hstack(Call c) {
  std::vector<Tensor> tensors = at_least(c.tensors("xs", 0), 1);
  return ops::concatenate(tensors, tensors.front().rank() == 1 ? 0 : 1);
}

static Tensor append(Call c) {
  Tensor a = c.tensor("x1", 0), b = c.tensor("x2", 1);
  if (c.find("axis"))
    return ops::concatenate({a, b}, c.integer("axis", 0));
  return ops::concatenate({ops::reshape(a, {-1}), ops::reshape(b, {-1})}, 0);
}

static Outputs meshgrid(Call c) {
  Outputs vectors;
  for (size_t i = 0; c.find("", i); ++i)
    vectors.push_back(c.tensor("", i));
  bool swapped = c.text("indexing", "xy") == "xy" && vectors.size() > 1;
  Shape full;
  for (const Tensor &vector : vectors)
    full.push_back(vector.dim(0));
  if (swapped)
    std::swap(full[0], full[1]);
  for (size_t i = 0; i < vectors.size(); ++i) {
    size_t axis = swapped && i < 2 ? 1 - i : i;
    Shape shape(std::vector<int64_t>(vectors.size(), 1));
    shape[axis] = vectors[i].dim(0);
    vectors[i] = ops::broadcast_to(ops::reshape(vectors[i], shape), full);
  }
  return vectors;
}

static Tensor select(Call c) {
  std::vector<Tensor> conditions = c.tensors("condlist", 0), choices = c.tensors("choicelist", 1);
  require(conditions.size() == choices.size() && !choices.empty(),
          {.what = "select needs as many choices as conditions"});
  Operand otherwise = c.find("default", 2) ? c.operand("default", 2) : Operand(0);
  Tensor result = ops::where(conditions.back(), choices.back(), otherwise);
  for (size_t i = choices.size() - 1; i-- > 0;)
    result = ops::where(conditions[i], choices[i], result);
  return result;
}

std::span<const OperationEntry> join_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Concatenate, numpy,
                     ops::concatenate(c.tensors("xs", 0), c.integer("axis", 0))),
      HORN_OPERATION(Stack, numpy, ops::stack(c.tensors("x", 0), c.integer("axis", 0))),
      HORN_OPERATION(Hstack, numpy, hstack(c)),
      HORN_OPERATION(Vstack, numpy, ops::concatenate(at_least(c.tensors("xs", 0), 2), 0)),
      HORN_OPERATION(Dstack, numpy, ops::concatenate(at_least(c.tensors("xs", 0), 3), 2)),
      HORN_OPERATION(Append, numpy, append(c)),
      HORN_OPERATION(Select, numpy, select(c)),
      {"Split", "numpy", split},
      {"ArraySplit", "numpy", array_split},
      {"Hsplit", "numpy", [](Call c) { return split_at(c, x_of(c).rank() == 1 ? 0 : 1); }},
      {"Vsplit", "numpy", [](Call c) { return split_at(c, 0); }},
      {"Dsplit", "numpy", [](Call c) { return split_at(c, 2); }},
      {"Meshgrid", "numpy", meshgrid},
      {"Unstack", "core", [](Call c) { return ops::unstack(x_of(c), c.integer("axis", 0)); }},
  };
  return entries;
}

} // namespace horn::tables
