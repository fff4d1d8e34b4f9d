// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Initializer.h"

#include "frontend/core/CustomObjects.h"
#include "frontend/core/Layer.h"
#include "frontend/ops/Signal.h"

#include <cmath>
#include <random>

namespace horn {

namespace {
/// The variance scaling family: what VarianceScaling's arguments are for each name.
struct Scaling {
  std::string_view class_name;
  double scale;
  std::string_view mode, distribution;
};
} // namespace

static constexpr Scaling scalings[] = {
    {"GlorotUniform", 1, "fan_avg", "uniform"},
    {"GlorotNormal", 1, "fan_avg", "truncated_normal"},
    {"HeUniform", 2, "fan_in", "uniform"},
    {"HeNormal", 2, "fan_in", "truncated_normal"},
    {"LecunUniform", 1, "fan_in", "uniform"},
    {"LecunNormal", 1, "fan_in", "truncated_normal"},
    {"VarianceScaling", 1, "fan_in", "truncated_normal"},
};

static constexpr std::pair<std::string_view, std::string_view> names[] = {
    {"zeros", "Zeros"},
    {"ones", "Ones"},
    {"constant", "Constant"},
    {"random_normal", "RandomNormal"},
    {"normal", "RandomNormal"},
    {"random_uniform", "RandomUniform"},
    {"uniform", "RandomUniform"},
    {"truncated_normal", "TruncatedNormal"},
    {"variance_scaling", "VarianceScaling"},
    {"glorot_uniform", "GlorotUniform"},
    {"glorot_normal", "GlorotNormal"},
    {"he_uniform", "HeUniform"},
    {"he_normal", "HeNormal"},
    {"lecun_uniform", "LecunUniform"},
    {"lecun_normal", "LecunNormal"},
    {"orthogonal", "Orthogonal"},
    {"OrthogonalInitializer", "Orthogonal"},
    {"identity", "Identity"},
    {"IdentityInitializer", "Identity"},
    {"stft", "STFT"},
    {"STFTInitializer", "STFT"},
    {"zero", "Zeros"},
    {"one", "Ones"},
};

static std::string resolve(const std::string &name) {
  for (auto [alias, class_name] : names)
    if (alias == name || class_name == name)
      return std::string(class_name);
  throw Error({.what = "unknown initializer " + name,
               .expected = "one of keras.initializers, such as glorot_uniform or zeros"});
}

static std::string initializer_name(const std::string &name) {
  auto *custom = find_custom_initializer(name);
  return custom ? custom->name : resolve(name);
}

Initializer::Initializer(const std::string &name, ConfigValue config)
    : class_name_(initializer_name(name)), config_(std::move(config)) {
  for (const char *key : {"mean", "stddev", "minval", "maxval", "scale", "gain", "value"})
    if (const ConfigValue *value = config_.find(key); value && !value->is_list())
      value->as_number();
}

Initializer Initializer::from_config(const ConfigValue &value) {
  if (value.is_string())
    return Initializer(value.as_string());
  if (value.is_number())
    return Initializer("Constant", ConfigValue::Dict{{"value", value}});
  const ConfigValue *config = value.find("config");
  return Initializer(std::string(object_name(value)),
                     config && config->is_dict() ? *config : ConfigValue::dict());
}

ConfigValue Initializer::get_config() const {
  if (find_custom_initializer(class_name_))
    return custom_envelope(class_name_, config_);
  return ConfigValue::envelope("keras.initializers", class_name_, config_);
}

static double number(const ConfigValue &config, std::string_view key, double otherwise) {
  const ConfigValue *value = config.find(key);
  return value && value->is_number() ? value->as_number() : otherwise;
}

namespace {
/// Numbers of one random stream. Streams are Horn's own: Keras's differ between its backends.
class Draws {
public:
  explicit Draws(uint64_t seed) : engine_(seed) {}
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine_() >> 11) * 0x1p-53);
  }
  double normal() {
    double radius = std::sqrt(-2 * std::log(1 - uniform(0, 1)));
    return radius * std::cos(2 * M_PI * uniform(0, 1));
  }
  double truncated_normal() {
    double value = normal();
    while (std::abs(value) > 2)
      value = normal();
    return value;
  }

private:
  std::mt19937_64 engine_;
};
} // namespace

template <class Draw> static void fill(const Array &array, Draw draw) {
  for (size_t i = 0; i < array.size(); ++i)
    array.set(i, draw());
}

/// Inputs and outputs that one unit sees. The last two axes are in and out; the others multiply.
static std::pair<double, double> fans(const Shape &shape) {
  if (shape.rank() < 2) {
    double size = shape.empty() ? 1 : static_cast<double>(shape[0]);
    return {size, size};
  }
  double receptive = 1;
  for (size_t i = 0; i + 2 < shape.rank(); ++i)
    receptive *= static_cast<double>(shape[i]);
  return {receptive * static_cast<double>(shape[shape.rank() - 2]),
          receptive * static_cast<double>(shape.back())};
}

static void fill_scaled(const Array &array, const Scaling &preset, const ConfigValue &config,
                        Draws &draws) {
  auto [fan_in, fan_out] = fans(array.shape());
  std::string_view mode = config.string_or("mode", preset.mode);
  double fan = mode == "fan_in" ? fan_in : mode == "fan_out" ? fan_out : (fan_in + fan_out) / 2;
  double scale = number(config, "scale", preset.scale) / std::max(1.0, fan);
  std::string_view distribution = config.string_or("distribution", preset.distribution);
  if (distribution == "uniform") {
    double limit = std::sqrt(3 * scale);
    fill(array, [&] { return draws.uniform(-limit, limit); });
  } else if (distribution == "untruncated_normal") {
    fill(array, [&] { return std::sqrt(scale) * draws.normal(); });
  } else { // the cut at two sigma makes the variance smaller, which is made up for
    double stddev = std::sqrt(scale) / 0.87962566103423978;
    fill(array, [&] { return stddev * draws.truncated_normal(); });
  }
}

/// Orthonormal columns (or rows, if there are fewer) by Gram-Schmidt on normal numbers.
static void fill_orthogonal(const Array &array, double gain, Draws &draws) {
  const Shape &shape = array.shape();
  if (shape.rank() < 2)
    throw Error(
        {.what = "initializer Orthogonal needs a shape of rank 2 or more", .found = shape.str()});
  size_t columns = static_cast<size_t>(shape.back());
  size_t rows = columns ? array.size() / columns : 0;
  size_t count = std::min(rows, columns), length = std::max(rows, columns);
  std::vector<std::vector<double>> basis;
  while (basis.size() < count) {
    std::vector<double> v(length);
    for (double &x : v)
      x = draws.normal();
    for (int pass = 0; pass < 2; ++pass) // the second pass removes what rounding left
      for (const std::vector<double> &other : basis) {
        double dot = 0;
        for (size_t i = 0; i < length; ++i)
          dot += v[i] * other[i];
        for (size_t i = 0; i < length; ++i)
          v[i] -= dot * other[i];
      }
    double norm = 0;
    for (double x : v)
      norm += x * x;
    for (double &x : v)
      x /= std::sqrt(norm);
    basis.push_back(std::move(v));
  }
  for (size_t r = 0; r < rows; ++r)
    for (size_t c = 0; c < columns; ++c)
      array.set(r * columns + c, gain * (rows >= columns ? basis[c][r] : basis[r][c]));
}

static void fill_identity(const Array &array, double gain) {
  const Shape &shape = array.shape();
  if (shape.rank() != 2)
    throw Error({.what = "initializer Identity needs a shape of rank 2", .found = shape.str()});
  for (int64_t i = 0; i < std::min(shape[0], shape[1]); ++i)
    array.set(static_cast<size_t>(i * shape[1] + i), gain);
}

/// Kernels (samples, 1, bins) that give short-time Fourier transforms by convolution.
static Array stft_kernel(const Shape &shape, DType dtype, const ConfigValue &config) {
  if (shape.rank() != 3 || shape[2] < 2)
    throw Error({.what = "initializer STFT needs a shape of rank 3", .found = shape.str()});
  const ConfigValue *name = config.find("window"), *periodic = config.find("periodic");
  std::vector<double> window(static_cast<size_t>(shape[0]), 1);
  bool windowed = !name || !name->is_null();
  if (windowed)
    window = ops::window_function(name ? name->as_string() : "hann", shape[0],
                                  periodic && periodic->as_bool());
  double squares = 0, total = 0;
  for (double value : window) {
    squares += value * value;
    total += std::abs(value);
  }
  const ConfigValue *scaling = config.find("scaling");
  std::string_view kind =
      scaling && scaling->is_null() ? "" : config.string_or("scaling", "density");
  double scale = !windowed            ? 1
                 : kind == "density"  ? std::sqrt(squares)
                 : kind == "spectrum" ? total
                                      : 1;
  for (double &value : window)
    value /= scale;
  return ops::dft_kernel(window, (shape[2] - 1) * 2, shape[2],
                         config.string_or("side", "real") == "imag", dtype);
}

Array Initializer::operator()(const Shape &shape, DType dtype, uint64_t seed) const {
  if (auto *custom = find_custom_initializer(class_name_)) {
    Array values = custom->function(shape, dtype, seed, config_);
    require(values.shape() == shape, {.where = class_name_,
                                      .what = "the initializer gave another shape",
                                      .expected = shape.str(),
                                      .found = values.shape().str()});
    return values.cast(dtype);
  }
  if (class_name_ == "STFT")
    return stft_kernel(shape, dtype, config_);
  Array array(shape, dtype);
  Draws draws(static_cast<uint64_t>(number(config_, "seed", 0)) ^ seed);
  double mean = number(config_, "mean", 0), stddev = number(config_, "stddev", 0.05);
  for (const Scaling &preset : scalings)
    if (preset.class_name == class_name_)
      fill_scaled(array, preset, config_, draws);
  if (class_name_ == "Ones")
    fill(array, [] { return 1.0; });
  else if (class_name_ == "Constant")
    fill(array, [&] { return number(config_, "value", 0); });
  else if (class_name_ == "RandomNormal")
    fill(array, [&] { return mean + stddev * draws.normal(); });
  else if (class_name_ == "TruncatedNormal")
    fill(array, [&] { return mean + stddev * draws.truncated_normal(); });
  else if (class_name_ == "RandomUniform")
    fill(array, [&, low = number(config_, "minval", -0.05),
                 high = number(config_, "maxval", 0.05)] { return draws.uniform(low, high); });
  else if (class_name_ == "Orthogonal")
    fill_orthogonal(array, number(config_, "gain", 1), draws);
  else if (class_name_ == "Identity")
    fill_identity(array, number(config_, "gain", 1));
  return array;
}

} // namespace horn
