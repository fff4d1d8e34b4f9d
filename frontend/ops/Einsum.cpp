// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Einstein summation as transposes, one matmul and a reshape.
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Emit.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

#include <algorithm>
#include <cctype>

namespace horn::ops {

namespace {
/// The parts of "ab,bc->ac".
struct Subscripts {
  std::vector<std::string> inputs;
  std::string output;
};
} // namespace

static bool has(const std::string &labels, char label) {
  return labels.find(label) != std::string::npos;
}

/// Replaces "..." by letters that the equation does not use.
static std::string expand_dots(std::string labels, size_t rank, const std::string &free) {
  size_t dots = labels.find("...");
  if (dots == std::string::npos)
    return labels;
  size_t named = labels.size() - 3;
  require(rank >= named, {.what = "tensor of too low a rank for " + labels});
  size_t count = rank - named;
  require(count <= free.size(), {.what = "too many axes for " + labels});
  return labels.replace(dots, 3, free.substr(free.size() - count));
}

/// NumPy's output where none is given: the dots, then all letters that stand once, in order.
static std::string implied_output(const std::string &inputs) {
  std::string output = inputs.find("...") == std::string::npos ? "" : "...", letters = inputs;
  std::sort(letters.begin(), letters.end());
  for (char label : letters)
    if (std::isalpha(static_cast<unsigned char>(label)) &&
        std::count(letters.begin(), letters.end(), label) == 1)
      output += label;
  return output;
}

static Subscripts parse(const std::string &text, const std::vector<Tensor> &operands) {
  std::string clean;
  for (char c : text)
    if (c != ' ')
      clean += c;
  if (clean.find("->") == std::string::npos)
    clean += "->" + implied_output(clean);
  size_t arrow = clean.find("->");
  std::string free;
  for (char c = 'A'; c <= 'Z'; ++c)
    if (!has(clean, c))
      free += c;
  Subscripts result;
  size_t rank_of_dots = 0;
  std::string left = clean.substr(0, arrow) + ",";
  for (size_t start = 0, comma; (comma = left.find(',', start)) != std::string::npos;
       start = comma + 1) {
    size_t index = result.inputs.size();
    require(index < operands.size(), {.what = "einsum has fewer operands than " + text});
    std::string labels = left.substr(start, comma - start);
    if (labels.find("...") != std::string::npos)
      rank_of_dots = std::max(rank_of_dots, operands[index].rank() + 3 - labels.size());
    labels = expand_dots(labels, operands[index].rank(), free);
    require(labels.size() == operands[index].rank(),
            {.what = "operand " + std::to_string(index) + " does not fit " + text,
             .found = operands[index].shape().str()});
    result.inputs.push_back(labels);
  }
  require(result.inputs.size() == operands.size(),
          {.what = "einsum has more operands than " + text});
  std::string output = clean.substr(arrow + 2);
  size_t named = output.find("...") == std::string::npos ? 0 : output.size() - 3;
  result.output = expand_dots(output, named + rank_of_dots, free);
  return result;
}

/// Sums over the labels that stand in neither list.
static Tensor sum_unused(const Tensor &x, std::string &labels, const std::string &used) {
  std::vector<int64_t> axes;
  std::string kept;
  for (size_t i = 0; i < labels.size(); ++i)
    if (has(used, labels[i]))
      kept += labels[i];
    else
      axes.push_back(static_cast<int64_t>(i));
  labels = kept;
  return axes.empty() ? x : sum(x, axes);
}

static Tensor order(const Tensor &x, const std::string &labels, const std::string &wanted) {
  std::vector<int64_t> permutation;
  for (char label : wanted)
    permutation.push_back(static_cast<int64_t>(labels.find(label)));
  return transpose(x, permutation);
}

/// Sizes [first, last) as one: their product, or "inferred" when one is unknown.
static int64_t merged(const Shape &shape, size_t first, size_t last) {
  return shape.slice(first, last).num_elements().value_or(inferred);
}

namespace {
/// Two operands whose axes are batch, free and contracted.
struct Contraction {
  Tensor a, b; // [batch, free of a, contracted], [batch, contracted, free of b]
  std::string batch, free_a, free_b, contracted;

  Tensor run() const {
    size_t n = batch.size();
    size_t end_a = n + free_a.size(), end_c = n + contracted.size();
    // Without batch axes the free axes of a are matmul's leading axes and need no merging.
    bool keep = n == 0 && !free_a.empty();
    std::vector<int64_t> codes_a, codes_b;
    for (size_t i = 0; i < (keep ? end_a : n); ++i)
      codes_a.push_back(size_or_like(a, i));
    for (size_t i = 0; i < n; ++i)
      codes_b.push_back(size_or_like(b, i));
    if (!keep)
      codes_a.push_back(merge(a, n, end_a));
    codes_a.push_back(merge(a, end_a, a.rank()));
    codes_b.push_back(merge(b, n, end_c));
    codes_b.push_back(merge(b, end_c, b.rank()));
    Tensor left = codes_a.size() == a.rank() ? a : reshape_codes(a, codes_a, a);
    Tensor right = codes_b.size() == b.rank() ? b : reshape_codes(b, codes_b, b);
    return unmerge(matmul(left, right), end_a, end_c);
  }

private:
  static int64_t merge(const Tensor &x, size_t first, size_t last) {
    return last == first + 1 ? size_or_like(x, first) : merged(x.shape(), first, last);
  }
  Tensor unmerge(const Tensor &product, size_t end_a, size_t end_c) const {
    std::vector<int64_t> codes;
    for (size_t i = 0; i < end_a; ++i)
      codes.push_back(size_or_like(a, i));
    for (size_t i = end_c; i < b.rank(); ++i)
      codes.push_back(b.shape()[i] == None ? inferred : b.shape()[i]);
    bool same = codes.size() == product.rank() && free_b.size() == 1;
    return same ? product : reshape_codes(product, codes, a);
  }
};
} // namespace

/// Axes with the same letter taken along their diagonal, so that each letter stands once.
static Tensor without_repeats(Tensor x, std::string &labels) {
  for (size_t i = 0; i < labels.size(); ++i) {
    size_t other = labels.find(labels[i], i + 1);
    if (other == std::string::npos)
      continue;
    Tensor row = index_like(x, static_cast<int64_t>(i)),
           column = index_like(x, static_cast<int64_t>(other));
    x = sum(where(equal(row, column), x, 0), static_cast<int64_t>(other));
    labels.erase(other, 1);
    --i;
  }
  return x;
}

/// Contracts two operands; labels that stand in neither the other operand nor `wanted` are summed.
static Tensor contract(Tensor a, std::string in_a, Tensor b, std::string in_b,
                       const std::string &wanted, std::string &labels) {
  a = sum_unused(a, in_a, in_b + wanted);
  b = sum_unused(b, in_b, in_a + wanted);
  Contraction c;
  for (char label : in_a)
    if (!has(in_b, label))
      c.free_a += label;
    else if (!has(wanted, label))
      c.contracted += label;
  for (char label : wanted)
    if (has(in_a, label) && has(in_b, label) && !has(c.batch, label))
      c.batch += label;
  for (char label : in_b)
    if (!has(in_a, label))
      c.free_b += label;
  c.a = order(a, in_a, c.batch + c.free_a + c.contracted);
  c.b = order(b, in_b, c.batch + c.contracted + c.free_b);
  labels = c.batch + c.free_a + c.free_b;
  return c.run();
}

Tensor einsum(const std::string &subscripts, const std::vector<Tensor> &operands) {
  if (detail::recording(operands)) {
    Arguments arguments;
    for (const Tensor &operand : operands)
      arguments.add(operand);
    return detail::record("Einsum", std::move(arguments), {{"subscripts", subscripts}});
  }
  Subscripts labels = parse(subscripts, operands);
  std::vector<Tensor> parts;
  for (size_t i = 0; i < operands.size(); ++i)
    parts.push_back(without_repeats(operands[i], labels.inputs[i]));
  Tensor x = parts.front();
  std::string of_x = labels.inputs.front();
  // More than two are contracted from the left.
  for (size_t i = 1; i < parts.size(); ++i) {
    std::string wanted = labels.output;
    for (size_t later = i + 1; later < parts.size(); ++later)
      wanted += labels.inputs[later];
    std::string joined;
    x = contract(x, of_x, parts[i], labels.inputs[i], wanted, joined);
    of_x = joined;
  }
  x = sum_unused(x, of_x, labels.output);
  return order(x, of_x, labels.output);
}

} // namespace horn::ops
