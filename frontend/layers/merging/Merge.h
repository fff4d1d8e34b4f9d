// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that make one tensor of several.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of the element-wise merging layers: none of their own.
struct MergeConfig {
  HORN_FIELDS()
};

/// Element by element, with broadcasting; lower ranks get axes of size 1 after the batch axis.
class MergeBase : public Configured<MergeConfig> {
public:
  using Configured::Configured;
  bool supports_masking() const override { return true; }
  Tensor call_many(const std::vector<Tensor> &inputs) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;

protected:
  virtual Tensor merge(const std::vector<Tensor> &inputs) const = 0;
};

#define HORN_MERGE_LAYER(Kind)                                                                     \
  class Kind##Layer : public MergeBase {                                                           \
    HORN_LAYER(Kind, MergeBase)                                                                    \
  protected:                                                                                       \
    Tensor merge(const std::vector<Tensor> &inputs) const override;                                \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;

/// Source: keras.layers.Add and so on.
HORN_MERGE_LAYER(Add)
HORN_MERGE_LAYER(Subtract)
HORN_MERGE_LAYER(Multiply)
HORN_MERGE_LAYER(Average)
HORN_MERGE_LAYER(Maximum)
HORN_MERGE_LAYER(Minimum)
#undef HORN_MERGE_LAYER

/// Arguments of Concatenate; the axis counts the batch axis.
struct ConcatenateConfig {
  int64_t axis = -1;
  HORN_FIELDS(axis)
};
/// Joins tensors along an axis. Source: keras.layers.Concatenate.
class ConcatenateLayer : public Configured<ConcatenateConfig> {
  HORN_LAYER(Concatenate, Configured<ConcatenateConfig>)
  bool supports_masking() const override { return true; }
  Tensor call_many(const std::vector<Tensor> &inputs) override;
  std::vector<Tensor> compute_mask(const Arguments &arguments,
                                   const std::vector<Tensor> &outputs) override;
};
using Concatenate = Handle<ConcatenateLayer>;

} // namespace horn::layers
