// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/SimpleRNN.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"

namespace horn::layers {

HORN_DEFINE_LAYER(SimpleRNNCell)
HORN_DEFINE_LAYER(SimpleRNN)

void SimpleRNNCellLayer::build(const Shape &step_shape) {
  int64_t units = config.units;
  kernel = add_weight("kernel", {step_shape.back(), units}, kernel_options());
  recurrent_kernel = add_weight("recurrent_kernel", {units, units}, recurrent_options());
  if (config.use_bias)
    bias = add_weight("bias", {units}, bias_options());
}

std::vector<Shape> SimpleRNNCellLayer::state_shapes(const Shape &) const {
  return {{config.units}};
}

Tensor SimpleRNNCellLayer::project(const Tensor &x) {
  Tensor y = ops::matmul(x, kernel);
  return config.use_bias ? y + bias : y;
}

ScanStep SimpleRNNCellLayer::step(const Tensor &projected, const std::vector<Tensor> &states) {
  Tensor h = config.activation(projected + ops::matmul(states[0], recurrent_kernel));
  return {{h}, {h}};
}

void SimpleRNNLayer::check_config() {
  SimpleRNNCellConfig cell;
  copy_fields(config.fields(), cell.fields());
  cell.name = "simple_rnn_cell";
  set_cell(std::make_shared<SimpleRNNCellLayer>(std::move(cell)));
}

} // namespace horn::layers
