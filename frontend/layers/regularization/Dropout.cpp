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

} // namespace horn::layers
