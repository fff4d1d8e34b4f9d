// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ops/Operation.h"

#include "frontend/core/CallContext.h"
#include "frontend/ops/Axes.h"
#include "frontend/ops/Tracer.h"

namespace horn {

const ConfigValue *OperationCall::find(std::string_view name, size_t position) const {
  if (const ConfigValue *value = config_.find(name); value && !value->is_null())
    return value;
  return arguments_.find(name, position);
}

static const ConfigValue &present(const ConfigValue *value, std::string_view name) {
  require(value != nullptr, {.what = "missing argument " + std::string(name)});
  return *value;
}

static void flatten_numbers(const ConfigValue &value, std::vector<double> &numbers, Shape &shape,
                            size_t depth) {
  if (!value.is_list()) {
    require(depth == shape.rank(), {.what = "ragged list of numbers"});
    numbers.push_back(value.is_bool() ? value.as_bool() : value.as_number());
    return;
  }
  int64_t size = static_cast<int64_t>(value.as_list().size());
  if (shape.rank() <= depth && numbers.empty())
    shape.push_back(size);
  require(depth < shape.rank() && shape[depth] == size, {.what = "ragged list of numbers"});
  for (const ConfigValue &item : value.as_list())
    flatten_numbers(item, numbers, shape, depth + 1);
}

static bool all_integers(const ConfigValue &value) {
  if (!value.is_list())
    return value.is_int();
  for (const ConfigValue &item : value.as_list())
    if (!all_integers(item))
      return false;
  return true;
}

/// A constant from nested lists, or from an envelope of __tensor__ or __numpy__.
static Tensor constant_of(const ConfigValue &value) {
  const ConfigValue *nested = &value;
  DType dtype = all_integers(value) ? DType::int32 : DType::float32;
  if (value.is_dict()) {
    nested = &value.at("config").at("value");
    dtype = dtype_from_name(value.at("config").string_or("dtype", "float32"));
  }
  std::vector<double> numbers;
  Shape shape;
  flatten_numbers(*nested, numbers, shape, 0);
  Array array(shape, dtype);
  for (size_t i = 0; i < numbers.size(); ++i)
    array.set(i, numbers[i]);
  return current_tracer().constant(array);
}

Operand OperationCall::to_operand(std::string_view name, const ConfigValue &value) const {
  if (value.is_tensor())
    return arguments_.tensors[value.as_tensor()];
  if (value.is_bool())
    return value.as_bool();
  if (value.is_int())
    return value.as_int();
  if (value.is_number())
    return value.as_number();
  if (value.is_list() || value.is_dict())
    return constant_of(value);
  throw Error({.what = "argument " + std::string(name) + " must be a tensor or a number",
               .found = value.str()});
}

Operand OperationCall::operand(std::string_view name, size_t position) const {
  return to_operand(name, present(find(name, position), name));
}

Tensor OperationCall::tensor(std::string_view name, size_t position) const {
  Operand operand = this->operand(name, position);
  if (operand.is_tensor())
    return operand.tensor();
  return constant_of(present(find(name, position), name));
}

std::vector<Tensor> OperationCall::tensors(std::string_view name, size_t position) const {
  const ConfigValue &value = present(find(name, position), name);
  if (!value.is_list())
    return {tensor(name, position)};
  std::vector<Tensor> tensors;
  for (const ConfigValue &item : value.as_list()) {
    Operand operand = to_operand(name, item);
    tensors.push_back(operand.is_tensor() ? operand.tensor() : constant_of(item));
  }
  return tensors;
}

int64_t OperationCall::integer(std::string_view name, int64_t otherwise) const {
  const ConfigValue *value = find(name);
  return value ? value->as_int() : otherwise;
}
double OperationCall::number(std::string_view name, double otherwise) const {
  const ConfigValue *value = find(name);
  return value ? value->as_number() : otherwise;
}
bool OperationCall::flag(std::string_view name, bool otherwise) const {
  const ConfigValue *value = find(name);
  return value ? value->as_bool() : otherwise;
}
std::string OperationCall::text(std::string_view name, std::string_view otherwise) const {
  const ConfigValue *value = find(name);
  return value ? value->as_string() : std::string(otherwise);
}
Axes OperationCall::axes(std::string_view name) const {
  const ConfigValue *value = find(name);
  return value ? Axes(value->as_ints()) : Axes();
}
std::vector<int64_t> OperationCall::integers(std::string_view name) const {
  return present(find(name), name).as_ints();
}
std::optional<DType> OperationCall::dtype(std::string_view name) const {
  const ConfigValue *value = find(name);
  return value ? std::optional(dtype_from_name(value->as_string())) : std::nullopt;
}

/// Throws for a class without an entry: one that is known to be impossible, or unknown.
[[noreturn]] static void refuse(std::string_view class_name) {
  static constexpr struct {
    std::string_view name, reason, alternative;
  } missing[] = {
#define HORN_MISSING_OPERATION(Class, reason, alternative) {#Class, reason, alternative},
#include "frontend/ops/tables/Missing.def"
  };
  for (const auto &row : missing)
    if (row.name == class_name)
      throw UnsupportedError(
          {.what = "operation " + std::string(class_name) + ": " + std::string(row.reason),
           .hint = std::string(row.alternative)});
  throw UnsupportedError({.what = "unknown operation " + std::string(class_name),
                          .hint = "write a layer of your own and register it under this name"});
}

Operation::Operation(std::string_view class_name, ConfigValue config)
    : Layer(std::string(config.string_or("name", ""))), entry_(find_operation(class_name)),
      config_(std::move(config)) {
  if (!entry_)
    refuse(class_name);
  ensure_name();
}

ConfigValue Operation::get_config() const {
  ConfigValue config = ConfigValue::Dict{{"name", name()}};
  for (const auto &[key, value] : config_.as_dict())
    if (key != "name")
      config.set(key, value);
  return config;
}

std::vector<Tensor> Operation::call_with(const Arguments &arguments) {
  return entry_->run(OperationCall(arguments, config_));
}

bool detail::recording(const std::vector<Tensor> &tensors) {
  if (!call_context().top_level())
    return false;
  for (const Tensor &tensor : tensors)
    if (tensor.node())
      return true;
  return false;
}

bool detail::recording(std::initializer_list<Tensor> tensors) {
  return call_context().top_level() && recording(std::vector<Tensor>(tensors));
}

bool detail::recording(const Operand &a, const Operand &b) {
  return call_context().top_level() &&
         ((a.is_tensor() && a.tensor().node()) || (b.is_tensor() && b.tensor().node()));
}

std::vector<Tensor> detail::record_all(std::string_view class_name, Arguments arguments,
                                       ConfigValue::Dict config) {
  auto operation = std::make_shared<Operation>(class_name, ConfigValue(std::move(config)));
  return (*operation)(std::move(arguments));
}

Tensor detail::record(std::string_view class_name, Arguments arguments, ConfigValue::Dict config) {
  return record_all(class_name, std::move(arguments), std::move(config)).front();
}

} // namespace horn
