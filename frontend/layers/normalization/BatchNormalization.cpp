// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/normalization/BatchNormalization.h"

#include "frontend/ops/NN.h"
#include "frontend/ops/TrainPhase.h"

namespace horn::layers {

HORN_DEFINE_LAYER(BatchNormalization)

void BatchNormalizationLayer::check_config() { config.axis = config.axis.expanded(1, "axis", -8); }

void BatchNormalizationLayer::build(const Shape &input_shape) {
  Shape shape{input_shape[input_shape.axis(config.axis[0])]};
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
  moving_mean = add_weight("moving_mean", shape,
                           {.initializer = config.moving_mean_initializer, .trainable = false});
  moving_variance =
      add_weight("moving_variance", shape,
                 {.initializer = config.moving_variance_initializer, .trainable = false});
  if (config.renorm) {
    add_weight("moving_stddev", shape, {.initializer = "ones", .trainable = false});
    add_weight("renorm_mean", shape, {.initializer = "zeros", .trainable = false});
    add_weight("renorm_stddev", shape, {.initializer = "ones", .trainable = false});
  }
}

Tensor BatchNormalizationLayer::call(const Tensor &x) {
  if (trainable()) // a frozen one does the same in training
    ops::inference_only("BatchNormalization");
  return ops::batch_normalization(
      x, moving_mean, moving_variance, config.scale ? gamma.read() : Tensor(),
      config.center ? beta.read() : Tensor(), config.epsilon, config.axis[0]);
}

} // namespace horn::layers
