// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/normalization/LayerNormalization.h"

#include "frontend/ops/NN.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(LayerNormalization)

void LayerNormalizationLayer::build(const Shape &input_shape) {
  Shape shape;
  for (int64_t axis : config.axis)
    shape.push_back(input_shape[input_shape.axis(axis)]);
  if (config.scale)
    gamma = add_weight("gamma", shape,
                       {.initializer = config.gamma_initializer,
                        .regularizer = config.gamma_regularizer,
                        .constraint = config.gamma_constraint});
  if (config.center)
    beta = add_weight("beta", shape,
                      {.initializer = config.beta_initializer,
                       .regularizer = config.beta_regularizer,
                       .constraint = config.beta_constraint});
}

Tensor LayerNormalizationLayer::call(const Tensor &x) {
  Axes axes(static_cast<const std::vector<int64_t> &>(config.axis));
  Shape sorted;
  for (int64_t axis : axes.resolve(x.shape()))
    sorted.push_back(x.shape()[static_cast<size_t>(axis)]);
  // Weights have the axes in the order given. Keras reshapes them to the sorted one.
  auto in_order = [&](const Weight &weight, bool used) {
    if (!used)
      return Tensor();
    return weight->shape() == sorted ? weight.read() : ops::reshape(weight, sorted);
  };
  return ops::layer_normalization(x, in_order(gamma, config.scale), in_order(beta, config.center),
                                  axes, config.epsilon);
}

} // namespace horn::layers
