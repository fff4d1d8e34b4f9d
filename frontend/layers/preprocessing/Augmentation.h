// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that change images at random in training. At inference they give their input, so that
// their arguments are kept and not looked at.
#pragma once

#include "frontend/core/Handle.h"
#include "frontend/core/Layer.h"

namespace horn {
class LayerReader;
} // namespace horn

namespace horn::layers {

/// What all of them share: the configuration as it was read.
class AugmentationBase : public Layer {
public:
  /// A layer that keeps its arguments and changes nothing outside of training.
  explicit AugmentationBase(ConfigValue config = ConfigValue::dict());
  std::string module() const override { return "keras.layers"; }
  ConfigValue get_config() const override;
  /// The images, integers as floating numbers.
  Tensor call(const Tensor &images) override;

private:
  ConfigValue config_;
};

#define HORN_AUGMENTATION(Kind)                                                                    \
  class Kind##Layer : public AugmentationBase {                                                    \
  public:                                                                                          \
    using Config = ConfigValue;                                                                    \
    using AugmentationBase::AugmentationBase;                                                      \
    std::string class_name() const override { return #Kind; }                                      \
    static LayerPtr from_config(const ConfigValue &config, LayerReader &) {                        \
      return std::make_shared<Kind##Layer>(config);                                                \
    }                                                                                              \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;
#include "frontend/layers/preprocessing/Augmentation.def"

} // namespace horn::layers
