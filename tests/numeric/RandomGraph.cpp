// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/numeric/RandomGraph.h"

namespace horn::numeric {

namespace {
/// Grows a graph: each step takes tensors that are there and adds one.
class GraphMaker {
public:
  explicit GraphMaker(uint32_t seed) : generator_(seed) {}
  Model make();

private:
  int64_t below(int64_t count) { return static_cast<int64_t>(generator_() % count); }
  bool coin() { return below(2) == 0; }
  int64_t size() { return coin() ? 1 + below(9) : 1 + below(70); }
  Tensor any() {
    return tensors_[static_cast<size_t>(below(static_cast<int64_t>(tensors_.size())))];
  }
  std::string activation();
  Tensor step(const Tensor &x);
  Tensor element_wise(const Tensor &x);
  Tensor binary(const Tensor &x);
  Tensor move(const Tensor &x);
  Tensor reduce(const Tensor &x);
  Tensor layer(const Tensor &x);
  Tensor image_layer(const Tensor &x);
  Tensor sequence_layer(const Tensor &x);

  std::mt19937 generator_;
  std::vector<Tensor> tensors_;
};
} // namespace

std::string GraphMaker::activation() {
  const char *names[] = {"linear",   "relu", "tanh", "sigmoid", "elu",
                         "softplus", "gelu", "silu", "softmax"};
  return names[below(std::size(names))];
}

Tensor GraphMaker::element_wise(const Tensor &x) {
  switch (below(8)) {
  case 0:
    return ops::tanh(x);
  case 1:
    return ops::relu(x);
  case 2:
    return ops::sigmoid(x) * 2;
  case 3:
    return 1 - x;
  case 4:
    return ops::clip(x, -0.5, 0.5);
  case 5:
    return ops::exp(ops::minimum(x, 0.5));
  case 6:
    return ops::where(x > 0, x, 0.25 * x);
  default:
    return ops::sqrt(ops::absolute(x) + 0.01);
  }
}

/// With another tensor of the same shape, of a shape that broadcasts, or a part of its own.
Tensor GraphMaker::binary(const Tensor &x) {
  Tensor y = any();
  if (y.shape() != x.shape())
    y = coin() || x.rank() < 2 ? ops::mean(x, -1, /*keepdims=*/true)
                               : ops::max(x, 1, /*keepdims=*/true);
  switch (below(5)) {
  case 0:
    return x + y;
  case 1:
    return x - y;
  case 2:
    return ops::tanh(x) * y;
  case 3:
    return ops::maximum(x, y);
  default:
    return x / (ops::absolute(y) + 1);
  }
}

Tensor GraphMaker::move(const Tensor &x) {
  int64_t last = x.shape().back();
  switch (below(6)) {
  case 0:
    return ops::concatenate({x, coin() ? x : ops::tanh(x)}, -1);
  case 1:
    return x.rank() == 3 ? ops::transpose(x, {0, 2, 1}) : ops::flip(x, -1);
  case 2:
    return layers::Flatten()(x);
  case 3:
    return last > 1 ? ops::split(x, std::vector<int64_t>{last / 2}, -1)[below(2)]
                    : ops::repeat(x, 3, -1);
  case 4:
    return last % 2 == 0 ? layers::Reshape({.target_shape = {-1, last / 2}})(x)
                         : ops::roll(x, 1, -1);
  default: {
    std::vector<int64_t> before(x.rank()), after(x.rank());
    before.back() = below(4);
    after.back() = below(4);
    return ops::pad(x, before, after, 0.5);
  }
  }
}

Tensor GraphMaker::reduce(const Tensor &x) {
  if (x.rank() < 3)
    return ops::softmax(x);
  int64_t axis = 1 + below(static_cast<int64_t>(x.rank()) - 1);
  switch (below(4)) {
  case 0:
    return ops::mean(x, axis);
  case 1:
    return ops::max(x, axis);
  case 2:
    return ops::min(x, axis, /*keepdims=*/true);
  default:
    return ops::softmax(x, axis);
  }
}

Tensor GraphMaker::layer(const Tensor &x) {
  switch (below(4)) {
  case 0:
    return layers::BatchNormalization()(x);
  case 1:
    return layers::LayerNormalization({.epsilon = 0.1})(x);
  default:
    return layers::Dense({.units = size(), .activation = activation(), .use_bias = coin()})(x);
  }
}

Tensor GraphMaker::image_layer(const Tensor &x) {
  std::string padding = coin() || x.dim(1) < 3 || x.dim(2) < 3 ? "same" : "valid";
  switch (below(5)) {
  case 0:
    return layers::MaxPooling2D({.pool_size = 2, .strides = 1 + below(2), .padding = padding})(x);
  case 1:
    return layers::AveragePooling2D({.pool_size = 2, .padding = "same"})(x);
  case 2:
    return layers::DepthwiseConv2D({.kernel_size = 3, .padding = padding})(x);
  case 3:
    return layers::GlobalAveragePooling2D()(x);
  default:
    return layers::Conv2D({.filters = size(),
                           .kernel_size = {1 + below(3), 1 + below(3)},
                           .strides = 1 + below(2),
                           .padding = padding,
                           .activation = activation(),
                           .use_bias = coin()})(x);
  }
}

Tensor GraphMaker::sequence_layer(const Tensor &x) {
  int64_t units = 1 + below(20);
  switch (below(4)) {
  case 0:
    return layers::LSTM({.units = units, .return_sequences = coin()})(x);
  case 1:
    return layers::GRU({.units = units, .return_sequences = coin()})(x);
  case 2:
    return layers::Conv1D({.filters = units, .kernel_size = 3, .padding = "causal"})(x);
  default:
    return layers::GlobalMaxPooling1D()(x);
  }
}

Tensor GraphMaker::step(const Tensor &x) {
  switch (below(6)) {
  case 0:
    return element_wise(x);
  case 1:
    return binary(x);
  case 2:
    return move(x);
  case 3:
    return reduce(x);
  case 4:
    return layer(x);
  default:
    return x.rank() == 4 ? image_layer(x) : x.rank() == 3 ? sequence_layer(x) : layer(x);
  }
}

Model GraphMaker::make() {
  std::vector<Tensor> inputs;
  for (int64_t i = 1 + below(3); i > 0; --i) {
    const Shape shapes[] = {
        {size()}, {1 + below(12), size()}, {1 + below(9), 1 + below(9), 1 + below(20)}};
    inputs.push_back(Input(shapes[below(3)]));
  }
  tensors_ = inputs;
  for (int64_t i = 2 + below(11); i > 0; --i) {
    Tensor made = step(any());
    if (made.shape().slice(1, made.rank()).num_elements().value_or(5000) < 5000)
      tensors_.push_back(made);
  }
  // Inputs must be used, each by itself at least.
  std::vector<Tensor> outputs = {tensors_.back()};
  if (coin())
    outputs.push_back(any());
  for (const Tensor &input : inputs)
    outputs.push_back(ops::tanh(input));
  return Model(inputs, outputs);
}

Model random_model(uint32_t seed) { return GraphMaker(seed).make(); }

} // namespace horn::numeric
