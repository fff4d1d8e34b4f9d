// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of MaxPooling1D to 3D and AveragePooling1D to 3D; strides default to pool_size.
struct PoolingConfig {
  IntList pool_size = {2};
  IntList strides = {};
  std::string padding = "valid";
  std::string data_format = "channels_last";
  HORN_FIELDS(pool_size, strides, padding, data_format)
};

/// The largest or mean element of windows. **Shapes** x [N, spatial..., C].
class PoolingBase : public Configured<PoolingConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  virtual bool takes_maximum() const = 0;
  Tensor call(const Tensor &x) override;

protected:
  void check_config();
};

/// Arguments of GlobalMaxPooling1D to 3D and GlobalAveragePooling1D to 3D.
struct GlobalPoolingConfig {
  std::string data_format = "channels_last";
  bool keepdims = false;
  HORN_FIELDS(data_format, keepdims)
};

/// The largest or mean element over all spatial axes. GlobalAveragePooling1D leaves masked steps
/// out.
class GlobalPoolingBase : public Configured<GlobalPoolingConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  virtual bool takes_maximum() const = 0;
  std::vector<Tensor> call_with(const Arguments &arguments) override;
};

/// Arguments of AdaptiveMaxPooling1D to 3D and AdaptiveAveragePooling1D to 3D.
struct AdaptivePoolingConfig {
  IntList output_size = {};
  std::string data_format = "channels_last";
  HORN_FIELDS(output_size, data_format)
};

/// The largest or mean element of as many windows as the output has elements.
class AdaptivePoolingBase : public Configured<AdaptivePoolingConfig> {
public:
  using Configured::Configured;
  virtual size_t rank() const = 0;
  virtual bool takes_maximum() const = 0;
  Tensor call(const Tensor &x) override;

protected:
  void check_config();
};

#define HORN_POOLING_LAYER(Kind, Base, dimensions, maximum)                                        \
  class Kind##Layer : public Base {                                                                \
    HORN_LAYER(Kind, Base)                                                                         \
    size_t rank() const override { return dimensions; }                                            \
    bool takes_maximum() const override { return maximum; }                                        \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;

/// Source: keras.layers.MaxPooling1D and so on.
HORN_POOLING_LAYER(MaxPooling1D, PoolingBase, 1, true)
HORN_POOLING_LAYER(MaxPooling2D, PoolingBase, 2, true)
HORN_POOLING_LAYER(MaxPooling3D, PoolingBase, 3, true)
HORN_POOLING_LAYER(AveragePooling1D, PoolingBase, 1, false)
HORN_POOLING_LAYER(AveragePooling2D, PoolingBase, 2, false)
HORN_POOLING_LAYER(AveragePooling3D, PoolingBase, 3, false)
HORN_POOLING_LAYER(GlobalMaxPooling1D, GlobalPoolingBase, 1, true)
HORN_POOLING_LAYER(GlobalMaxPooling2D, GlobalPoolingBase, 2, true)
HORN_POOLING_LAYER(GlobalMaxPooling3D, GlobalPoolingBase, 3, true)
HORN_POOLING_LAYER(GlobalAveragePooling1D, GlobalPoolingBase, 1, false)
HORN_POOLING_LAYER(GlobalAveragePooling2D, GlobalPoolingBase, 2, false)
HORN_POOLING_LAYER(GlobalAveragePooling3D, GlobalPoolingBase, 3, false)
#define HORN_ADAPTIVE_LAYER(Kind, dimensions, maximum)                                             \
  HORN_POOLING_LAYER(Kind, AdaptivePoolingBase, dimensions, maximum)
HORN_ADAPTIVE_LAYER(AdaptiveMaxPooling1D, 1, true)
HORN_ADAPTIVE_LAYER(AdaptiveMaxPooling2D, 2, true)
HORN_ADAPTIVE_LAYER(AdaptiveMaxPooling3D, 3, true)
HORN_ADAPTIVE_LAYER(AdaptiveAveragePooling1D, 1, false)
HORN_ADAPTIVE_LAYER(AdaptiveAveragePooling2D, 2, false)
HORN_ADAPTIVE_LAYER(AdaptiveAveragePooling3D, 3, false)
#undef HORN_POOLING_LAYER
#undef HORN_ADAPTIVE_LAYER

} // namespace horn::layers
