// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Masking.
struct MaskingConfig {
  double mask_value = 0;
  HORN_FIELDS(mask_value)
};

/// Masks the steps all of whose features equal `mask_value`, and sets them to 0.
/// Source: keras.layers.Masking.
class MaskingLayer : public Configured<MaskingConfig> {
  HORN_LAYER(Masking, Configured<MaskingConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;
};
using Masking = Handle<MaskingLayer>;

} // namespace horn::layers
