// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Stand-alone objects: activations, regularizers, constraints and initializers.
#include "frontend/core/Initializer.h"
#include "frontend/core/Regularizer.h"
#include "frontend/layers/core/InputLayer.h"
#include "frontend/ops/Activation.h"
#include "frontend/ops/NN.h"
#include "tools/horn/CaseKinds.h"

#include <cmath>

namespace horn::cli {

namespace {
/// A function of one tensor as a layer.
struct FunctionLayer : Layer {
  explicit FunctionLayer(std::function<Tensor(const Tensor &)> function)
      : function(std::move(function)) {}
  std::string class_name() const override { return "FunctionLayer"; }
  Tensor call(const Tensor &x) override { return function(x); }
  std::function<Tensor(const Tensor &)> function;
};
} // namespace

void run_function(CaseChecks &checks, const std::string &input,
                  const std::function<Tensor(const Tensor &)> &function) {
  saving::Safetensors tensors = tensors_of(checks.test);
  const Array &given = tensors.at(input);
  if (given.shape().empty())
    throw UnsupportedError({.what = "a scalar cannot be the input of a model"});
  Tensor x = Input(given.shape().slice(1, given.shape().rank()),
                   {.name = input, .dtype = given.dtype(), .batch_size = given.shape()[0]});
  Model model(x, make_layer<FunctionLayer>(function)(x));
  checks.for_each_engine([&](Engine engine) {
    checks.compare("value", run_engine(engine, model, {given}).at(0), tensors.at("value"));
  });
  if (tensors.has("grad:" + input))
    checks.note("grad:" + input + " not checked: gradients are not built yet");
}

/// An activation function with the arguments of its configuration.
static Tensor activate(const Tensor &x, const std::string &name, const ConfigValue &arguments) {
  auto number = [&](const char *key, double otherwise) {
    const ConfigValue *value = arguments.find(key);
    return value && !value->is_null() ? value->as_number() : otherwise;
  };
  auto axis = [&] { return static_cast<int64_t>(number("axis", -1)); };
  if (name == "threshold")
    return ops::threshold(x, arguments.at("threshold").as_number(),
                          arguments.at("default_value").as_number());
  if (arguments.as_dict().empty())
    return Activation(name)(x);
  if (name == "relu") {
    const ConfigValue *most = arguments.find("max_value");
    return ops::relu(x, number("negative_slope", 0),
                     most && !most->is_null() ? std::optional(most->as_number()) : std::nullopt,
                     number("threshold", 0));
  }
  if (name == "leaky_relu")
    return ops::leaky_relu(x, number("negative_slope", 0.2));
  if (name == "elu")
    return ops::elu(x, number("alpha", 1));
  if (name == "celu")
    return ops::celu(x, number("alpha", 1));
  if (name == "gelu") {
    const ConfigValue *approximate = arguments.find("approximate");
    return ops::gelu(x, approximate && approximate->as_bool());
  }
  if (name == "glu")
    return ops::glu(x, axis());
  if (name == "hard_shrink")
    return ops::hard_shrink(x, number("threshold", 0.5));
  if (name == "soft_shrink")
    return ops::soft_shrink(x, number("threshold", 0.5));
  if (name == "squareplus")
    return ops::squareplus(x, number("b", 4));
  if (name == "softmax")
    return ops::softmax(x, axis());
  if (name == "log_softmax")
    return ops::log_softmax(x, axis());
  if (name == "sparsemax")
    return ops::sparsemax(x, axis());
  throw UnsupportedError(
      {.what = "arguments of activation " + name + " are not supported", .found = arguments.str()});
}

void run_activation(CaseChecks &checks) {
  ConfigValue config = config_of(checks.test);
  std::string name = config.at("activation").as_string();
  const ConfigValue *given = config.find("arguments");
  ConfigValue arguments = given && given->is_dict() ? *given : ConfigValue::dict();
  run_function(checks, "x", [&](const Tensor &x) { return activate(x, name, arguments); });
}

void run_regularizer(CaseChecks &checks) {
  run_function(checks, "w", Regularizer::from_config(config_of(checks.test)));
}

void run_constraint(CaseChecks &checks) {
  run_function(checks, "w", Constraint::from_config(config_of(checks.test)));
}

static Shape shape_of_config(const ConfigValue &config) {
  return Shape(config.at("shape").as_ints());
}

void run_initializer(CaseChecks &checks) {
  saving::Safetensors tensors = tensors_of(checks.test);
  ConfigValue config = config_of(checks.test);
  Initializer initializer = Initializer::from_config(config.at("initializer"));
  Array value = initializer(shape_of_config(config), tensors.at("value").dtype(), /*seed=*/1);
  checks.compare("value", value, tensors.at("value"));
}

namespace {
/// What is known of a distribution.
struct Statistics {
  double mean = 0, deviation = 0, least = 0, most = 0;
};
} // namespace

static Statistics statistics_of(const std::vector<Array> &draws) {
  double sum = 0, squares = 0, count = 0;
  Statistics result{.least = INFINITY, .most = -INFINITY};
  for (const Array &draw : draws)
    for (size_t i = 0; i < draw.size(); ++i, ++count) {
      double value = draw.at(i);
      sum += value;
      squares += value * value;
      result.least = std::min(result.least, value);
      result.most = std::max(result.most, value);
    }
  result.mean = sum / count;
  result.deviation = std::sqrt(std::max(0.0, squares / count - result.mean * result.mean));
  return result;
}

static Array scalar_like(const Array &expected, double value) {
  Array array(expected.shape(), expected.dtype());
  array.set(0, value);
  return array;
}

/// Largest element of |m^T m - 1|, where m has the last axis as columns.
static double gram_error(const Array &array) {
  auto columns = static_cast<size_t>(array.shape().back());
  size_t rows = columns ? array.size() / columns : 0;
  double worst = 0;
  for (size_t a = 0; a < columns; ++a)
    for (size_t b = 0; b < columns; ++b) {
      double dot = a == b ? -1 : 0;
      for (size_t row = 0; row < rows; ++row)
        dot += array.at(row * columns + a) * array.at(row * columns + b);
      worst = std::max(worst, std::abs(dot));
    }
  return worst;
}

/// The envelope with another seed, which would else give the same numbers each time.
static ConfigValue with_seed(ConfigValue envelope, int64_t seed) {
  const ConfigValue *inner = envelope.find("config");
  if (!inner || !inner->find("seed"))
    return envelope;
  ConfigValue changed = *inner;
  changed.set("seed", seed);
  envelope.set("config", std::move(changed));
  return envelope;
}

void run_initializer_statistics(CaseChecks &checks) {
  saving::Safetensors tensors = tensors_of(checks.test);
  ConfigValue config = config_of(checks.test);
  std::vector<Array> draws;
  for (int64_t seed = 1; seed <= 20; ++seed)
    draws.push_back(Initializer::from_config(with_seed(config.at("initializer"), seed))(
        shape_of_config(config), DType::float32, /*seed=*/0));
  Statistics found = statistics_of(draws);
  Tolerance near = checks.test.tolerance, extremes = near;
  std::string class_name = Initializer::from_config(config.at("initializer")).class_name();
  // The extremes of a distribution without bounds are left to chance; a fifth is five times what
  // they vary by in 10^5 draws.
  if (class_name == "RandomNormal" || class_name == "Orthogonal")
    extremes.relative = 0.2;
  for (auto [name, value, tolerance] :
       {std::tuple("mean", found.mean, near), std::tuple("std", found.deviation, near),
        std::tuple("min", found.least, extremes), std::tuple("max", found.most, extremes)})
    if (tensors.has(name))
      checks.compare(name, scalar_like(tensors.at(name), value), tensors.at(name), tolerance);
  if (tensors.has("gram_error"))
    checks.compare("gram_error", scalar_like(tensors.at("gram_error"), gram_error(draws[0])),
                   tensors.at("gram_error"));
}

} // namespace horn::cli
