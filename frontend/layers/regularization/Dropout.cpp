// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/regularization/Dropout.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Identity)
HORN_DEFINE_LAYER(Dropout)
HORN_DEFINE_LAYER(AlphaDropout)
HORN_DEFINE_LAYER(SpatialDropout1D)
HORN_DEFINE_LAYER(SpatialDropout2D)
HORN_DEFINE_LAYER(SpatialDropout3D)
HORN_DEFINE_LAYER(GaussianDropout)
HORN_DEFINE_LAYER(GaussianNoise)
HORN_DEFINE_LAYER(ActivityRegularization)

void check_noise(double rate) {
  require(
      rate >= 0 && rate <= 1,
      {.what = "wrong rate", .expected = "a number from 0 to 1", .found = ConfigValue(rate).str()});
}

void check_noise(const GaussianNoiseConfig &config) {
  require(config.stddev >= 0, {.what = "wrong stddev",
                               .expected = "a number that is not negative",
                               .found = ConfigValue(config.stddev).str()});
}

void ActivityRegularizationLayer::check_config() {
  set_activity_regularizer(
      Regularizer("L1L2", ConfigValue::Dict{{"l1", config.l1}, {"l2", config.l2}}));
}

} // namespace horn::layers
