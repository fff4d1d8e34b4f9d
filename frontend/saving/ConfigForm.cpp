// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ConfigForm.h"

#include "frontend/saving/ConfigCompat.h"

#include <algorithm>

namespace horn::saving {

namespace {
struct Argument {
  std::string_view class_name, key;
};
} // namespace

/// Fields that Horn's layers share with their family and Keras's class does not take.
static constexpr Argument absent[] = {
    {"Cropping1D", "data_format"},      {"Discretization", "trainable"},
    {"GaussianDropout", "data_format"}, {"GaussianNoise", "data_format"},
    {"HashedCrossing", "trainable"},    {"SpatialDropout1D", "data_format"},
    {"SpatialDropout1D", "trainable"},  {"SpatialDropout2D", "trainable"},
    {"SpatialDropout3D", "trainable"},  {"UpSampling1D", "data_format"},
    {"UpSampling1D", "interpolation"},  {"UpSampling3D", "interpolation"},
};

/// Arguments of Keras 3 that change no result here: written back as a file had them.
static constexpr std::string_view kept[] = {"activity_regularizer",
                                            "quantization_config",
                                            "renorm",
                                            "renorm_clipping",
                                            "renorm_momentum",
                                            "rms_scaling",
                                            "salt",
                                            "seed",
                                            "sparse",
                                            "synchronized",
                                            "unroll",
                                            "unit_forget_bias",
                                            "vocabulary_dtype",
                                            "zero_output_for_mask"};

static bool is_absent(std::string_view class_name, std::string_view key) {
  return std::any_of(std::begin(absent), std::end(absent), [&](const Argument &argument) {
    return argument.class_name == class_name && argument.key == key;
  });
}

static bool is_one(const ConfigValue &value) {
  return value.is_list() && value.as_list().size() == 1;
}

/// Whether a file's value is another way to say what is written.
static bool says_the_same(const ConfigValue &given, const ConfigValue &written) {
  if (given.is_number() && written.is_number())
    return given.as_number() == written.as_number();
  if (given.is_int() && is_one(written))
    return given == written.as_list().front();
  if (given.is_string() && written.string_or("class_name", "") == "DTypePolicy")
    return written.at("config").string_or("name", "") == given.as_string();
  return false;
}

/// One axis is a number in Keras; LayerNormalization alone writes a list.
static ConfigValue without_list(std::string_view class_name, std::string_view key,
                                const ConfigValue &value) {
  bool number = ((key == "axis" || key == "axes") && class_name != "LayerNormalization") ||
                (class_name == "UpSampling1D" && key == "size");
  return number && is_one(value) ? value.as_list().front() : value;
}

ConfigValue config_in_keras_form(std::string_view class_name, const ConfigValue &written,
                                 const ConfigValue *given) {
  ConfigValue config = ConfigValue::dict(), modern = ConfigValue::dict();
  if (given && given->is_dict())
    modern = modernize_config(class_name, *given);
  for (const auto &[key, value] : modern.as_dict())
    if (const ConfigValue *now = written.find(key))
      config.set(key, says_the_same(value, *now) ? value : *now);
    else if (std::find(std::begin(kept), std::end(kept), key) != std::end(kept))
      config.set(key, value);
  for (const auto &[key, value] : written.as_dict())
    if (!config.find(key) && !is_absent(class_name, key))
      config.set(key, without_list(class_name, key, value));
  return config;
}

} // namespace horn::saving
