// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The graph of layers between given inputs and outputs: what a Model is inside.
#pragma once

#include "frontend/core/Layer.h"
#include "frontend/core/Node.h"

namespace horn {

namespace saving {
struct TrainingState;
}

/// Tensors in a structure of lists and dictionaries, as given to Model(inputs, outputs).
struct TensorStructure {
  std::vector<Tensor> tensors;
  ConfigValue structure; ///< TensorRefs into `tensors`, in lists and dictionaries

  TensorStructure() = default;
  TensorStructure(const Tensor &tensor) : tensors{tensor}, structure(ConfigValue::TensorRef{0}) {}
  TensorStructure(std::vector<Tensor> list);
  TensorStructure(std::initializer_list<Tensor> list)
      : TensorStructure(std::vector<Tensor>(list)) {}
  /// Named tensors; kept in sorted order of names, as Keras flattens them.
  TensorStructure(std::map<std::string, Tensor> named);
};

/// A graph of calls with inputs and outputs; itself a layer that can be called on other tensors.
/// Internal: users see Model. Source: keras.src.models.functional.Functional.
class Network : public Layer {
public:
  /// Takes the graph between `inputs`, which must come from Input(), and `outputs`. `order` gives
  /// the order of layers where a file says it; otherwise it is Keras's, by depth.
  /// **Errors** an input that is no Input tensor, a graph that is not connected (naming the
  /// tensor and the layers met before), two layers of one name, one input given twice.
  Network(TensorStructure inputs, TensorStructure outputs, std::string name = "",
          const std::vector<LayerPtr> &order = {});
  ~Network() override;

  std::string class_name() const override { return "Functional"; }
  std::string module() const override { return "keras.src.models.functional"; }
  ConfigValue get_config() const override;
  bool is_model() const override { return true; }

  const std::vector<Tensor> &inputs() const { return inputs_.tensors; }
  const std::vector<Tensor> &outputs() const { return outputs_.tensors; }
  const ConfigValue &input_structure() const { return inputs_.structure; }
  const ConfigValue &output_structure() const { return outputs_.structure; }
  /// Names of the layers that give the inputs and outputs.
  std::vector<std::string> input_names() const;
  std::vector<std::string> output_names() const;
  /// All layers, InputLayers and operations included, each once.
  const std::vector<LayerPtr> &layers() const { return layers_; }
  /// The layer of that name. Throws Error that lists the names there are.
  LayerPtr get_layer(std::string_view name) const;
  /// The calls, each after those whose outputs it takes.
  const std::vector<std::shared_ptr<Node>> &nodes() const { return nodes_; }

  /// Runs the graph on other tensors, one for each input, within the current tracer. This is how
  /// nested models are called and how models are compiled. Inputs are cast to the types of the
  /// model's inputs, and a last axis of size 1 is added or removed where ranks differ by one.
  std::vector<Tensor> trace(const std::vector<Tensor> &inputs);
  void build_many(const std::vector<Shape> &input_shapes) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

  /// All variables, states included, each once; gives each its path, unique in this network.
  std::vector<Weight> variables();

  /// How the file it was loaded from says the model is trained; null when it does not.
  std::shared_ptr<const saving::TrainingState> &training_state() { return training_state_; }
  const std::shared_ptr<const saving::TrainingState> &training_state() const {
    return training_state_;
  }
  ConfigValue build_config() const override;

  /// Where frontend/emit keeps what it compiled; dropped when the graph changes.
  std::shared_ptr<void> &compiled() { return compiled_; }

protected:
  explicit Network(std::string name, bool trainable = true, DTypePolicy dtype = {});
  /// Sets the graph; see the constructor.
  void set_graph(TensorStructure inputs, TensorStructure outputs,
                 const std::vector<LayerPtr> &order = {});
  void set_layers(std::vector<LayerPtr> layers);
  bool has_graph() const { return !outputs_.tensors.empty(); }

private:
  TensorStructure inputs_, outputs_;
  std::vector<LayerPtr> layers_;
  std::vector<std::shared_ptr<Node>> nodes_;
  std::shared_ptr<void> compiled_;
  std::shared_ptr<const saving::TrainingState> training_state_;
};

/// Layers one after the other. Its graph exists once the input's shape is known: from an
/// InputLayer in front, or from the first call. Source: keras.Sequential.
class SequentialNetwork : public Network {
public:
  explicit SequentialNetwork(std::string name = "", bool trainable = true, DTypePolicy dtype = {});

  std::string class_name() const override { return "Sequential"; }
  std::string module() const override { return "keras"; }
  ConfigValue get_config() const override;
  ConfigValue build_config() const override;
  /// Appends a layer. Throws Error when the last layer's outputs do not fit.
  void add(LayerPtr layer);
  /// The same for several layers; the graph is made once.
  void add(const std::vector<LayerPtr> &layers);
  /// Takes the last layer away. Throws Error when there is none.
  void pop();
  /// Layers without the InputLayer in front.
  std::vector<LayerPtr> stacked_layers() const;

  void build_many(const std::vector<Shape> &input_shapes) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;

private:
  void rebuild();
  std::vector<LayerPtr> stack_;
};

} // namespace horn
