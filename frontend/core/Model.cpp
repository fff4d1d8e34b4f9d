// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Model.h"

namespace horn {

Model::Model(TensorStructure inputs, TensorStructure outputs, ModelOptions options)
    : Model(std::make_shared<Network>(std::move(inputs), std::move(outputs),
                                      std::move(options.name))) {}

Model::Model(std::shared_ptr<Network> network) : network_(std::move(network)) {
  network_->ensure_name();
  check_name(*network_);
  network_->variables(); // names them
}

Tensor Model::operator()(const Tensor &input) const { return (*network_)(input).front(); }
Tensor Model::operator()(const std::vector<Tensor> &inputs) const {
  return (*network_)(inputs).front();
}
Tensor Model::operator()(std::initializer_list<Tensor> inputs) const {
  return (*this)(std::vector<Tensor>(inputs));
}
std::vector<Tensor> Model::operator()(Arguments arguments) const {
  return (*network_)(std::move(arguments));
}

void Model::build(const Shape &input_shape) const {
  std::vector<int64_t> dims = input_shape.dims();
  require(!dims.empty(), {.where = name(), .what = "build needs a shape with a batch axis"});
  network_->accept({Tensor(input_shape, network_->compute_dtype())});
}

Shape Model::compute_output_shape(const Shape &input_shape) const {
  return network_->compute_output_shape(input_shape);
}

void Model::add_metric(const Tensor &value, std::string name) const {
  network_->add_metric(value, std::move(name));
}

std::vector<Tensor> Model::get_losses_for(const std::vector<Tensor> &inputs) const {
  return network_->get_losses_for(inputs);
}

std::vector<Update> Model::get_updates_for(const std::vector<Tensor> &inputs) const {
  return network_->get_updates_for(inputs);
}

Sequential::Sequential(std::vector<LayerPtr> layers, ModelOptions options)
    : Model(std::make_shared<SequentialNetwork>(std::move(options.name))) {
  std::static_pointer_cast<SequentialNetwork>(network_)->add(layers);
}

Sequential &Sequential::add(LayerPtr layer) {
  std::static_pointer_cast<SequentialNetwork>(network_)->add(std::move(layer));
  return *this;
}

void Sequential::pop() { std::static_pointer_cast<SequentialNetwork>(network_)->pop(); }

} // namespace horn
