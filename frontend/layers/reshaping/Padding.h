// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that add, take away or repeat elements along spatial axes.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of ZeroPadding1D to 3D: one number, one for each axis, or pairs.
struct ZeroPaddingConfig {
  PairList padding = 1;
  std::string data_format = "channels_last";
  HORN_FIELDS(padding, data_format)
};
/// Zeros before and after spatial axes.
class ZeroPaddingBase : public Configured<ZeroPaddingConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  Tensor call(const Tensor &x) override;

protected:
  void check_config() { config.padding = config.padding.expanded(rank(), "padding"); }
};

/// Arguments of Cropping1D to 3D.
struct CroppingConfig {
  PairList cropping = 0;
  std::string data_format = "channels_last";
  HORN_FIELDS(cropping, data_format)
};
/// Takes elements away before and after spatial axes.
class CroppingBase : public Configured<CroppingConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  Tensor call(const Tensor &x) override;

protected:
  void check_config() { config.cropping = config.cropping.expanded(rank(), "cropping"); }
};

/// Arguments of UpSampling1D to 3D.
struct UpSamplingConfig {
  IntList size = {2};
  std::string data_format = "channels_last";
  std::string interpolation = "nearest";
  HORN_FIELDS(size, data_format, interpolation)
};
/// Repeats elements along spatial axes, or interpolates (2D).
class UpSamplingBase : public Configured<UpSamplingConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  Tensor call(const Tensor &x) override;

protected:
  void check_config() { config.size = config.size.expanded(rank(), "size"); }
};

#define HORN_SPATIAL_LAYER(Kind, Base, dimensions)                                                 \
  class Kind##Layer : public Base {                                                                \
    HORN_LAYER(Kind, Base)                                                                         \
    size_t rank() const override { return dimensions; }                                            \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;

/// Source: keras.layers.ZeroPadding1D and so on.
HORN_SPATIAL_LAYER(ZeroPadding1D, ZeroPaddingBase, 1)
HORN_SPATIAL_LAYER(ZeroPadding2D, ZeroPaddingBase, 2)
HORN_SPATIAL_LAYER(ZeroPadding3D, ZeroPaddingBase, 3)
HORN_SPATIAL_LAYER(Cropping1D, CroppingBase, 1)
HORN_SPATIAL_LAYER(Cropping2D, CroppingBase, 2)
HORN_SPATIAL_LAYER(Cropping3D, CroppingBase, 3)
HORN_SPATIAL_LAYER(UpSampling1D, UpSamplingBase, 1)
HORN_SPATIAL_LAYER(UpSampling2D, UpSamplingBase, 2)
HORN_SPATIAL_LAYER(UpSampling3D, UpSamplingBase, 3)
#undef HORN_SPATIAL_LAYER

} // namespace horn::layers
