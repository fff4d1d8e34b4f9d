// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that do something in training only: at inference they give their input.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"
#include "frontend/ops/TrainPhase.h"

namespace horn::layers {

/// Arguments of the layers that have none of their own.
struct IdentityConfig {
  HORN_FIELDS()
};
/// Arguments of Dropout and AlphaDropout.
struct DropoutConfig {
  double rate = 0;
  ConfigValue noise_shape = {};
  ConfigValue seed = {};
  HORN_FIELDS(rate, noise_shape, seed)
};
/// Arguments of GaussianDropout, and of SpatialDropout1D to 3D.
struct NoiseRateConfig {
  double rate = 0;
  std::string data_format = "channels_last";
  ConfigValue seed = {};
  HORN_FIELDS(rate, data_format, seed)
};
/// Arguments of GaussianNoise.
struct GaussianNoiseConfig {
  double stddev = 0;
  ConfigValue seed = {};
  HORN_FIELDS(stddev, seed)
};
/// Arguments of ActivityRegularization.
struct ActivityRegularizationConfig {
  double l1 = 0;
  double l2 = 0;
  HORN_FIELDS(l1, l2)
};

/// Gives its input. Source: keras.layers.Identity.
class IdentityLayer : public Configured<IdentityConfig> {
  HORN_LAYER(Identity, Configured<IdentityConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override { return x; }
};
using Identity = Handle<IdentityLayer>;

/// Gives its input and adds a penalty on it to the losses.
/// Source: keras.layers.ActivityRegularization.
class ActivityRegularizationLayer : public Configured<ActivityRegularizationConfig> {
  HORN_LAYER(ActivityRegularization, Configured<ActivityRegularizationConfig>)
  bool supports_masking() const override { return true; }
  Tensor call(const Tensor &x) override { return x; }

protected:
  void check_config();
};
using ActivityRegularization = Handle<ActivityRegularizationLayer>;

/// Throws Error for a rate that is no share, or a negative deviation.
void check_noise(double rate);
inline void check_noise(const DropoutConfig &config) { check_noise(config.rate); }
inline void check_noise(const NoiseRateConfig &config) { check_noise(config.rate); }
void check_noise(const GaussianNoiseConfig &config);

#define HORN_INFERENCE_IDENTITY(Kind, Config)                                                      \
  class Kind##Layer : public Configured<Config> {                                                  \
    HORN_LAYER(Kind, Configured<Config>)                                                           \
    bool supports_masking() const override { return true; }                                        \
    Tensor call(const Tensor &x) override {                                                        \
      ops::inference_only(#Kind);                                                                  \
      return x;                                                                                    \
    }                                                                                              \
                                                                                                   \
  protected:                                                                                       \
    void check_config() { check_noise(config); }                                                   \
  };                                                                                               \
  using Kind = Handle<Kind##Layer>;

HORN_INFERENCE_IDENTITY(Dropout, DropoutConfig)
HORN_INFERENCE_IDENTITY(AlphaDropout, DropoutConfig)
HORN_INFERENCE_IDENTITY(SpatialDropout1D, NoiseRateConfig)
HORN_INFERENCE_IDENTITY(SpatialDropout2D, NoiseRateConfig)
HORN_INFERENCE_IDENTITY(SpatialDropout3D, NoiseRateConfig)
HORN_INFERENCE_IDENTITY(GaussianDropout, NoiseRateConfig)
HORN_INFERENCE_IDENTITY(GaussianNoise, GaussianNoiseConfig)
#undef HORN_INFERENCE_IDENTITY

} // namespace horn::layers
