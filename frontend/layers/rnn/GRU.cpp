// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/GRU.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(GRUCell)
HORN_DEFINE_LAYER(GRU)

void GRUCellLayer::build(const Shape &step_shape) {
  int64_t units = config.units;
  kernel = add_weight("kernel", {step_shape.back(), 3 * units}, kernel_options());
  recurrent_kernel = add_weight("recurrent_kernel", {units, 3 * units}, recurrent_options());
  if (config.use_bias)
    bias = add_weight("bias", config.reset_after ? Shape{2, 3 * units} : Shape{3 * units},
                      bias_options());
}

std::vector<Shape> GRUCellLayer::state_shapes(const Shape &) const { return {{config.units}}; }

/// Row 0 of the bias belongs to the input, row 1 to the recurrent part.
static Tensor bias_row(const Tensor &bias, int64_t row) {
  return bias.rank() == 1 ? bias : ops::get_item(bias, {ops::SliceAxis::index(row)});
}

Tensor GRUCellLayer::project(const Tensor &x) {
  Tensor y = ops::matmul(x, kernel);
  return config.use_bias ? y + bias_row(bias, 0) : y;
}

ScanStep GRUCellLayer::step(const Tensor &projected, const std::vector<Tensor> &states) {
  const Tensor &h = states[0];
  std::vector<Tensor> x = ops::split(projected, int64_t{3}, -1);
  Tensor z, r, candidate;
  if (config.reset_after) {
    Tensor inner = ops::matmul(h, recurrent_kernel);
    if (config.use_bias)
      inner = inner + bias_row(bias, 1);
    std::vector<Tensor> u = ops::split(inner, int64_t{3}, -1);
    z = config.recurrent_activation(x[0] + u[0]);
    r = config.recurrent_activation(x[1] + u[1]);
    candidate = config.activation(x[2] + r * u[2]);
  } else {
    std::vector<Tensor> kernels =
        ops::split(recurrent_kernel, std::vector<int64_t>{2 * config.units}, -1);
    std::vector<Tensor> u = ops::split(ops::matmul(h, kernels[0]), int64_t{2}, -1);
    z = config.recurrent_activation(x[0] + u[0]);
    r = config.recurrent_activation(x[1] + u[1]);
    candidate = config.activation(x[2] + ops::matmul(r * h, kernels[1]));
  }
  Tensor next = z * h + (1 - z) * candidate;
  return {{next}, {next}};
}

void GRULayer::check_config() {
  GRUCellConfig cell;
  copy_fields(config.fields(), cell.fields());
  cell.name = "gru_cell";
  set_cell(std::make_shared<GRUCellLayer>(std::move(cell)));
}

} // namespace horn::layers
