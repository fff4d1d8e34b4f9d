// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/Recurrent.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

void copy_fields(Fields from, Fields to) {
  for (const Field &target : to)
    for (const Field &source : from)
      if (source.key == target.key && source.value.index() == target.value.index())
        std::visit([&](auto *pointer) { *pointer = *std::get<decltype(pointer)>(source.value); },
                   target.value);
}

std::vector<Tensor> RnnCell::call_with(const Arguments &arguments) {
  std::vector<Tensor> states = arguments.tensors;
  require(!states.empty(), {.what = "a cell needs an input and its states"});
  Tensor x = states.front();
  states.erase(states.begin());
  ScanStep result = step(project(x), states);
  std::vector<Tensor> outputs = result.outputs;
  outputs.insert(outputs.end(), result.carried.begin(), result.carried.end());
  return outputs;
}

Shape detail::step_shape(const Shape &sequence_shape) {
  return sequence_shape.slice(0, 1).concat(sequence_shape.slice(2, sequence_shape.rank()));
}

std::vector<Tensor> detail::initial_states(const Arguments &arguments) {
  const ConfigValue *states = arguments.find("initial_state", 1);
  if (states)
    return arguments.tensors_of(*states);
  // Keras also takes [x, state, ...] as the input.
  std::vector<Tensor> inputs = arguments.inputs();
  return {inputs.begin() + 1, inputs.end()};
}

/// Zeros [batch of x, shape...].
static Tensor zero_state(const Tensor &x, const Shape &shape) {
  return ops::broadcast_to(ops::scalar(0, x.dtype()), Shape{x.shape().front()}.concat(shape), x);
}

/// A step's mask [batch], made to fit a tensor [batch, ...].
static Tensor fit_mask(const Tensor &mask, const Tensor &tensor) {
  Tensor fitted = mask;
  while (fitted.rank() < tensor.rank())
    fitted = ops::expand_dims(fitted, -1);
  return fitted;
}

static Tensor choose(const Tensor &mask, const Tensor &now, const Tensor &before) {
  return ops::where(fit_mask(mask, now), now, before);
}

namespace {
/// What the loop carries: the states, and the last output if it is not the first state.
struct Loop {
  RnnCell &cell;
  const RecurrentOptions &options;
  bool masked, carries_output;

  ScanStep step(const std::vector<Tensor> &carried, const std::vector<Tensor> &slices) const {
    size_t num_states = carried.size() - carries_output;
    std::vector<Tensor> states(carried.begin(), carried.begin() + static_cast<long>(num_states));
    ScanStep result = cell.step(slices[0], states);
    Tensor output = result.outputs.front();
    if (masked) {
      const Tensor &mask = slices[1];
      Tensor before = carries_output ? carried.back() : carried.front();
      if (options.zero_output_for_mask)
        before = ops::zeros_like(output);
      output = choose(mask, output, before);
      for (size_t i = 0; i < num_states; ++i)
        result.carried[i] = choose(mask, result.carried[i], states[i]);
    }
    if (carries_output)
      result.carried.push_back(output);
    result.outputs.clear();
    if (options.return_sequences)
      result.outputs.push_back(output);
    return result;
  }
};
} // namespace

std::vector<Tensor> run_recurrent(RnnCell &cell, const RecurrentOptions &options, const Tensor &x,
                                  const Tensor &mask, std::vector<Tensor> states) {
  Shape step = detail::step_shape(x.shape());
  bool from_zeros = states.empty();
  std::vector<Shape> shapes = cell.state_shapes(step);
  if (from_zeros)
    for (const Shape &shape : shapes)
      states.push_back(zero_state(x, shape));
  require(states.size() == shapes.size(), {.what = "wrong number of initial states",
                                           .expected = std::to_string(shapes.size()),
                                           .found = std::to_string(states.size())});
  for (Tensor &state : states)
    state = ops::cast(state, x.dtype());
  bool masked = mask.defined();
  bool last_is_state = cell.output_is_state() && (!masked || !options.zero_output_for_mask);
  Loop loop{cell, options, masked, !last_is_state};
  size_t num_states = states.size();
  std::vector<Tensor> sequences{cell.project(x)};
  if (masked)
    sequences.push_back(mask);
  // A masked first step repeats the state as its output.
  if (!last_is_state)
    states.push_back(options.zero_output_for_mask || from_zeros
                         ? zero_state(x, cell.output_shape(step))
                         : states[cell.state_before_output(step)]);
  std::vector<Tensor> results = current_tracer().scan(
      states, sequences, options.go_backwards,
      [&](const std::vector<Tensor> &carried, const std::vector<Tensor> &slices) {
        return loop.step(carried, slices);
      });
  Tensor output = options.return_sequences ? results.back()
                  : last_is_state          ? results.front()
                                           : results[num_states];
  std::vector<Tensor> outputs{output};
  outputs.insert(outputs.end(), results.begin(), results.begin() + static_cast<long>(num_states));
  return outputs;
}

} // namespace horn::layers
