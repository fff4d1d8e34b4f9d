// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Regularizer.h"

#include "frontend/core/CustomObjects.h"
#include "frontend/core/Error.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"

namespace horn {

namespace {
struct Name {
  std::string_view alias, class_name;
};
} // namespace

static constexpr Name regularizers[] = {{"l1", "L1"},
                                        {"l2", "L2"},
                                        {"l1_l2", "L1L2"},
                                        {"orthogonal_regularizer", "OrthogonalRegularizer"}};
static constexpr Name constraints[] = {{"max_norm", "MaxNorm"},
                                       {"min_max_norm", "MinMaxNorm"},
                                       {"non_neg", "NonNeg"},
                                       {"unit_norm", "UnitNorm"}};

template <size_t N>
static std::string resolve(const Name (&table)[N], const std::string &name, const char *what) {
  for (const Name &row : table)
    if (row.alias == name || row.class_name == name)
      return std::string(row.class_name);
  std::string all;
  for (const Name &row : table)
    (all += all.empty() ? "" : ", ") += row.class_name;
  throw UnsupportedError(
      {.what = std::string("unknown ") + what + " " + name, .expected = "one of " + all});
}

/// The arguments in an envelope; none beside a bare name.
static ConfigValue arguments_of(const ConfigValue &value) {
  const ConfigValue *config = value.find("config");
  return config && config->is_dict() ? *config : ConfigValue::dict();
}

static std::string regularizer_name(std::string_view name) {
  auto *custom = find_custom_regularizer(name);
  return custom ? custom->name : resolve(regularizers, std::string(name), "regularizer");
}

static std::string constraint_name(std::string_view name) {
  auto *custom = find_custom_constraint(name);
  return custom ? custom->name : resolve(constraints, std::string(name), "constraint");
}

static double number(const ConfigValue &config, std::string_view key, double otherwise) {
  const ConfigValue *value = config.find(key);
  return value && !value->is_null() ? value->as_number() : otherwise;
}

Regularizer::Regularizer(const std::string &name, ConfigValue config)
    : class_name_(regularizer_name(name)), config_(std::move(config)) {}

Regularizer Regularizer::from_config(const ConfigValue &value) {
  if (value.is_null())
    return {};
  return Regularizer(std::string(object_name(value)), arguments_of(value));
}

ConfigValue Regularizer::get_config() const {
  if (find_custom_regularizer(class_name_))
    return custom_envelope(class_name_, config_);
  return defined() ? ConfigValue::envelope("keras.regularizers", class_name_, config_)
                   : ConfigValue();
}

/// factor * sum of |dot products of different normalised rows (or columns)| / their number / 2.
static Tensor orthogonality(const Tensor &weight, const ConfigValue &config) {
  bool rows = config.string_or("mode", "rows") == "rows";
  Tensor w = rows ? weight : ops::transpose(weight);
  Tensor norm = ops::sqrt(ops::maximum(ops::sum(ops::square(w), 1, /*keepdims=*/true), 1e-12));
  Tensor unit = w / norm;
  double count = static_cast<double>(w.shape()[0]);
  Tensor products = ops::absolute(ops::matmul_transposed(unit, unit));
  Tensor off_diagonal = ops::triu(products, 1);
  return number(config, "factor", 0.01) * ops::sum(off_diagonal) / (count * (count - 1) / 2);
}

Tensor Regularizer::operator()(const Tensor &weight) const {
  if (auto *custom = find_custom_regularizer(class_name_))
    return custom->function(weight, config_);
  if (class_name_ == "OrthogonalRegularizer")
    return orthogonality(weight, config_);
  bool mixed = class_name_ == "L1L2";
  double l1 = number(config_, "l1", class_name_ == "L1" && !mixed ? 0.01 : 0);
  double l2 = number(config_, "l2", class_name_ == "L2" && !mixed ? 0.01 : 0);
  Tensor first = l1 * ops::sum(ops::absolute(weight));
  Tensor second = l2 * ops::sum(ops::square(weight));
  return l2 == 0 ? first : l1 == 0 ? second : first + second;
}

Constraint::Constraint(const std::string &name, ConfigValue config)
    : class_name_(constraint_name(name)), config_(std::move(config)) {}

Constraint Constraint::from_config(const ConfigValue &value) {
  if (value.is_null())
    return {};
  return Constraint(std::string(object_name(value)), arguments_of(value));
}

ConfigValue Constraint::get_config() const {
  if (find_custom_constraint(class_name_))
    return custom_envelope(class_name_, config_);
  return defined() ? ConfigValue::envelope("keras.constraints", class_name_, config_)
                   : ConfigValue();
}

Tensor Constraint::operator()(const Tensor &weight) const {
  if (auto *custom = find_custom_constraint(class_name_))
    return custom->function(weight, config_);
  if (class_name_ == "NonNeg")
    return weight * ops::cast(weight >= 0, weight.dtype());
  const ConfigValue *axis = config_.find("axis");
  Axes axes = axis && !axis->is_null() ? Axes(axis->as_ints()) : Axes(0);
  Tensor norm = ops::sqrt(ops::sum(ops::square(weight), axes, /*keepdims=*/true));
  if (class_name_ == "UnitNorm")
    return weight / (norm + 1e-7);
  if (class_name_ == "MaxNorm")
    return weight * (ops::clip(norm, 0, number(config_, "max_value", 2)) / (norm + 1e-7));
  double rate = number(config_, "rate", 1);
  Tensor wanted =
      rate * ops::clip(norm, number(config_, "min_value", 0), number(config_, "max_value", 1)) +
      (1 - rate) * norm;
  return weight * (wanted / (norm + 1e-7));
}

} // namespace horn
