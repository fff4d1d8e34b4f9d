// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Arguments.h"

#include "frontend/core/Error.h"

#include <cmath>

namespace horn {

ConfigValue Arguments::reference(const Tensor &tensor) {
  tensors.push_back(tensor);
  return ConfigValue::TensorRef{tensors.size() - 1};
}

Arguments::Arguments(const Tensor &tensor) {
  positional.mutable_list().push_back(reference(tensor));
}

Arguments::Arguments(const std::vector<Tensor> &list) {
  ConfigValue::List references;
  for (const Tensor &tensor : list)
    references.push_back(reference(tensor));
  positional.mutable_list().push_back(std::move(references));
}

Arguments::Arguments(std::initializer_list<Tensor> list) : Arguments(std::vector<Tensor>(list)) {}

Arguments &Arguments::add(const Operand &operand) {
  ConfigValue value;
  if (operand.is_tensor())
    value = reference(operand.tensor());
  else if (operand.is_boolean_number())
    value = operand.number() != 0;
  else if (operand.is_floating_number())
    value = operand.number();
  else
    value = static_cast<int64_t>(operand.number());
  positional.mutable_list().push_back(std::move(value));
  return *this;
}

Arguments Arguments::positionals(const std::vector<Operand> &operands) {
  Arguments arguments;
  for (const Operand &operand : operands)
    arguments.add(operand);
  return arguments;
}

Arguments &Arguments::with(std::string_view name, const Tensor &tensor) {
  if (tensor.defined())
    named.set(name, reference(tensor));
  return *this;
}

Arguments &Arguments::with(std::string_view name, ConfigValue value) {
  named.set(name, std::move(value));
  return *this;
}

const ConfigValue *Arguments::find(std::string_view name, size_t position) const {
  const ConfigValue *value = named.find(name);
  if (!value && position < positional.as_list().size())
    value = &positional.as_list()[position];
  return value && !value->is_null() ? value : nullptr;
}

Tensor Arguments::tensor(std::string_view name, size_t position) const {
  const ConfigValue *value = find(name, position);
  if (!value)
    return {};
  if (!value->is_tensor())
    throw Error(
        {.what = "argument " + std::string(name) + " must be a tensor", .found = value->str()});
  return tensors[value->as_tensor()];
}

static void collect(const ConfigValue &value, std::vector<size_t> &indices) {
  if (value.is_tensor())
    indices.push_back(value.as_tensor());
  else if (value.is_list())
    for (const ConfigValue &item : value.as_list())
      collect(item, indices);
  else if (value.is_dict())
    for (const auto &[key, item] : value.as_dict())
      collect(item, indices);
}

std::vector<Tensor> Arguments::tensors_of(const ConfigValue &value) const {
  std::vector<size_t> indices;
  collect(value, indices);
  std::vector<Tensor> found;
  for (size_t index : indices)
    found.push_back(tensors.at(index));
  return found;
}

std::vector<Tensor> Arguments::inputs() const {
  if (!positional.as_list().empty())
    return tensors_of(positional.as_list().front());
  // Keras also takes the first argument by name.
  for (std::string_view name : {"inputs", "input", "x", "sequences", "query"})
    if (const ConfigValue *value = named.find(name))
      return tensors_of(*value);
  return {};
}

bool Arguments::flag(std::string_view name, bool otherwise) const {
  const ConfigValue *value = find(name);
  return value ? value->as_bool() : otherwise;
}

Arguments Arguments::on(std::vector<Tensor> others) const {
  Arguments result = *this;
  result.tensors = std::move(others);
  return result;
}

} // namespace horn
