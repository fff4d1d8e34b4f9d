// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Layer.h"

#include "frontend/core/CallContext.h"
#include "frontend/core/CallRecord.h"
#include "frontend/core/ErrorPath.h"
#include "frontend/core/LayerEnvelope.h"
#include "frontend/core/LayerRegistry.h"
#include "frontend/core/Node.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Tracer.h"

#include <algorithm>
#include <cxxabi.h>
#include <stdexcept>
#include <utility>

namespace horn {

Layer::Layer(std::string name, bool trainable, DTypePolicy dtype)
    : name_(std::move(name)), trainable_(trainable), dtype_(std::move(dtype)) {}
Layer::~Layer() = default;

std::string Layer::class_name() const {
  if (std::string name = registered_name(typeid(*this)); !name.empty())
    return name.substr(name.find('>') + 1);
  int status = 0;
  char *text = abi::__cxa_demangle(typeid(*this).name(), nullptr, nullptr, &status);
  std::string name = text ? text : typeid(*this).name();
  std::free(text);
  return name.substr(name.rfind(':') + 1);
}

ConfigValue Layer::get_config() const {
  return ConfigValue::Dict{
      {"name", name()}, {"trainable", trainable_}, {"dtype", dtype_.get_config()}};
}

const std::string &Layer::name() const {
  const_cast<Layer *>(this)->ensure_name();
  return name_;
}

void Layer::ensure_name() {
  if (name_.empty())
    name_ = unique_name(class_name());
}

void Layer::build(const Shape &) {}
void Layer::build_many(const std::vector<Shape> &input_shapes) {
  if (!input_shapes.empty())
    build(input_shapes.front());
}

Tensor Layer::call(const Tensor &) {
  throw Error({.where = name(),
               .what = class_name() + " does not say what it computes",
               .hint = "override call, call_many or call_with"});
}

Tensor Layer::call_many(const std::vector<Tensor> &inputs) {
  if (inputs.size() != 1)
    throw Error({.what = class_name() + " takes one input",
                 .expected = "1",
                 .found = std::to_string(inputs.size())});
  return call(inputs.front());
}

std::vector<Tensor> Layer::call_with(const Arguments &arguments) {
  return {call_many(arguments.inputs())};
}

std::vector<Tensor> Layer::compute_mask(const Arguments &arguments,
                                        const std::vector<Tensor> &outputs) {
  std::vector<Tensor> masks(outputs.size());
  if (supports_masking() && !masks.empty() && !arguments.tensors.empty())
    masks.front() = arguments.tensors.front().mask();
  return masks;
}

void Layer::check_inputs(const Arguments &arguments) const {
  if (input_spec_.empty())
    return;
  std::vector<Tensor> inputs = arguments.inputs();
  require(inputs.size() >= input_spec_.size(), {.what = "wrong number of inputs",
                                                .expected = std::to_string(input_spec_.size()),
                                                .found = std::to_string(inputs.size())});
  for (size_t i = 0; i < input_spec_.size(); ++i)
    input_spec_[i].check(inputs[i], i);
}

/// Explicit masks override those that travel with tensors: `mask`, or `<argument>_mask`.
static void apply_explicit_masks(Arguments &arguments) {
  auto set = [&](const ConfigValue &target, const ConfigValue &mask) {
    if (target.is_tensor() && mask.is_tensor()) {
      Tensor &tensor = arguments.tensors[target.as_tensor()];
      tensor = tensor.with_mask(arguments.tensors[mask.as_tensor()]);
    }
  };
  const ConfigValue *mask = arguments.named.find("mask");
  if (!mask || arguments.positional.as_list().empty())
    return;
  const ConfigValue &first = arguments.positional.as_list().front();
  if (first.is_list() && mask->is_list())
    for (size_t i = 0; i < first.as_list().size() && i < mask->as_list().size(); ++i)
      set(first.as_list()[i], mask->as_list()[i]);
  else
    set(first, *mask);
}

Arguments Layer::convert_inputs(Arguments arguments) const {
  if (is_operation())
    return arguments;
  for (Tensor &tensor : arguments.tensors)
    if (is_floating(tensor.dtype()) && is_floating(compute_dtype()) &&
        tensor.dtype() != compute_dtype())
      tensor = ops::cast(tensor, compute_dtype()).with_mask(tensor.mask());
  return arguments;
}

void Layer::ensure_built(const std::vector<Shape> &input_shapes) {
  if (built_ || building_)
    return;
  if (built_by_hand_) {
    built_ = true;
    return;
  }
  size_t num_variables = variables_.size();
  building_ = true;
  try {
    track_members();
    build_many(input_shapes);
  } catch (...) {
    variables_.resize(num_variables);
    building_ = false;
    throw;
  }
  building_ = false;
  built_ = true;
}

void Layer::track_members() {
  if (!std::exchange(members_tracked_, true))
    list_members();
}

std::string_view Layer::next_name(std::string_view &names) {
  size_t comma = std::min(names.find(','), names.size());
  std::string_view name = names.substr(0, comma);
  names.remove_prefix(std::min(comma + 1, names.size()));
  while (name.starts_with(' '))
    name.remove_prefix(1);
  return name;
}

/// The part of a call within the layer's location.
std::vector<Tensor> Layer::call_checked(Arguments arguments) {
  if (is_floating(compute_dtype()) && !is_model())
    arguments = convert_inputs(std::move(arguments));
  check_inputs(arguments);
  if (!built_)
    build_config_ = build_config_for(arguments);
  ensure_built(shapes_of(arguments.inputs()));
  // A mask given by name is passed on as one that travels with the tensor.
  apply_explicit_masks(arguments);
  std::vector<Tensor> outputs = call_with(arguments);
  require(!outputs.empty(), {.what = "the layer gave no tensor"});
  std::vector<Tensor> masks = compute_mask(arguments, outputs);
  require(masks.size() == outputs.size(), {.what = "compute_mask gave the wrong number of masks",
                                           .expected = std::to_string(outputs.size()),
                                           .found = std::to_string(masks.size()),
                                           .hint = "give an undefined Tensor for no mask"});
  for (size_t i = 0; i < outputs.size(); ++i)
    outputs[i] = outputs[i].with_mask(masks[i]);
  add_activity_losses(outputs);
  return outputs;
}

std::vector<Tensor> Layer::invoke(Arguments arguments) {
  bool converts = is_floating(compute_dtype()) && !is_model();
  Layer *parent = call_context().layers.empty() ? nullptr : call_context().layers.back();
  CallScope scope(*this, converts ? std::optional(compute_dtype()) : std::nullopt);
  // At top level it is only recorded: a model's own flag overrides it.
  const ConfigValue *training = parent ? arguments.named.find("training") : nullptr;
  if (training && training->is_bool())
    call_context().training = training->as_bool();
  Tracer &tracer = current_tracer();
  tracer.push_location(name());
  struct Pop {
    Tracer &tracer;
    ~Pop() { tracer.pop_location(); }
  } pop{tracer};
  try {
    std::vector<Tensor> outputs = call_checked(std::move(arguments));
    if (parent && parent->tracks_calls() && !is_operation())
      parent->track(name(), shared_from_this());
    return outputs;
  } catch (const Error &error) {
    // Only the innermost layer is named: its path says where it is.
    if (error.parts().where.empty())
      rethrow_within(error, call_context().path());
    throw;
  } catch (const std::out_of_range &) {
    // Lists of arguments are read with at(): a call with too few of them ends here.
    throw Error(
        {.where = call_context().path(), .what = "the layer was called with too few arguments"});
  }
}

std::vector<Tensor> Layer::operator()(Arguments arguments) {
  bool record = call_context().top_level();
  if (!record)
    return invoke(std::move(arguments));
  if (weak_from_this().expired())
    throw Error({.where = class_name(),
                 .what = "a layer is called that no shared pointer owns",
                 .hint = "make layers with make_layer<" + class_name() + ">(...)"});
  RecordScope scope;
  std::vector<Tensor> outputs = invoke(arguments);
  for (Tensor &output : outputs)
    output = output.with_history(nullptr, 0);
  auto node = std::make_shared<Node>(shared_from_this(), nodes_.size(), std::move(arguments),
                                     std::move(outputs), scope.record());
  nodes_.push_back(node);
  for (const std::shared_ptr<Layer> &inbound : node->inbound_layers())
    if (inbound)
      inbound->outbound_nodes_.push_back(node);
  return node->output_tensors();
}

Shape Layer::compute_output_shape(const Shape &input_shape) {
  return compute_output_shapes({input_shape}).front();
}

std::vector<Shape> Layer::compute_output_shapes(const std::vector<Shape> &input_shapes) {
  std::vector<Tensor> inputs;
  for (const Shape &shape : input_shapes)
    inputs.emplace_back(shape, compute_dtype());
  return shapes_of(invoke(inputs.size() == 1 ? Arguments(inputs.front()) : Arguments(inputs)));
}

Weight Layer::add_weight(std::string name, const Shape &shape, WeightOptions options) {
  require(!built_ || building_ || weak_from_this().expired(),
          {.where = this->name(),
           .what = "weight " + name + " is added to a layer that is built already",
           .hint = "add weights in the constructor or in build()"});
  // Somebody called build() by its own name: a call of the layer must not run it again.
  built_by_hand_ |= !building_ && !weak_from_this().expired();
  for (int64_t dim : shape)
    if (dim < 0)
      throw Error({.what = "weight " + name + " needs a known shape",
                   .expected = "sizes that are known when the layer is built",
                   .found = shape.str(),
                   .hint = "give the input a fixed size on that axis"});
  if (!shape.num_elements())
    throw Error({.what = "weight " + name + " is too large", .found = shape.str()});
  if (!options.trainable && options.kind == VariableKind::weight)
    options.kind = VariableKind::non_trainable_weight;
  DType dtype = options.dtype.value_or(variable_dtype());
  auto variable = std::make_shared<Variable>(name, shape, dtype, std::move(options));
  variable->set_path(this->name() + "/" + name);
  if (!trainable_)
    variable->set_trainable(false);
  variables_.emplace_back(variable);
  return variables_.back();
}

Weight Layer::add_state(std::string name, const Shape &shape, DType dtype) {
  return add_weight(std::move(name), shape,
                    {.initializer = "zeros",
                     .trainable = false,
                     .dtype = dtype,
                     .kind = VariableKind::state,
                     .autocast = false});
}

void Layer::track(std::string attribute, LayerPtr layer) {
  for (const auto &[name, child] : children_)
    if (child == layer)
      return;
  children_.emplace_back(std::move(attribute), std::move(layer));
}

std::string snake_case(std::string_view class_name) {
  std::string text;
  auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (char c : class_name)
    if (isalnum(static_cast<unsigned char>(c)) || c == '_')
      text += c;
  std::string snake;
  for (size_t i = 0; i < text.size(); ++i) {
    // An underscore goes before an upper-case letter that lower-case ones follow, or that follows
    // one.
    bool starts_word = i > 0 && upper(text[i]) &&
                       ((i + 1 < text.size() && lower(text[i + 1])) || lower(text[i - 1]));
    if (starts_word)
      snake += '_';
    snake += static_cast<char>(tolower(static_cast<unsigned char>(text[i])));
  }
  return snake;
}

void require(bool holds, ErrorParts parts) {
  if (!holds)
    throw Error(std::move(parts));
}

} // namespace horn
