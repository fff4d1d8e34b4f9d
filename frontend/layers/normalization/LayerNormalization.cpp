// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/normalization/LayerNormalization.h"

#include "frontend/ops/NN.h"

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
  return ops::layer_normalization(
      x, config.scale ? gamma.read() : Tensor(), config.center ? beta.read() : Tensor(),
      static_cast<const std::vector<int64_t> &>(config.axis), config.epsilon);
}

} // namespace horn::layers
