// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Dot; axes: one for both inputs, or one for each.
struct DotConfig {
  IntList axes = {-1};
  bool normalize = false;
  HORN_FIELDS(axes, normalize)
};

/// Products over one axis of each of two tensors, sample by sample. Two vectors give [N, 1].
/// Source: keras.layers.Dot.
class DotLayer : public Configured<DotConfig> {
  HORN_LAYER(Dot, Configured<DotConfig>)
  Tensor call_many(const std::vector<Tensor> &inputs) override;
};
using Dot = Handle<DotLayer>;

} // namespace horn::layers
