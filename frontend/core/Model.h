// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Models as users see them.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/core/Handle.h"
#include "frontend/core/SubclassedModel.h"

#include <filesystem>
#include <iosfwd>

namespace horn {

/// Arguments of Model and Sequential.
struct ModelOptions {
  std::string name = {};
};

/// Arguments of Model::load_weights.
struct LoadWeightsOptions {
  /// Into the layers that have the names of the file's, whatever else both have: `.h5` files of
  /// Keras 2 and `.safetensors`.
  bool by_name = false;
  bool skip_mismatch = false; ///< leaves out weights that are missing or have another shape
};

/// Layers between inputs and outputs, to be run, trained and saved. Copies share the model. A model
/// is a layer: it can be called on tensors, inside other models too. Source: keras.Model.
class Model {
public:
  /// What a model whose `call` is C++ derives from; see there and make_model.
  using Base = SubclassedModel;

  /// The model between these tensors.
  Model(TensorStructure inputs, TensorStructure outputs, ModelOptions options = {});
  /// The model between these tensors.
  explicit Model(std::shared_ptr<Network> network);

  /// Calls the model as a layer.
  Tensor operator()(const Tensor &input) const;
  /// The same for arguments of this form.
  Tensor operator()(const std::vector<Tensor> &inputs) const;
  /// The same for arguments of this form.
  Tensor operator()(std::initializer_list<Tensor> inputs) const;
  /// The same for arguments of this form.
  std::vector<Tensor> operator()(Arguments arguments) const;
  /// The model as a layer.
  operator LayerPtr() const { return network_; }

  /// The model as a layer: what Layer and Network can do and is not named here.
  Network *operator->() const { return network_.get(); }

  /// Its name, unique in a model.
  const std::string &name() const { return network_->name(); }
  /// The inputs in order.
  const std::vector<Tensor> &inputs() const { return network_->inputs(); }
  /// The outputs in order.
  const std::vector<Tensor> &outputs() const { return network_->outputs(); }
  /// Names of the layers that give the inputs.
  std::vector<std::string> input_names() const { return network_->input_names(); }
  /// Names of the layers that give the outputs.
  std::vector<std::string> output_names() const { return network_->output_names(); }
  /// All layers, each once, in Keras's order.
  const std::vector<LayerPtr> &layers() const { return network_->layers(); }
  /// A layer by name or position. Throws Error.
  LayerPtr get_layer(std::string_view name) const { return network_->get_layer(name); }
  /// A layer by position. Throws Error.
  LayerPtr get_layer(size_t index) const { return network_->get_layer(index); }
  /// Makes the graph of a Sequential without InputLayer, or of a model whose call is C++.
  void build(const Shape &input_shape) const;
  /// The shape that an input shape leads to.
  Shape compute_output_shape(const Shape &input_shape) const;

  /// All weights, each once.
  std::vector<Weight> weights() const { return network_->weights(); }
  /// The weights that training changes.
  std::vector<Weight> trainable_weights() const { return network_->trainable_weights(); }
  /// The weights that training leaves alone.
  std::vector<Weight> non_trainable_weights() const { return network_->non_trainable_weights(); }
  /// The values of all weights, in the order of weights().
  std::vector<Array> get_weights() const { return network_->get_weights(); }
  /// Sets all weights. Throws Error, before anything is changed, when number, shapes or types
  /// differ.
  void set_weights(const std::vector<Array> &values) { network_->set_weights(values); }
  /// Number of elements of all weights.
  int64_t count_params() const { return network_->count_params(); }
  /// Whether training changes its weights.
  bool trainable() const { return network_->trainable(); }
  /// Freezes or thaws it and all inside.
  void set_trainable(bool trainable) { network_->set_trainable(trainable); }
  /// Whether something inside remembers states between runs.
  bool stateful() const { return network_->stateful(); }
  /// Sets states to zeros; cheap between calls of predict.
  void reset_states() const { network_->reset_states(); }

  /// Adds a scalar computed from the inputs to the losses. Source: keras.Model.add_loss of Keras 2.
  void add_loss(const Tensor &loss) const { network_->add_loss(loss); }
  /// A value to be reported under a name.
  void add_metric(const Tensor &value, std::string name) const;
  /// Scalars of the graph: Model(model.inputs(), model.losses()) evaluates them.
  std::vector<Tensor> losses() const { return network_->losses(); }
  /// Those of them that depend on these tensors; with no tensors, those that depend on none.
  std::vector<Tensor> get_losses_for(const std::vector<Tensor> &inputs) const;
  /// Assignments that a run in training makes, in the order they were added.
  std::vector<Update> updates() const { return network_->updates(); }
  /// Those of them that depend on these tensors; with no tensors, those that depend on none.
  std::vector<Update> get_updates_for(const std::vector<Tensor> &inputs) const;
  /// Assignments to states, which every run makes.
  std::vector<Update> state_updates() const { return network_->state_updates(); }
  /// Values that were added by add_metric.
  std::vector<Metric> metrics() const { return network_->metrics(); }
  /// Whether training computes something else than inference.
  bool uses_learning_phase() const { return network_->uses_learning_phase(); }

  /// The arguments that it was made with, under Keras's names.
  ConfigValue get_config() const { return network_->get_config(); }
  /// The model of what get_config gave. Throws Error.
  static Model from_config(const ConfigValue &config);

  /// Prints layers, output shapes and numbers of weights as Keras does, `width` characters wide.
  void summary(std::ostream &out, size_t width = 80) const;

  /// Outputs for inputs, in the order of `inputs()` and `outputs()`; the first axis is the batch.
  /// Compiled on first use. Throws Error when inputs do not fit. Defined in frontend/emit.
  std::vector<Array> predict(const std::vector<Array> &inputs) const;
  /// Outputs for inputs.
  std::vector<Array> predict(std::initializer_list<Array> inputs) const;
  /// The same for a model of one input and one output.
  Array predict(const Array &input) const;

  /// Weights from a `.weights.h5`, `.keras`, legacy `.h5` or `.safetensors` file into this model:
  /// by topology, or by the names of layers. Nothing is changed when something does not fit.
  void load_weights(const std::filesystem::path &path, LoadWeightsOptions options = {});

  /// Writes model and weights so that Keras and Horn load them again: `.keras` or a legacy `.h5`,
  /// by suffix. The file is replaced in one step; the same model gives the same bytes. What a
  /// loaded file said about training is kept. Throws Error.
  void save(const std::filesystem::path &path) const;
  /// Writes the weights alone: `.weights.h5` (Keras 3's form) or `.safetensors` (by their paths).
  void save_weights(const std::filesystem::path &path) const;
  /// The model without weights. Source: keras.Model.to_json.
  std::string to_json(int indent = -1) const;
  /// The same as YAML, which Keras 2 wrote.
  std::string to_yaml() const;

  /// The graph inside.
  const std::shared_ptr<Network> &network() const { return network_; }

protected:
  /// The graph inside.
  std::shared_ptr<Network> network_;
};

/// Layers one after the other: `Sequential({layers::Dense({...}), layers::ReLU()})`.
/// Source: keras.Sequential.
class Sequential : public Model {
public:
  /// Layers in order.
  explicit Sequential(std::vector<LayerPtr> layers = {}, ModelOptions options = {});
  /// Appends a layer.
  Sequential &add(LayerPtr layer);
  /// Takes the last layer away. Throws Error when there is none.
  void pop();
};

/// A model whose call is C++, with its members reached by `->`.
template <class M> class ModelOf : public Model {
public:
  /// A model of this class.
  explicit ModelOf(std::shared_ptr<M> network) : Model(network), own_(std::move(network)) {
    own_->track_members();
  }
  /// What is behind the handle.
  M *operator->() const { return own_.get(); }

private:
  std::shared_ptr<M> own_;
};

/// A model of one's own: `make_model<Classifier>(arguments of the constructor...)`.
template <std::derived_from<SubclassedModel> M, class... Args>
ModelOf<M> make_model(Args &&...args) {
  return ModelOf<M>(std::make_shared<M>(std::forward<Args>(args)...));
}

/// Loads a model from a `.keras` archive or a legacy `.h5` file, whichever its bytes say. Code in
/// files is never run. **Errors** Error naming file, layer, what was expected and what was found;
/// UnsupportedError for layers and options that Horn does not have.
Model load_model(const std::filesystem::path &path);

/// A model with new weights from what to_json or to_yaml gave, or from a model's envelope
/// {"class_name": "Functional", "config": {...}}. Throws Error.
Model model_from_json(std::string_view text);
Model model_from_yaml(std::string_view text);
Model model_from_config(const ConfigValue &envelope);
/// What clone_model puts in the place of a layer.
using CloneFunction = std::function<LayerPtr(const LayerPtr &layer)>;
/// The same layers with new weights. `clone_function` makes the copy of each layer but InputLayers
/// and operations; one that gives the layer itself shares it. Source: keras.models.clone_model.
Model clone_model(const Model &model, const CloneFunction &clone_function = {});

/// Something that keeps a file from being loaded.
struct Problem {
  ErrorParts parts;         ///< the layer's path, the reason, the alternative
  bool unsupported = false; ///< Horn knows of it and does not have it (yet)
  /// What an error says.
  static Problem of(const Error &error);
};
/// Everything that keeps a file from being loaded, found in one go; empty when nothing does.
std::vector<Problem> check_model(const std::filesystem::path &path);

} // namespace horn
