// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/Dense.h"

#include "frontend/ops/Math.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Dense)

void DenseLayer::check_config() {
  require(config.units > 0, {.what = "wrong number of units",
                             .expected = "a positive integer",
                             .found = std::to_string(config.units)});
}

void DenseLayer::build(const Shape &input_shape) {
  InputSpec{.min_ndim = 2}.check(input_shape, 0);
  kernel = add_weight("kernel", {input_shape.back(), config.units},
                      {.initializer = config.kernel_initializer,
                       .regularizer = config.kernel_regularizer,
                       .constraint = config.kernel_constraint});
  if (config.use_bias)
    bias = add_weight("bias", {config.units},
                      {.initializer = config.bias_initializer,
                       .regularizer = config.bias_regularizer,
                       .constraint = config.bias_constraint});
  input_spec_ = {{.min_ndim = 2, .axes = {{-1, input_shape.back()}}}};
}

Tensor DenseLayer::call(const Tensor &x) {
  Tensor y = ops::matmul(x, kernel);
  if (config.use_bias)
    y = y + bias;
  return config.activation(y);
}

} // namespace horn::layers
