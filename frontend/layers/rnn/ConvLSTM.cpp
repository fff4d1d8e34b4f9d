// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/ConvLSTM.h"

#include "frontend/layers/convolutional/Conv.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(ConvLSTM1D)
HORN_DEFINE_LAYER(ConvLSTM2D)
HORN_DEFINE_LAYER(ConvLSTM3D)

ConvLSTMCell::ConvLSTMCell(ConvLSTMConfig config, size_t rank)
    : RnnCell("conv_lstm_cell", config.trainable, config.dtype), config_(std::move(config)),
      rank_(rank) {}

void ConvLSTMCell::build(const Shape &step_shape) {
  int64_t channels = channels_of(step_shape, rank_, config_.data_format);
  Shape input(config_.kernel_size), recurrent(config_.kernel_size);
  for (auto [shape, size] : {std::pair(&input, channels), std::pair(&recurrent, config_.filters)}) {
    shape->push_back(size);
    shape->push_back(4 * config_.filters);
  }
  kernel = add_weight("kernel", input,
                      {.initializer = config_.kernel_initializer,
                       .regularizer = config_.kernel_regularizer,
                       .constraint = config_.kernel_constraint});
  recurrent_kernel = add_weight("recurrent_kernel", recurrent,
                                {.initializer = config_.recurrent_initializer,
                                 .regularizer = config_.recurrent_regularizer,
                                 .constraint = config_.recurrent_constraint});
  if (config_.use_bias)
    bias = add_weight("bias", {4 * config_.filters},
                      {.initializer = config_.bias_initializer,
                       .regularizer = config_.bias_regularizer,
                       .constraint = config_.bias_constraint});
}

std::vector<Shape> ConvLSTMCell::state_shapes(const Shape &step_shape) const {
  Shape state = step_shape.slice(1, step_shape.rank());
  state[channel_axis() - 1] = config_.filters;
  size_t first = config_.data_format == "channels_first" ? 1 : 0;
  for (size_t i = 0; i < rank_; ++i) {
    int64_t &size = state[first + i];
    require(size != None, {.what = "ConvLSTM needs inputs of known size", .found = state.str()});
    int64_t reach = (config_.kernel_size[i] - 1) * config_.dilation_rate[i];
    int64_t stride = config_.strides[i];
    size =
        config_.padding == "same" ? (size + stride - 1) / stride : (size - reach - 1) / stride + 1;
    require(size > 0,
            {.what = "the kernel of ConvLSTM is larger than the input", .found = step_shape.str()});
  }
  return {state, state};
}

ops::ConvOptions ConvLSTMCell::options() const {
  return {config_.strides, config_.dilation_rate, config_.padding, config_.data_format};
}

// All steps are convolved as one batch.
Tensor ConvLSTMCell::project(const Tensor &input) {
  bool sequence = input.rank() == rank_ + 3;
  Tensor x = input;
  if (sequence) {
    std::vector<int64_t> together{ops::inferred};
    for (size_t i = 2; i < x.rank(); ++i)
      together.push_back(ops::size_or_like(x, i));
    x = ops::reshape_codes(x, together, x);
  }
  Tensor y = ops::conv(x, kernel, options());
  if (config_.use_bias)
    y = ops::add_bias(y, bias, config_.data_format);
  if (!sequence)
    return y;
  std::vector<int64_t> apart{ops::size_or_like(input, 0), ops::size_or_like(input, 1)};
  for (size_t i = 1; i < y.rank(); ++i)
    apart.push_back(ops::size_or_like(y, i));
  return ops::reshape_codes(y, apart, input);
}

ScanStep ConvLSTMCell::step(const Tensor &projected, const std::vector<Tensor> &states) {
  ops::ConvOptions same{.padding = "same", .data_format = config_.data_format};
  Tensor gates = projected + ops::conv(states[0], recurrent_kernel, same);
  auto parts = ops::split(gates, int64_t{4}, static_cast<int64_t>(channel_axis()));
  Tensor input = config_.recurrent_activation(parts[0]);
  Tensor forget = config_.recurrent_activation(parts[1]);
  Tensor candidate = config_.activation(parts[2]);
  Tensor output = config_.recurrent_activation(parts[3]);
  Tensor c = forget * states[1] + input * candidate;
  Tensor h = output * config_.activation(c);
  return {{h, c}, {h}};
}

void ConvLSTMBase::check_config() {
  check_conv(config, rank());
  require(config.padding != "causal", {.what = "ConvLSTM knows no causal padding"});
  set_cell(std::make_shared<ConvLSTMCell>(config, rank()));
}

} // namespace horn::layers
