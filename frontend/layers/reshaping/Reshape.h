// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that give the same elements another shape.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Flatten.
struct FlattenConfig {
  std::string data_format = "channels_last";
  HORN_FIELDS(data_format)
};
/// [N, ...] to [N, product of the others]; [N] to [N, 1]. Source: keras.layers.Flatten.
class FlattenLayer : public Configured<FlattenConfig> {
  HORN_LAYER(Flatten, Configured<FlattenConfig>)
  Tensor call(const Tensor &x) override;
};
using Flatten = Handle<FlattenLayer>;

/// Arguments of Reshape; target_shape is without the batch axis, one entry may be -1.
struct ReshapeConfig {
  IntList target_shape = {};
  HORN_FIELDS(target_shape)
};
/// Source: keras.layers.Reshape.
class ReshapeLayer : public Configured<ReshapeConfig> {
  HORN_LAYER(Reshape, Configured<ReshapeConfig>)
  Tensor call(const Tensor &x) override;

protected:
  void check_config();
};
using Reshape = Handle<ReshapeLayer>;

/// Arguments of Permute; axes count from 1, the batch axis stays.
struct PermuteConfig {
  IntList dims = {};
  HORN_FIELDS(dims)
};
/// Source: keras.layers.Permute.
class PermuteLayer : public Configured<PermuteConfig> {
  HORN_LAYER(Permute, Configured<PermuteConfig>)
  Tensor call(const Tensor &x) override;
};
using Permute = Handle<PermuteLayer>;

/// Arguments of RepeatVector.
struct RepeatVectorConfig {
  int64_t n = 1;
  HORN_FIELDS(n)
};
/// [N, C] to [N, n, C]. Source: keras.layers.RepeatVector.
class RepeatVectorLayer : public Configured<RepeatVectorConfig> {
  HORN_LAYER(RepeatVector, Configured<RepeatVectorConfig>)
  Tensor call(const Tensor &x) override;
};
using RepeatVector = Handle<RepeatVectorLayer>;

} // namespace horn::layers
