// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Model.h"

namespace horn {

Model::Model(TensorStructure inputs, TensorStructure outputs, ModelOptions options)
    : Model(std::make_shared<Network>(std::move(inputs), std::move(outputs),
                                      std::move(options.name))) {}

Model::Model(std::shared_ptr<Network> network) : network_(std::move(network)) {
  network_->ensure_name();
  network_->variables(); // names them
}

Tensor Model::operator()(const Tensor &input) const { return (*network_)(input).front(); }
Tensor Model::operator()(const std::vector<Tensor> &inputs) const {
  return (*network_)(inputs).front();
}
std::vector<Tensor> Model::operator()(Arguments arguments) const {
  return (*network_)(std::move(arguments));
}

LayerPtr Model::get_layer(size_t index) const {
  require(index < layers().size(),
          {.where = name(),
           .what = "no layer number " + std::to_string(index),
           .expected = "a number below " + std::to_string(layers().size())});
  return layers()[index];
}

Sequential::Sequential(std::vector<LayerPtr> layers, ModelOptions options)
    : Model(std::make_shared<SequentialNetwork>(std::move(options.name))) {
  std::static_pointer_cast<SequentialNetwork>(network_)->add(layers);
}

Sequential &Sequential::add(LayerPtr layer) {
  std::static_pointer_cast<SequentialNetwork>(network_)->add(std::move(layer));
  return *this;
}

void Sequential::build(const Shape &input_shape) { network_->ensure_built({input_shape}); }

} // namespace horn
