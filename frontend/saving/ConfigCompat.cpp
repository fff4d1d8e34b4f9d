// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ConfigCompat.h"

#include "frontend/core/Error.h"

namespace horn::saving {

namespace {
struct Rename {
  std::string_view class_name, from, to; // class "*": any
};
struct Ignored {
  std::string_view class_name, key; // class "*": any
};
/// Keys that change results unless they have the value that switches them off.
struct OnlyIf {
  std::string_view key;
  ConfigValue value;
};
} // namespace

static constexpr Rename renames[] = {
    {"*", "batch_input_shape", "batch_shape"},
    {"LeakyReLU", "alpha", "negative_slope"},
    {"Reshape", "dims", "target_shape"},
    {"Conv2DTranspose", "out_pad", "output_padding"},
};

static constexpr Ignored ignored[] = {
    {"*", "seed"},
    {"*", "quantization_config"},
    {"*", "activity_regularizer"},
    {"*", "build_config"},
    {"*", "autocast"},
    {"*", "batch_shape"}, // Keras 2 puts it on the first layer of a Sequential
    {"*", "input_dtype"},
    {"*", "ragged"},
    {"*", "sparse"},
    {"*", "input_length"},
    {"*", "implementation"},
    {"*", "use_cudnn"},
    {"*", "unroll"},
    {"*", "flash_attention"},
    {"*", "zero_output_for_mask"},
    {"IntegerLookup", "vocabulary_dtype"},
    {"BatchNormalization", "synchronized"},
    {"BatchNormalization", "fused"},
    {"BatchNormalization", "renorm_clipping"},
    {"BatchNormalization", "renorm_momentum"},
    {"BatchNormalization", "virtual_batch_size"},
    {"BatchNormalization", "adjustment"},
    {"DepthwiseConv1D", "groups"},
    {"DepthwiseConv2D", "groups"},
    {"DepthwiseConv1D", "filters"},
    {"DepthwiseConv2D", "filters"},
    {"DepthwiseConv1D", "kernel_initializer"},
    {"DepthwiseConv2D", "kernel_initializer"},
    {"DepthwiseConv1D", "kernel_regularizer"},
    {"DepthwiseConv2D", "kernel_regularizer"},
    {"DepthwiseConv1D", "kernel_constraint"},
    {"DepthwiseConv2D", "kernel_constraint"},
    {"SeparableConv1D", "kernel_initializer"},
    {"SeparableConv2D", "kernel_initializer"},
    {"SeparableConv1D", "kernel_regularizer"},
    {"SeparableConv2D", "kernel_regularizer"},
    {"SeparableConv1D", "kernel_constraint"},
    {"SeparableConv2D", "kernel_constraint"},
};

static const OnlyIf &harmless_value(std::string_view key) {
  static const OnlyIf table[] = {{"renorm", false},
                                 {"time_major", false},
                                 {"rms_scaling", false},
                                 {"lora_rank", nullptr},
                                 {"lora_alpha", nullptr},
                                 {"gptq_config", nullptr},
                                 {"quantization_mode", nullptr},
                                 {"groups", 1},
                                 {"unit_forget_bias", true},
                                 {"weights", nullptr},
                                 {"input_tensor", nullptr},
                                 {"", nullptr}};
  for (const OnlyIf &row : table)
    if (row.key == key || row.key.empty())
      return row;
  return table[0];
}

ConfigValue modernize_config(std::string_view class_name, const ConfigValue &config) {
  ConfigValue modern = config.is_null() ? ConfigValue::dict() : config;
  for (auto &[key, value] : modern.mutable_dict())
    for (const Rename &rename : renames)
      if (key == rename.from && (rename.class_name == "*" || rename.class_name == class_name))
        key = rename.to;
  // Keras 2 wrote `implementation`, and before it had reset_after the bias came first.
  if (class_name == "GRU" && modern.find("implementation") && !modern.find("reset_after"))
    modern.set("reset_after", false);
  return modern;
}

/// Without recursion: files may nest deeply.
static void rename_activations(ConfigValue &config) {
  std::vector<ConfigValue *> open{&config};
  while (!open.empty()) {
    ConfigValue &value = *open.back();
    open.pop_back();
    if (value.is_list())
      for (ConfigValue &item : value.mutable_list())
        open.push_back(&item);
    if (!value.is_dict())
      continue;
    for (auto &[key, item] : value.mutable_dict())
      if (key.ends_with("activation") && item.is_string() && item.as_string() == "hard_sigmoid")
        item = "hard_sigmoid_keras2";
      else
        open.push_back(&item);
  }
}

void rename_by_version(ConfigValue &config, std::string_view keras_version) {
  if (keras_version.starts_with("1.") || keras_version.starts_with("2."))
    rename_activations(config);
}

void check_unknown_key(std::string_view class_name, std::string_view key,
                       const ConfigValue &value) {
  for (const Ignored &row : ignored)
    if (row.key == key && (row.class_name == "*" || row.class_name == class_name))
      return;
  const OnlyIf &harmless = harmless_value(key);
  if (!harmless.key.empty() ? harmless.value == value : value.is_null())
    return;
  throw UnsupportedError({.where = std::string(key),
                          .what = "unknown argument of " + std::string(class_name),
                          .expected = harmless.key.empty() ? "none" : harmless.value.str(),
                          .found = value.str()});
}

std::string_view modern_class_name(std::string_view class_name) {
  static constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"Model", "Functional"},
      {"CuDNNLSTM", "LSTM"},
      {"CuDNNGRU", "GRU"},
      {"BatchNormalizationV1", "BatchNormalization"},
      {"BatchNormalizationV2", "BatchNormalization"},
      {"SyncBatchNormalization", "BatchNormalization"},
  };
  for (auto [old, modern] : names)
    if (old == class_name)
      return modern;
  return class_name;
}

} // namespace horn::saving
