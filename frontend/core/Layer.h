// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The base of all layers: made first, called on tensors later, any number of times.
#pragma once

#include "frontend/core/Arguments.h"
#include "frontend/core/CallRecord.h"
#include "frontend/core/DTypePolicy.h"
#include "frontend/core/Variable.h"

#include <functional>
#include <map>
#include <memory>

namespace horn {

class Layer;
class Node;
using LayerPtr = std::shared_ptr<Layer>;

/// What a layer asks of an input. Source: keras.layers.InputSpec.
struct InputSpec {
  std::optional<size_t> ndim = {};     ///< number of axes; empty for any
  std::optional<size_t> min_ndim = {}; ///< fewest axes
  std::optional<size_t> max_ndim = {}; ///< most axes
  std::map<int, int64_t> axes = {};    ///< axis (negative ones from the end) to its size
  std::optional<Shape> shape = {};     ///< batch axis included; None matches any size
  /// Element type.
  std::optional<DType> dtype = {};

  /// Throws Error that says what was expected of input number `index` and what was found.
  void check(const Shape &shape, size_t index) const;
  /// Throws Error that says what was expected of input number `index` and what was found.
  void check(const Tensor &input, size_t index) const;
};

/// A computation with weights. A layer of one's own overrides `build` (adds weights) and `call`
/// (states the computation with ops:: functions); shape inference, gradients and code follow.
///
/// Layers live behind shared pointers, since the graph keeps those it uses: make them with
/// `make_layer<Scale>(...)`, or through the handles in horn::layers. Source: keras.layers.Layer.
/// ```cpp
/// struct Scale : Layer {
///   void build(const Shape &input) override { gamma = add_weight("gamma", {input.back()}); }
///   Tensor call(const Tensor &x) override { return x * gamma; }
///   Weight gamma;
/// };
/// Tensor y = make_layer<Scale>()(x);
/// ```
class Layer : public std::enable_shared_from_this<Layer> {
public:
  /// A layer of a name, or of an automatic one.
  explicit Layer(std::string name = "", bool trainable = true, DTypePolicy dtype = {});
  Layer(const Layer &) = delete;
  virtual ~Layer();

  // What a layer is.
  /// Keras's class name; for own layers the registered name, or else the C++ name.
  virtual std::string class_name() const;
  /// The module that Keras writes beside the class name; empty for own layers.
  virtual std::string module() const { return ""; }
  /// The arguments it was made with, under Keras's names, together with name, trainable and dtype.
  virtual ConfigValue get_config() const;
  /// Whether it is an operation such as `x + y`, which counts as no layer where Keras names
  /// weights.
  virtual bool is_operation() const { return false; }
  /// Whether it is a model: models leave casting of inputs to their layers.
  virtual bool is_model() const { return false; }
  /// Whether a mask passes through.
  virtual bool supports_masking() const { return false; }

  // What a layer does; to be overridden.
  /// Adds the weights, once, before the first call.
  virtual void build(const Shape &input_shape);
  /// The same for a layer of several inputs; by default builds for the first.
  virtual void build_many(const std::vector<Shape> &input_shapes);
  /// States the computation. One of these three is overridden: for one input,
  virtual Tensor call(const Tensor &input);
  /// for a list of inputs (by default: one),
  virtual Tensor call_many(const std::vector<Tensor> &inputs);
  /// or for arguments of any form, and any number of outputs.
  virtual std::vector<Tensor> call_with(const Arguments &arguments);
  /// One mask an output, undefined for none. By default the first input's, if masks pass.
  virtual std::vector<Tensor> compute_mask(const Arguments &arguments,
                                           const std::vector<Tensor> &outputs);

  /// Adds losses, updates and metrics of a call; used in `call`. Source: Keras 2's Layer.
  /// **Errors** a loss that is no scalar, a call from outside of a layer's call.
  virtual void add_loss(const Tensor &loss);
  /// The same for what depends on weights alone: counts once, however often the layer is called.
  void add_loss(std::function<Tensor()> loss);
  /// The new value of a variable after a run in training.
  void add_update(const Weight &variable, const Tensor &value);
  /// The new value of a variable after a run in training.
  void add_update(const Weight &variable, std::function<Tensor()> value);
  /// A value to be reported under a name.
  virtual void add_metric(const Tensor &value, std::string name);

  // Calling.
  /// Builds if needed, calls and, at top level on symbolic tensors, records a Node.
  std::vector<Tensor> operator()(Arguments arguments);
  /// The part of a call that traces: builds if needed, calls `call_with` within this layer's
  /// location and computes masks. Records nothing.
  std::vector<Tensor> invoke(Arguments arguments);
  /// Builds for input shapes without recording a call. Nothing is left behind when that fails.
  void ensure_built(const std::vector<Shape> &input_shapes);
  /// Whether its weights exist.
  bool built() const { return built_ || built_by_hand_; }
  /// The shape that an input shape leads to; dimensions may be None. Builds the layer if needed.
  Shape compute_output_shape(const Shape &input_shape);
  /// The same for several inputs and outputs.
  virtual std::vector<Shape> compute_output_shapes(const std::vector<Shape> &input_shapes);
  /// What its inputs must be.
  const std::vector<InputSpec> &input_spec() const { return input_spec_; }

  // Names and types.
  /// Its name, unique in a model.
  const std::string &name() const;
  /// Names it; see name().
  void set_name(std::string name) { name_ = std::move(name); }
  /// Gives the layer Keras's automatic name ("dense_1") unless it has one.
  void ensure_name();
  /// Which types it computes with and keeps its weights in.
  const DTypePolicy &dtype_policy() const { return dtype_; }
  /// The type that inputs and weights are cast to.
  DType compute_dtype() const { return dtype_.compute_dtype(); }
  /// The type that weights are kept in.
  DType variable_dtype() const { return dtype_.variable_dtype(); }

  // Weights: own first (trainable, then not), then those of layers inside, each once.
  /// Whether training changes its weights.
  bool trainable() const { return trainable_; }
  /// Freezes or thaws this layer, its weights and the layers inside.
  void set_trainable(bool trainable);
  /// All weights, each once.
  std::vector<Weight> weights() const;
  /// The weights that training changes.
  std::vector<Weight> trainable_weights() const;
  /// The weights that training leaves alone.
  std::vector<Weight> non_trainable_weights() const;
  /// Variables of this layer alone, in the order of files: trainable first. States are apart.
  std::vector<Weight> own_weights() const;
  /// Variables of this layer alone that are not saved.
  std::vector<Weight> own_states() const;
  /// The values of all weights, in the order of weights().
  std::vector<Array> get_weights() const;
  /// Sets all weights. Throws Error, before anything is changed, when number, shapes or types
  /// differ.
  void set_weights(const std::vector<Array> &values);
  /// Number of elements of all weights. Throws Error when the layer is not built yet.
  int64_t count_params() const;
  /// Whether it, or a layer inside, remembers states between calls.
  bool stateful() const;
  /// Fills all states with zeros.
  virtual void reset_states();
  /// A penalty on the outputs of each call, divided by the batch size as Keras does.
  void set_activity_regularizer(Regularizer regularizer);
  /// Penalty on the outputs; undefined for none.
  const Regularizer &activity_regularizer() const { return activity_regularizer_; }

  /// The envelope that a file held for this layer, null for others: what Horn has no use for is
  /// written back when the layer is saved again.
  const ConfigValue &file_envelope() const { return file_envelope_; }
  /// Keeps what a file held; see file_envelope().
  void set_file_envelope(ConfigValue envelope) { file_envelope_ = std::move(envelope); }
  /// Keras's build_config: {"input_shape": [...]}, or null before the layer was built or when it
  /// takes several arguments.
  virtual ConfigValue build_config() const { return build_config_; }

  /// Layers inside with the attribute name that files know them by.
  const std::vector<std::pair<std::string, LayerPtr>> &children() const { return children_; }

  // Losses, updates and metrics: scalars of the graph, to be evaluated by a Model that has them as
  // outputs: Model(inputs, layer->losses()).
  /// Those of all calls, those of functions and the penalties of regularizers.
  virtual std::vector<Tensor> losses() const;
  /// Those that depend on one of `inputs`; without inputs (Keras: None) those that depend on none.
  std::vector<Tensor> get_losses_for(const std::vector<Tensor> &inputs) const;
  /// Assignments that a run in training makes, in the order they were added.
  virtual std::vector<Update> updates() const;
  /// Those of them that depend on these tensors; with no tensors, those that depend on none.
  std::vector<Update> get_updates_for(const std::vector<Tensor> &inputs) const;
  /// The updates of states, which every run makes.
  std::vector<Update> state_updates() const;
  /// Values that were added by add_metric.
  virtual std::vector<Metric> metrics() const;
  /// Whether the outputs of a call depend on the training flag.
  virtual bool uses_learning_phase() const;

  // Calls so far: those whose outputs are in use, and those that take this layer's outputs.
  /// Its calls, in order.
  std::vector<std::shared_ptr<Node>> inbound_nodes() const;
  /// The calls that take its outputs.
  std::vector<std::shared_ptr<Node>> outbound_nodes() const;
  /// The tensor of the only call; throw Error when there are several calls or tensors (use
  /// get_*_at) or none. The shapes may be asked for as long as all calls have the same.
  Tensor input() const;
  /// What its only call gave. Throws Error when there are several calls or none.
  Tensor output() const;
  /// The mask of input(); undefined for none.
  Tensor input_mask() const;
  /// The mask of output(); undefined for none.
  Tensor output_mask() const;
  /// The shape of input().
  Shape input_shape() const;
  /// The shape of output().
  Shape output_shape() const;
  /// The tensors of call number `node_index`. Throw Error when there is no such call.
  std::vector<Tensor> get_input_at(size_t node_index) const;
  /// What call number `node_index` gave. Throws Error when there is no such call.
  std::vector<Tensor> get_output_at(size_t node_index) const;
  /// The masks of what that call took.
  std::vector<Tensor> get_input_mask_at(size_t node_index) const;
  /// The masks of what that call gave.
  std::vector<Tensor> get_output_mask_at(size_t node_index) const;
  /// The shapes of what that call took.
  std::vector<Shape> get_input_shape_at(size_t node_index) const;
  /// The shapes of what that call gave.
  std::vector<Shape> get_output_shape_at(size_t node_index) const;

  /// Tracks the members that HORN_TRACK lists; does so once.
  void track_members();

protected:
  /// A new weight. **Errors** a dimension that is None or not positive.
  Weight add_weight(std::string name, const Shape &shape, WeightOptions options = {});
  /// Counts a weight of a layer inside as one's own too, as wrappers of Keras do that change it.
  void share_weight(const Weight &weight) { variables_.push_back(weight); }
  /// A variable that is not saved and remembers its value between runs.
  Weight add_state(std::string name, const Shape &shape, DType dtype);
  /// Names a layer inside, as Keras's attribute: files store its weights under this name. A name
  /// that ends in "/*" is that of a list of layers.
  /// Layers called in `call` without this are tracked under their own names.
  void track(std::string attribute, LayerPtr layer);
  /// The same for a list of layers: files number them below the attribute.
  template <class LayerList>
    requires requires(const LayerList &layers) { LayerPtr(*layers.begin()); }
  void track(const std::string &attribute, const LayerList &layers) {
    for (const LayerPtr &layer : layers)
      track(attribute + "/*", layer);
  }
  /// Tracks members under their names, which `names` lists between commas.
  void track_all(std::string_view names, const auto &...members) {
    (track(std::string(next_name(names)), members), ...);
  }
  /// What HORN_TRACK defines: tracks each member.
  virtual void list_members() {}
  /// Whether layers called in `call` are tracked.
  virtual bool tracks_calls() const { return !is_model() && !is_operation(); }
  /// Forgets the layers inside.
  void clear_children() { children_.clear(); }
  /// Says that the weights exist.
  void set_built() { built_ = true; }
  /// Losses that depend on no input: what functions given to add_loss give, and the penalties of
  /// trainable weights, of layers inside too. Updates alike.
  std::vector<Tensor> unconditional_losses() const;
  /// Assignments that depend on no input.
  std::vector<Update> unconditional_updates() const;
  /// States the new value of a variable.
  using UpdateFunction = std::pair<Weight, std::function<Tensor()>>;
  /// What was given to add_update as functions, of layers inside too, each layer once.
  std::vector<UpdateFunction> update_functions() const;
  /// What inputs must be; checked before a call.
  std::vector<InputSpec> input_spec_;

private:
  static std::string_view next_name(std::string_view &names);
  Arguments convert_inputs(Arguments arguments) const;
  void check_inputs(const Arguments &arguments) const;
  void collect_weights(std::vector<Weight> &weights) const;
  std::vector<Tensor> call_checked(Arguments arguments);
  void add_activity_losses(const std::vector<Tensor> &outputs);
  std::shared_ptr<Node> only_node(const char *what) const;
  std::shared_ptr<Node> node_at(size_t index) const;
  Tensor only_tensor(const std::vector<Tensor> &tensors, const char *what) const;
  /// This layer and those inside, each once.
  std::vector<const Layer *> family() const;

  std::string name_;
  bool trainable_ = true;
  bool built_ = false, building_ = false, built_by_hand_ = false, members_tracked_ = false;
  DTypePolicy dtype_;
  ConfigValue file_envelope_, build_config_;
  std::vector<Weight> variables_;
  std::vector<std::pair<std::string, LayerPtr>> children_;
  std::vector<std::weak_ptr<Node>> nodes_, outbound_nodes_;
  Regularizer activity_regularizer_;
  std::vector<std::function<Tensor()>> loss_functions_;
  std::vector<UpdateFunction> update_functions_;
};

/// Whether a tensor was computed from one of `inputs`, or is one of them.
bool depends_on(const Tensor &tensor, const std::vector<Tensor> &inputs);

/// Throws Error when a layer's argument is wrong; used by constructors.
void require(bool holds, ErrorParts parts);

/// Throws Error for a name with a slash, which separates the names of a path.
void check_name(const Layer &layer);

/// Keras's snake_case of a class name: "BatchNormalization" is "batch_normalization".
std::string snake_case(std::string_view class_name);
/// Keras's automatic name for an object of a class: "dense", then "dense_1", ... in this process.
std::string unique_name(std::string_view class_name);
/// Starts automatic names anew. Source: keras.utils.clear_session.
void clear_session();

} // namespace horn

/// In the class of a layer or model of one's own: names its members as Keras names attributes, so
/// that weights lie under these names in files, and freezing works before the first call:
/// `HORN_TRACK(encoder, decoder)`. Lists of layers are members too.
#define HORN_TRACK(...)                                                                            \
  void list_members() override { this->track_all(#__VA_ARGS__, __VA_ARGS__); }
