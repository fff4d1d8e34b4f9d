// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One call of a layer on symbolic tensors. Layers called twice are shared: they have two nodes.
#pragma once

#include "frontend/core/Arguments.h"
#include "frontend/core/CallRecord.h"

namespace horn {

/// A call event: who was called, on which tensors, with which arguments, and what came out.
/// Ownership: an output tensor owns its node, a node owns its layer and its input tensors; a
/// layer only observes its nodes. Source: keras.src.ops.node.Node.
class Node : public std::enable_shared_from_this<Node> {
public:
  /// Records a call.
  Node(std::shared_ptr<Layer> layer, size_t index, Arguments arguments, std::vector<Tensor> outputs,
       CallRecord record = {});
  ~Node();

  /// The layer that was called, and the number of this call among its calls.
  const std::shared_ptr<Layer> &layer() const { return layer_; }
  const std::shared_ptr<Layer> &outbound_layer() const { return layer_; } ///< Keras 2's name
  /// The number of this call among those of the layer.
  size_t index() const { return index_; }
  /// What the layer was called with.
  const Arguments &arguments() const { return arguments_; }
  /// The tensors among the arguments.
  const std::vector<Tensor> &input_tensors() const { return arguments_.tensors; }
  /// The outputs with their history: each keeps this node alive.
  std::vector<Tensor> output_tensors();
  /// An output; after the outputs come what the layer added: losses, updates and metrics.
  Tensor output_tensor(size_t tensor_index);
  /// Number of outputs.
  size_t num_outputs() const { return outputs_.size(); }

  /// What the layer added in this call, as tensors of the graph that a model can have as outputs.
  std::vector<Addition> additions();
  /// Whether the outputs depend on the training flag.
  bool uses_learning_phase() const { return record_.uses_learning_phase; }

  /// For each input tensor: the layer it came from, the number of that layer's call, its place
  /// there.
  std::vector<std::shared_ptr<Layer>> inbound_layers() const;
  /// For each input, the number of the call that gave it.
  std::vector<size_t> node_indices() const;
  /// For each input, its place among the outputs of that call.
  std::vector<size_t> tensor_indices() const;
  /// The masks of the inputs; undefined where there is none.
  std::vector<Tensor> input_masks() const;
  /// The masks of the outputs; undefined where there is none.
  std::vector<Tensor> output_masks() const;
  /// The shapes of the inputs.
  std::vector<Shape> input_shapes() const { return shapes_of(arguments_.tensors); }
  /// The shapes of the outputs.
  std::vector<Shape> output_shapes() const { return shapes_of(outputs_); }
  /// Keras 2's form: names of layers, indices and arguments.
  ConfigValue get_config() const;

private:
  std::shared_ptr<Layer> layer_;
  size_t index_;
  Arguments arguments_;
  std::vector<Tensor> outputs_; // without history, or a node would own itself
  CallRecord record_;           // the same
};

/// What was added of one kind in calls, in their order.
std::vector<Addition> additions_of(const std::vector<std::shared_ptr<Node>> &nodes,
                                   Addition::Kind kind);

} // namespace horn
