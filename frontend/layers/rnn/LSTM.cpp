// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/LSTM.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(LSTMCell)
HORN_DEFINE_LAYER(LSTM)

void LSTMCellLayer::build(const Shape &step_shape) {
  int64_t units = config.units;
  kernel = add_weight("kernel", {step_shape.back(), 4 * units}, kernel_options());
  recurrent_kernel = add_weight("recurrent_kernel", {units, 4 * units}, recurrent_options());
  if (config.use_bias)
    bias = add_weight("bias", {4 * units}, bias_options());
}

std::vector<Shape> LSTMCellLayer::state_shapes(const Shape &) const {
  return {{config.units}, {config.units}};
}

Tensor LSTMCellLayer::project(const Tensor &x) {
  Tensor y = ops::matmul(x, kernel);
  return config.use_bias ? y + bias : y;
}

ScanStep LSTMCellLayer::step(const Tensor &projected, const std::vector<Tensor> &states) {
  Tensor gates = projected + ops::matmul(states[0], recurrent_kernel);
  std::vector<Tensor> parts = ops::split(gates, int64_t{4}, -1);
  Tensor input = config.recurrent_activation(parts[0]);
  Tensor forget = config.recurrent_activation(parts[1]);
  Tensor candidate = config.activation(parts[2]);
  Tensor output = config.recurrent_activation(parts[3]);
  Tensor c = forget * states[1] + input * candidate;
  Tensor h = output * config.activation(c);
  return {{h, c}, {h}};
}

void LSTMLayer::check_config() {
  LSTMCellConfig cell;
  copy_fields(config.fields(), cell.fields());
  cell.name = "lstm_cell";
  set_cell(std::make_shared<LSTMCellLayer>(std::move(cell)));
}

} // namespace horn::layers
