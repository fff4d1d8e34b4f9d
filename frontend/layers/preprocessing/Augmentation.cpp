// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Augmentation.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/TrainPhase.h"

namespace horn::layers {

static DTypePolicy policy_of(const ConfigValue &config) {
  const ConfigValue *dtype = config.find("dtype");
  return dtype && !dtype->is_null() ? DTypePolicy::from_config(*dtype) : DTypePolicy();
}

AugmentationBase::AugmentationBase(ConfigValue config)
    : Layer(std::string(config.string_or("name", "")), true, policy_of(config)),
      config_(std::move(config)) {}

ConfigValue AugmentationBase::get_config() const {
  ConfigValue config = Layer::get_config();
  for (const auto &[key, value] : config_.as_dict())
    if (!config.find(key))
      config.set(key, value);
  return config;
}

Tensor AugmentationBase::call(const Tensor &images) {
  ops::inference_only(class_name());
  return ops::cast(images, ops::to_floating(compute_dtype()));
}

} // namespace horn::layers
