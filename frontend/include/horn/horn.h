// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Horn: Keras models in C++. This header is all that a program needs; it includes no compiler.
#pragma once

#include "frontend/core/CustomObjects.h"
#include "frontend/core/LayerRegistry.h"
#include "frontend/core/Model.h"
#include "frontend/layers/Layers.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Image.h"
#include "frontend/ops/Math.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/TrainPhase.h"
#include "frontend/plot/Plot.h"
