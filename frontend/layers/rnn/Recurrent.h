// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What recurrent layers share: cells, and the loop over time.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"
#include "frontend/ops/Tracer.h"

namespace horn::layers {

/// One step of a recurrent layer. Called as a layer it takes (input, states...) and gives
/// (output, new states...).
class RnnCell : public Layer {
public:
  using Layer::Layer;
  /// Shapes of the states without the batch axis, for inputs [batch, features...].
  virtual std::vector<Shape> state_shapes(const Shape &step_shape) const = 0;
  /// Shape of the output without the batch axis.
  virtual Shape output_shape(const Shape &step_shape) const {
    return state_shapes(step_shape).front();
  }
  /// Whether the output is the first state, so that a loop need not carry it apart.
  virtual bool output_is_state() const { return true; }
  /// The state that a masked first step gives as its output.
  virtual size_t state_before_output(const Shape &step_shape) const { return 0; }
  /// The part of a step that needs no state, for all steps at once: x [batch, time, ...] or
  /// [batch, ...]. A cell that splits nothing gives x.
  virtual Tensor project(const Tensor &x) { return x; }
  /// The rest: from the projected input of one step and the states to one output and new states.
  virtual ScanStep step(const Tensor &projected, const std::vector<Tensor> &states) = 0;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
};

/// A cell with arguments C, which has \c units and the fields of weights.
template <class C> class ConfiguredCell : public RnnCell {
public:
  using Config = C;
  explicit ConfiguredCell(C config)
      : RnnCell(config.name, config.trainable, config.dtype), config(std::move(config)) {}
  C config;

protected:
  void check_config() {
    require(config.units > 0, {.what = "wrong number of units",
                               .expected = "a positive integer",
                               .found = std::to_string(config.units)});
    check_gates(config.units);
  }
  /// Throws Error when four times \p units is no number.
  static void check_gates(int64_t units) {
    require(units < (int64_t{1} << 60), {.what = "too many units"});
  }
  /// Options of add_weight for the three weights.
  WeightOptions kernel_options() const {
    return {.initializer = config.kernel_initializer,
            .regularizer = config.kernel_regularizer,
            .constraint = config.kernel_constraint};
  }
  WeightOptions recurrent_options() const {
    return {.initializer = config.recurrent_initializer,
            .regularizer = config.recurrent_regularizer,
            .constraint = config.recurrent_constraint};
  }
  WeightOptions bias_options() const {
    return {.initializer = config.bias_initializer,
            .regularizer = config.bias_regularizer,
            .constraint = config.bias_constraint};
  }
};

/// Copies the fields that two tables of arguments have in common.
void copy_fields(Fields from, Fields to);

/// How a recurrent layer walks; part of every recurrent layer's arguments.
struct RecurrentOptions {
  bool return_sequences = false, return_state = false, go_backwards = false, stateful = false,
       zero_output_for_mask = false;
};

/// The recurrent part of a layer: owns nothing, is asked by Bidirectional too.
class Recurrent {
public:
  virtual ~Recurrent() = default;
  virtual RecurrentOptions options() const = 0;
  virtual void force_zero_output() = 0;
  virtual size_t num_states() const = 0;
};

/// Walks over time with a cell. `initial` may be empty: zeros. Returns the output, then the states.
/// At a masked step states stay, and the output is the one before, or 0 where options say so.
std::vector<Tensor> run_recurrent(RnnCell &cell, const RecurrentOptions &options, const Tensor &x,
                                  const Tensor &mask, std::vector<Tensor> initial);

/// A recurrent layer with a cell and arguments C, which have the fields of RecurrentOptions.
template <class C> class RecurrentLayer : public Configured<C>, public Recurrent {
public:
  using Configured<C>::Configured;
  RecurrentOptions options() const override {
    const C &c = this->config;
    return {c.return_sequences, c.return_state, c.go_backwards, c.stateful, c.zero_output_for_mask};
  }
  void force_zero_output() override { this->config.zero_output_for_mask = true; }
  size_t num_states() const override { return num_states_; }
  bool supports_masking() const override { return true; }
  const std::shared_ptr<RnnCell> &cell() const { return cell_; }

  void build(const Shape &input_shape) override;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

protected:
  /// Takes the cell; called by the constructor of the layer.
  void set_cell(std::shared_ptr<RnnCell> cell) { cell_ = std::move(cell); }

private:
  std::shared_ptr<RnnCell> cell_;
  std::vector<Weight> states_;
  size_t num_states_ = 1;
};

namespace detail {
/// The shape of one step of [batch, time, ...].
Shape step_shape(const Shape &sequence_shape);
/// Initial states given in a call, or nothing.
std::vector<Tensor> initial_states(const Arguments &arguments);
} // namespace detail

template <class C> void RecurrentLayer<C>::build(const Shape &input_shape) {
  this->input_spec_ = {{.min_ndim = 3}};
  this->input_spec_[0].check(input_shape, 0);
  Shape step = detail::step_shape(input_shape);
  this->track("cell", cell_);
  cell_->ensure_name();
  cell_->ensure_built({step});
  std::vector<Shape> shapes = cell_->state_shapes(step);
  num_states_ = shapes.size();
  if (this->config.stateful && input_shape.front() == None)
    throw Error({.what = "a stateful recurrent layer needs a batch size",
                 .expected = "a fixed first axis",
                 .found = "shape " + input_shape.str(),
                 .hint = "make the input with Input(shape, {.batch_size = 32})"});
  if (this->config.stateful)
    for (size_t i = 0; i < shapes.size(); ++i)
      states_.push_back(this->add_state("state" + std::to_string(i),
                                        Shape{input_shape.front()}.concat(shapes[i]),
                                        this->compute_dtype()));
}

template <class C> std::vector<Tensor> RecurrentLayer<C>::call_with(const Arguments &arguments) {
  Tensor x = arguments.inputs().at(0);
  std::vector<Tensor> initial = detail::initial_states(arguments);
  // Keras finds no argument to pass the mask in once initial states are given as tensors.
  bool explicit_mask = arguments.find("mask") != nullptr;
  Tensor mask = initial.empty() || explicit_mask ? x.mask() : Tensor();
  if (initial.empty())
    for (const Weight &state : states_)
      initial.push_back(state.read());
  std::vector<Tensor> outputs = run_recurrent(*cell_, options(), x, mask, initial);
  for (size_t i = 0; i < states_.size(); ++i)
    states_[i].assign(outputs[i + 1]);
  if (!this->config.return_state)
    outputs.resize(1);
  return outputs;
}

template <class C>
std::vector<Tensor> RecurrentLayer<C>::compute_mask(const Arguments &arguments,
                                                    const std::vector<Tensor> &outputs) {
  std::vector<Tensor> masks(outputs.size());
  if (this->config.return_sequences)
    masks[0] = arguments.inputs().at(0).mask();
  return masks;
}

} // namespace horn::layers
