// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/SubclassedModel.h"

#include "frontend/core/CallContext.h"

namespace horn {

SubclassedModel::SubclassedModel(std::string name, bool trainable, DTypePolicy dtype)
    : Network(std::move(name), trainable, std::move(dtype)) {}

void SubclassedModel::build_many(const std::vector<Shape> &input_shapes) {
  Layer::build_many(input_shapes);
}

/// A tensor of the same type and of no graph.
static std::vector<Tensor> types_of(const std::vector<Tensor> &tensors) {
  std::vector<Tensor> types;
  for (const Tensor &tensor : tensors)
    types.emplace_back(tensor.shape(), tensor.dtype());
  return types;
}

void SubclassedModel::remember_call(const Arguments &arguments,
                                    const std::vector<Tensor> &outputs) {
  if (has_graph())
    return;
  signature_ = arguments.on(types_of(arguments.tensors));
  std::vector<LayerPtr> layers;
  for (const auto &[name, child] : children())
    layers.push_back(child);
  remember(TensorStructure(signature_.tensors), TensorStructure(types_of(outputs)),
           std::move(layers));
}

std::vector<Tensor> SubclassedModel::call_with(const Arguments &arguments) {
  std::vector<Tensor> outputs = Layer::call_with(arguments);
  remember_call(arguments, outputs);
  return outputs;
}

std::vector<Tensor> SubclassedModel::compute_mask(const Arguments &arguments,
                                                  const std::vector<Tensor> &outputs) {
  return Layer::compute_mask(arguments, outputs);
}

std::vector<Tensor> SubclassedModel::trace(const std::vector<Tensor> &inputs) {
  CallScope scope(*this, std::nullopt);
  return call_with(signature_.on(inputs));
}

void SubclassedModel::accept(const std::vector<Tensor> &inputs) {
  if (has_graph())
    return;
  Arguments arguments = inputs.size() == 1 ? Arguments(inputs.front()) : Arguments(inputs);
  remember_call(arguments, invoke(arguments)); // call_with may be the user's
}

} // namespace horn
