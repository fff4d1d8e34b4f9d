// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that stretch the contrast of images, at inference too.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of AutoContrast.
struct AutoContrastConfig {
  ConfigValue value_range = std::vector<int64_t>{0, 255}; ///< of the pixels: two numbers
  std::string data_format =
      "channels_last"; ///< kept; axes 1 and 2 are rows and columns in any case
  HORN_FIELDS(value_range, data_format)
};
/// Brings the smallest value of each image and channel to the low end of the range and the largest
/// to the high one; where all are equal, nothing changes. **Shapes** [N, H, W, C].
/// Source: keras.layers.AutoContrast.
class AutoContrastLayer : public Configured<AutoContrastConfig> {
  HORN_LAYER(AutoContrast, Configured<AutoContrastConfig>)
  Tensor call(const Tensor &images) override;
};
using AutoContrast = Handle<AutoContrastLayer>;

/// Arguments of ContrastLimitedAdaptiveHistogramEqualization; a clip_limit of 0 clips nothing.
struct ContrastLimitedAdaptiveHistogramEqualizationConfig {
  ConfigValue value_range = std::vector<int64_t>{0, 255}; ///< of the pixels: two numbers
  double clip_limit = 4;
  IntList tile_grid_size = {8, 8}; ///< tiles in a column and in a row
  std::string data_format = "channels_last";
  HORN_FIELDS(value_range, clip_limit, tile_grid_size, data_format)
};
/// Equalizes the histogram of each tile, interpolating between tiles. Heights and widths must be
/// known. **Shapes** [N, H, W, C].
/// Source: keras.layers.ContrastLimitedAdaptiveHistogramEqualization.
class ContrastLimitedAdaptiveHistogramEqualizationLayer
    : public Configured<ContrastLimitedAdaptiveHistogramEqualizationConfig> {
  HORN_LAYER(ContrastLimitedAdaptiveHistogramEqualization,
             Configured<ContrastLimitedAdaptiveHistogramEqualizationConfig>)
  Tensor call(const Tensor &images) override;

protected:
  void check_config();
};
using ContrastLimitedAdaptiveHistogramEqualization =
    Handle<ContrastLimitedAdaptiveHistogramEqualizationLayer>;

} // namespace horn::layers
