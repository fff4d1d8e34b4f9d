// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Functions on images. Source: keras.ops.image.
#pragma once

#include "frontend/core/Tensor.h"

#include <string>

namespace horn::ops {

/// Arguments of resize.
struct ResizeOptions {
  std::string interpolation = "bilinear"; ///< nearest, bilinear, bicubic, lanczos3, lanczos5, area
  bool antialias = false;
  std::string data_format = "channels_last";
  bool crop_to_aspect_ratio = false; ///< cuts the middle of the target's shape out first
  bool pad_to_aspect_ratio = false;  ///< puts `fill_value` around to the target's shape first
  double fill_value = 0;
};

/// Images [N, H, W, C] (or one image [H, W, C]) at another size, with half-pixel centres. With an
/// aspect ratio to keep, the sizes must be known.
/// **Numerics** each axis is one product with a matrix of weights; nearest picks elements.
Tensor resize(const Tensor &images, int64_t height, int64_t width, const ResizeOptions &options);
/// Images some times as high and as wide, interpolated; sizes may be unknown.
/// Source: keras.layers.UpSampling2D.
Tensor upsample(const Tensor &images, int64_t rows, int64_t columns, const ResizeOptions &options);
/// Numbers brought into the range of a type, then cast. Source: keras.ops.saturate_cast.
Tensor saturate_cast(const Tensor &x, DType dtype);

} // namespace horn::ops
