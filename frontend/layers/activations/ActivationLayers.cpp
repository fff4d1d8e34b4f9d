// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/activations/ActivationLayers.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/NN.h"

namespace horn::layers {

HORN_DEFINE_LAYER(ReLU)
HORN_DEFINE_LAYER(LeakyReLU)
HORN_DEFINE_LAYER(ELU)
HORN_DEFINE_LAYER(PReLU)
HORN_DEFINE_LAYER(Softmax)

Tensor ReLULayer::call(const Tensor &x) {
  return ops::relu(x, config.negative_slope, config.max_value, config.threshold);
}

Tensor LeakyReLULayer::call(const Tensor &x) { return ops::leaky_relu(x, config.negative_slope); }
Tensor ELULayer::call(const Tensor &x) { return ops::elu(x, config.alpha); }

void PReLULayer::build(const Shape &input_shape) {
  InputSpec{.min_ndim = 1}.check(input_shape, 0);
  Shape shape = input_shape.slice(1, input_shape.rank());
  for (int64_t axis : config.shared_axes) {
    require(axis >= 1 && axis <= static_cast<int64_t>(shape.rank()),
            {.what = "wrong shared_axes",
             .expected = "axes from 1 to " + std::to_string(shape.rank()),
             .found = std::to_string(axis)});
    shape[static_cast<size_t>(axis) - 1] = 1;
  }
  alpha = add_weight("alpha", shape,
                     {.initializer = config.alpha_initializer,
                      .regularizer = config.alpha_regularizer,
                      .constraint = config.alpha_constraint});
}

Tensor PReLULayer::call(const Tensor &x) { return ops::relu(x) - alpha * ops::relu(-x); }

std::vector<Tensor> SoftmaxLayer::call_with(const Arguments &arguments) {
  Tensor x = arguments.inputs().at(0), mask = x.mask();
  Axes axes(static_cast<const std::vector<int64_t> &>(config.axis));
  if (!mask.defined())
    return {ops::softmax(x, axes)};
  // The largest negative number of the type in place of masked logits, as Keras has it.
  double lowest = x.dtype() == DType::float16 ? -3e4 : -1e9;
  Tensor weights = ops::cast(mask, x.dtype());
  Tensor masked = x + (1 - weights) * lowest;
  return {ops::softmax(masked, axes) * weights};
}

} // namespace horn::layers
