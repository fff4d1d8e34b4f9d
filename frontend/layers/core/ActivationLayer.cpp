// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/core/ActivationLayer.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Activation)

} // namespace horn::layers
