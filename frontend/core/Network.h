// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The graph of layers between given inputs and outputs: what a Model is inside.
#pragma once

#include "frontend/core/Layer.h"
#include "frontend/core/Node.h"

namespace horn {

namespace saving {
struct TrainingState;
}

/// What frontend/emit keeps of a model that was compiled for predict.
class Compiled {
public:
  virtual ~Compiled();
  /// Sets states back to zeros. Returns false when that takes compiling the model again.
  virtual bool reset_states() = 0;
};

/// Tensors in a structure of lists and dictionaries, as given to Model(inputs, outputs).
struct TensorStructure {
  /// The tensors, flattened.
  std::vector<Tensor> tensors;
  ConfigValue structure; ///< TensorRefs into `tensors`, in lists and dictionaries

  TensorStructure() = default;
  /// Tensors as they are given.
  TensorStructure(const Tensor &tensor) : tensors{tensor}, structure(ConfigValue::TensorRef{0}) {}
  /// Tensors as they are given.
  TensorStructure(std::vector<Tensor> list);
  /// Tensors as they are given.
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
  /// tensor and the layers met before), two layers of one name, one input given twice. An input
  /// that no output depends on is none: Keras takes it.
  Network(TensorStructure inputs, TensorStructure outputs, std::string name = "",
          const std::vector<LayerPtr> &order = {});
  ~Network() override;

  std::string class_name() const override { return "Functional"; }
  std::string module() const override { return "keras.src.models.functional"; }
  ConfigValue get_config() const override;
  bool is_model() const override { return true; }

  /// The inputs in order.
  const std::vector<Tensor> &inputs() const { return inputs_.tensors; }
  /// The outputs in order.
  const std::vector<Tensor> &outputs() const { return outputs_.tensors; }
  /// How the inputs are nested.
  const ConfigValue &input_structure() const { return inputs_.structure; }
  /// How the outputs are nested.
  const ConfigValue &output_structure() const { return outputs_.structure; }
  /// Names of the layers that give the inputs and outputs.
  std::vector<std::string> input_names() const;
  /// Names of the layers that give the outputs.
  std::vector<std::string> output_names() const;
  /// All layers, InputLayers and operations included, each once.
  const std::vector<LayerPtr> &layers() const { return layers_; }
  /// The layer of that name. Throws Error that lists the names there are.
  LayerPtr get_layer(std::string_view name) const;
  /// The layer at a position. Throws Error that says how many there are.
  LayerPtr get_layer(size_t index) const;
  /// The calls, each after those whose outputs it takes.
  const std::vector<std::shared_ptr<Node>> &nodes() const { return nodes_; }

  /// Runs the graph on other tensors, one for each input, within the current tracer. This is how
  /// nested models are called and how models are compiled. Inputs are cast to the types of the
  /// model's inputs, and a last axis of size 1 is added or removed where ranks differ by one.
  virtual std::vector<Tensor> trace(const std::vector<Tensor> &inputs);
  /// Within a run of the whole model: the updates of states that depend on no input.
  void trace_state_updates() const;
  void build_many(const std::vector<Shape> &input_shapes) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

  using Layer::add_loss;
  /// Adds a scalar of the graph to the losses; within `call` of a subclass, as a layer does.
  /// **Errors** a tensor that is not computed from the inputs.
  void add_loss(const Tensor &loss) override;
  /// A value to be reported under a name.
  void add_metric(const Tensor &value, std::string name) override;
  /// What was added with add_loss and add_metric, and not by a layer.
  const std::vector<Addition> &added() const { return added_; }
  std::vector<Tensor> losses() const override;
  /// Assignments that a run in training makes, in the order they were added.
  std::vector<Update> updates() const override;
  /// Values that were added by add_metric.
  std::vector<Metric> metrics() const override;
  bool uses_learning_phase() const override;
  void reset_states() override;
  std::vector<Shape> compute_output_shapes(const std::vector<Shape> &input_shapes) override;

  /// Makes inputs and outputs for inputs of these types, where the graph waits for them: does
  /// nothing for a model that has inputs.
  virtual void accept(const std::vector<Tensor> &inputs);

  /// All variables, states included, each once; gives each its path, unique in this network.
  std::vector<Weight> variables();

  /// How the file it was loaded from says the model is trained; null when it does not.
  std::shared_ptr<const saving::TrainingState> &training_state() { return training_state_; }
  /// How the file it was loaded from says the model is trained; null when it does not.
  const std::shared_ptr<const saving::TrainingState> &training_state() const {
    return training_state_;
  }
  ConfigValue build_config() const override;

  /// Where frontend/emit keeps what it compiled; dropped when the graph changes.
  std::shared_ptr<Compiled> &compiled() { return compiled_; }

protected:
  /// A network whose graph is set later.
  explicit Network(std::string name, bool trainable = true, DTypePolicy dtype = {});
  /// Sets the graph; see the constructor.
  void set_graph(TensorStructure inputs, TensorStructure outputs,
                 const std::vector<LayerPtr> &order = {});
  /// Sets the layers, which must differ in name.
  void set_layers(std::vector<LayerPtr> layers);
  /// Whether the graph was set.
  bool has_graph() const { return !outputs_.tensors.empty(); }
  /// For a model whose call is C++: what it was called on, what came out, and its layers.
  void remember(TensorStructure inputs, TensorStructure outputs, std::vector<LayerPtr> layers);

private:
  void add(Addition addition);

  TensorStructure inputs_, outputs_;
  std::vector<LayerPtr> layers_;
  std::vector<std::shared_ptr<Node>> nodes_;
  std::vector<Addition> added_;
  std::shared_ptr<Compiled> compiled_;
  std::shared_ptr<const saving::TrainingState> training_state_;
};

/// Layers one after the other. Its graph exists once the input's shape is known: from an
/// InputLayer in front, or from the first call. Source: keras.Sequential.
class SequentialNetwork : public Network {
public:
  /// A stack without layers.
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
  void accept(const std::vector<Tensor> &inputs) override;

private:
  void rebuild();
  std::vector<LayerPtr> stack_;
};

} // namespace horn
