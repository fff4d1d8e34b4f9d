// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/EinsumDense.h"

#include "frontend/ops/Math.h"

#include <map>

namespace horn::layers {

HORN_DEFINE_LAYER(EinsumDense)

namespace {
/// "ab,bc->ac" taken apart; `dots` where "..." stands in front, or behind, of the named axes.
struct Equation {
  std::string input, kernel, output;
  bool dots_first = false, dots_last = false;
};
} // namespace

static std::string strip_dots(std::string labels) {
  if (size_t dots = labels.find("..."); dots != std::string::npos)
    labels.erase(dots, 3);
  return labels;
}

static Equation parse(const std::string &text) {
  size_t comma = text.find(','), arrow = text.find("->");
  require(comma != std::string::npos && arrow != std::string::npos && comma < arrow,
          {.what = "wrong equation of EinsumDense",
           .expected = "one such as ab,bc->ac",
           .found = text});
  std::string input = text.substr(0, comma);
  return {strip_dots(input), text.substr(comma + 1, arrow - comma - 1),
          strip_dots(text.substr(arrow + 2)), input.starts_with("..."), input.ends_with("...")};
}

/// Sizes of letters: axes of a shape from the front, or from the end behind dots.
static void name_axes(const std::string &labels, const Shape &shape, bool from_end,
                      std::map<char, int64_t> &sizes) {
  require(labels.size() <= shape.rank(),
          {.what = "the equation has more axes than the tensor", .found = shape.str()});
  size_t offset = from_end ? shape.rank() - labels.size() : 0;
  for (size_t i = 0; i < labels.size(); ++i)
    if (int64_t size = shape[offset + i]; size != None || !sizes.contains(labels[i]))
      sizes[labels[i]] = size;
}

void EinsumDenseLayer::build(const Shape &input_shape) {
  Equation equation = parse(config.equation);
  Shape output{None};
  ConfigValue::List given = config.output_shape.is_list() ? config.output_shape.as_list()
                                                          : ConfigValue::List{config.output_shape};
  for (const ConfigValue &size : given)
    output.push_back(size.is_null() ? None : size.as_int());
  std::map<char, int64_t> sizes, output_sizes;
  name_axes(equation.input, input_shape, equation.dots_first, sizes);
  name_axes(equation.output, output,
            equation.dots_first || (!equation.dots_last && output.rank() > equation.output.size()),
            output_sizes);
  auto size_of = [&](char label) {
    int64_t size = sizes.contains(label) && sizes[label] != None ? sizes[label]
                   : output_sizes.contains(label)                ? output_sizes[label]
                                                                 : None;
    require(size != None, {.what = "the size of axis " + std::string(1, label) + " of " +
                                   config.equation + " must be known"});
    return size;
  };
  Shape kernel_shape;
  for (char label : equation.kernel)
    kernel_shape.push_back(size_of(label));
  kernel = add_weight("kernel", kernel_shape,
                      {.initializer = config.kernel_initializer,
                       .regularizer = config.kernel_regularizer,
                       .constraint = config.kernel_constraint});
  if (config.bias_axes.is_null())
    return;
  // Axes of the bias are those of the output from the first one it has; others are 1.
  const std::string &axes = config.bias_axes.as_string();
  Shape bias_shape;
  for (char label : equation.output)
    if (axes.find(label) != std::string::npos)
      bias_shape.push_back(size_of(label));
    else if (!bias_shape.empty())
      bias_shape.push_back(1);
  if (equation.dots_last)
    for (size_t i = equation.input.size(); i < input_shape.rank(); ++i)
      bias_shape.push_back(1);
  bias = add_weight("bias", bias_shape,
                    {.initializer = config.bias_initializer,
                     .regularizer = config.bias_regularizer,
                     .constraint = config.bias_constraint});
}

Tensor EinsumDenseLayer::call(const Tensor &x) {
  Tensor y = ops::einsum(config.equation, {x, kernel});
  if (bias.defined())
    y = y + bias;
  return config.activation(y);
}

} // namespace horn::layers
