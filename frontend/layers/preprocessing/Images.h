// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Layers that bring images to a size.
#pragma once

#include "frontend/core/Fields.h"
#include "frontend/core/Handle.h"

namespace horn::layers {

/// Arguments of Resizing.
struct ResizingConfig {
  int64_t height = 0;
  int64_t width = 0;
  std::string interpolation = "bilinear";
  bool crop_to_aspect_ratio = false;
  bool pad_to_aspect_ratio = false;
  std::string fill_mode = "constant";
  double fill_value = 0;
  bool antialias = false;
  std::string data_format = "channels_last";
  HORN_FIELDS(height, width, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio, fill_mode,
              fill_value, antialias, data_format)
};
/// Images at another size, of the input's type. **Shapes** [N, H, W, C], or [H, W, C].
/// Source: keras.layers.Resizing.
class ResizingLayer : public Configured<ResizingConfig> {
  HORN_LAYER(Resizing, Configured<ResizingConfig>)
  Tensor call(const Tensor &images) override;
};
using Resizing = Handle<ResizingLayer>;

/// Arguments of CenterCrop.
struct CenterCropConfig {
  int64_t height = 0;
  int64_t width = 0;
  std::string data_format = "channels_last";
  HORN_FIELDS(height, width, data_format)
};
/// The middle of images; smaller images are cut to the shape and resized.
/// Source: keras.layers.CenterCrop.
class CenterCropLayer : public Configured<CenterCropConfig> {
  HORN_LAYER(CenterCrop, Configured<CenterCropConfig>)
  Tensor call(const Tensor &images) override;
};
using CenterCrop = Handle<CenterCropLayer>;

} // namespace horn::layers
