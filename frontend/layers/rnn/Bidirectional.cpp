// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/rnn/Bidirectional.h"

#include "frontend/core/LayerRegistry.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Bidirectional)
HORN_DEFINE_LAYER(TimeDistributed)

namespace {
/// Reads layers of configurations that this process wrote itself.
class PlainReader : public LayerReader {
public:
  LayerPtr read_layer(const ConfigValue &envelope) override {
    LayerMaker maker = find_layer(envelope.at("class_name").as_string());
    require(maker != nullptr, {.what = "unknown layer", .found = envelope.str()});
    return maker(envelope.at("config"), *this);
  }
};
} // namespace

/// The same layer, walking the other way.
static LayerPtr reversed_copy(const Layer &layer, const RecurrentOptions &options) {
  PlainReader reader;
  ConfigValue envelope = envelope_of(layer);
  ConfigValue config = envelope.at("config");
  config.set("go_backwards", !options.go_backwards);
  config.set("name", "backward_" + layer.name());
  envelope.set("config", config);
  return reader.read_layer(envelope);
}

void BidirectionalLayer::check_config() {
  forward_ = dynamic_cast<Recurrent *>(config.layer.get());
  require(forward_ != nullptr, {.what = "Bidirectional needs a recurrent layer",
                                .expected = "LSTM, GRU, SimpleRNN or RNN",
                                .found = config.layer ? config.layer->class_name() : "nothing"});
  config.layer->ensure_name();
  bool given = config.backward_layer != nullptr;
  if (!given) {
    config.backward_layer = reversed_copy(*config.layer, forward_->options());
    config.layer->set_name("forward_" + config.layer->name());
  }
  config.backward_layer->ensure_name();
  backward_ = dynamic_cast<Recurrent *>(config.backward_layer.get());
  require(backward_ != nullptr, {.what = "Bidirectional needs a recurrent backward_layer",
                                 .found = config.backward_layer->class_name()});
  require(forward_->options().go_backwards != backward_->options().go_backwards,
          {.what = "the layers of Bidirectional walk the same way",
           .hint = "set go_backwards of backward_layer"});
  if (forward_->options().return_sequences) {
    forward_->force_zero_output();
    backward_->force_zero_output();
  }
}

void BidirectionalLayer::build(const Shape &input_shape) {
  track("forward_layer", config.layer);
  track("backward_layer", config.backward_layer);
  config.layer->ensure_built({input_shape});
  config.backward_layer->ensure_built({input_shape});
}

std::vector<Tensor> BidirectionalLayer::merge(Tensor forward, Tensor backward) const {
  if (forward_->options().return_sequences)
    backward = ops::flip(backward, 1);
  if (config.merge_mode.is_null())
    return {forward, backward};
  const std::string &mode = config.merge_mode.as_string();
  if (mode == "concat")
    return {ops::concatenate({forward, backward}, -1)};
  if (mode == "sum")
    return {forward + backward};
  if (mode == "mul")
    return {forward * backward};
  if (mode == "ave")
    return {(forward + backward) / 2};
  throw Error(
      {.what = "unknown merge_mode", .expected = "concat, sum, mul, ave or null", .found = mode});
}

std::vector<Tensor> BidirectionalLayer::call_with(const Arguments &arguments) {
  Tensor x = arguments.inputs().at(0);
  std::vector<Tensor> initial = detail::initial_states(arguments);
  require(initial.size() % 2 == 0, {.what = "Bidirectional needs initial states for both layers",
                                    .found = std::to_string(initial.size())});
  auto run = [&](const LayerPtr &layer, size_t first) {
    Arguments part(x);
    ConfigValue::List states;
    for (size_t i = 0; i < initial.size() / 2; ++i) {
      part.tensors.push_back(initial[first + i]);
      states.push_back(ConfigValue::TensorRef{part.tensors.size() - 1});
    }
    if (!states.empty())
      part.named.set("initial_state", std::move(states));
    return layer->invoke(std::move(part));
  };
  std::vector<Tensor> forward = run(config.layer, 0);
  std::vector<Tensor> backward = run(config.backward_layer, initial.size() / 2);
  std::vector<Tensor> outputs = merge(forward[0], backward[0]);
  for (const std::vector<Tensor> &side : {forward, backward})
    outputs.insert(outputs.end(), side.begin() + 1, side.end());
  return outputs;
}

std::vector<Tensor> BidirectionalLayer::compute_mask(const Arguments &arguments,
                                                     const std::vector<Tensor> &outputs) {
  std::vector<Tensor> masks(outputs.size());
  if (forward_->options().return_sequences)
    for (size_t i = 0; i < (config.merge_mode.is_null() ? 2 : 1); ++i)
      masks[i] = arguments.inputs().at(0).mask();
  return masks;
}

void TimeDistributedLayer::check_config() {
  require(config.layer != nullptr, {.what = "TimeDistributed needs a layer"});
  config.layer->ensure_name();
}

void TimeDistributedLayer::build(const Shape &input_shape) {
  input_spec_ = {{.min_ndim = 3}};
  input_spec_[0].check(input_shape, 0);
  track("layer", config.layer);
  config.layer->ensure_built({detail::step_shape(input_shape)});
}

// The steps of all samples are made one batch: no layer that may stand here mixes samples.
Tensor TimeDistributedLayer::call(const Tensor &x) {
  std::vector<int64_t> together{ops::inferred},
      apart{ops::size_or_like(x, 0), ops::size_or_like(x, 1)};
  for (size_t i = 2; i < x.rank(); ++i)
    together.push_back(ops::size_or_like(x, i));
  Tensor steps = ops::reshape_codes(x, together, x);
  Tensor y = config.layer->invoke(steps).front();
  for (size_t i = 1; i < y.rank(); ++i)
    apart.push_back(y.shape()[i] == None ? ops::inferred : y.shape()[i]);
  return ops::reshape_codes(y, apart, x);
}

} // namespace horn::layers
