// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/CallContext.h"
#include "frontend/core/Network.h"
#include "frontend/layers/core/InputLayer.h"

namespace horn {

SequentialNetwork::SequentialNetwork(std::string name, bool trainable, DTypePolicy dtype)
    : Network(std::move(name), trainable, std::move(dtype)) {}

static bool is_input(const LayerPtr &layer) { return layer->class_name() == "InputLayer"; }

std::vector<LayerPtr> SequentialNetwork::stacked_layers() const {
  bool skip = !stack_.empty() && is_input(stack_.front());
  return {stack_.begin() + skip, stack_.end()};
}

void SequentialNetwork::add(LayerPtr layer) { add(std::vector<LayerPtr>{std::move(layer)}); }

void SequentialNetwork::add(const std::vector<LayerPtr> &layers) {
  for (const LayerPtr &layer : layers) {
    layer->ensure_name();
    require(stack_.empty() || !is_input(layer),
            {.where = name(), .what = "an InputLayer must be the first layer"});
    stack_.push_back(layer);
  }
  rebuild();
}

void SequentialNetwork::pop() {
  require(!stack_.empty(), {.where = name(), .what = "there is no layer to take away"});
  stack_.pop_back();
  rebuild();
}

void SequentialNetwork::rebuild() {
  if (!stack_.empty() && is_input(stack_.front()) && stack_.size() > 1) {
    Tensor input = std::static_pointer_cast<layers::InputLayer>(stack_.front())->tensor();
    CallScope top_level;
    Tensor x = input;
    std::vector<Tensor> outputs;
    for (const LayerPtr &layer : stacked_layers()) {
      outputs = (*layer)(Arguments(x));
      x = outputs.front();
    }
    set_graph(input, outputs.size() == 1 ? TensorStructure(x) : TensorStructure(outputs), stack_);
  } else {
    set_layers(stack_);
  }
}

void SequentialNetwork::build_many(const std::vector<Shape> &input_shapes) {
  if (has_graph() || stack_.empty() || input_shapes.empty())
    return;
  std::vector<int64_t> dims = input_shapes.front().dims();
  if (!dims.empty())
    dims.front() = None;
  CallScope top_level;
  LayerPtr input = std::make_shared<layers::InputLayer>(
      layers::InputConfig{.batch_shape = Shape(dims), .dtype = compute_dtype()});
  input->ensure_name();
  stack_.insert(stack_.begin(), input);
  rebuild();
}

void SequentialNetwork::accept(const std::vector<Tensor> &inputs) {
  ensure_built(shapes_of(inputs));
  Network::accept(inputs);
}

std::vector<Tensor> SequentialNetwork::call_with(const Arguments &arguments) {
  if (!added().empty()) // losses of the stack's own graph
    return Network::call_with(arguments);
  Arguments next = arguments;
  std::vector<Tensor> outputs = arguments.inputs();
  for (const LayerPtr &layer : stacked_layers()) {
    outputs = layer->invoke(std::move(next));
    next = Arguments(outputs.front());
  }
  return outputs;
}

} // namespace horn
