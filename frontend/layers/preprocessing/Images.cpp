// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Images.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Image.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Resizing)
HORN_DEFINE_LAYER(CenterCrop)

Tensor ResizingLayer::call(const Tensor &images) {
  ops::ResizeOptions options{config.interpolation,       config.antialias,
                             config.data_format,         config.crop_to_aspect_ratio,
                             config.pad_to_aspect_ratio, config.fill_value};
  require(
      config.fill_mode == "constant",
      {.what = "unknown fill_mode of Resizing", .expected = "constant", .found = config.fill_mode});
  Tensor resized = ops::resize(images, config.height, config.width, options);
  if (is_integer(images.dtype()) && is_floating(resized.dtype()))
    resized = ops::round(resized);
  return ops::saturate_cast(resized, images.dtype());
}

Tensor CenterCropLayer::call(const Tensor &images) {
  Tensor x = ops::cast(images, ops::to_floating(compute_dtype()));
  bool first = config.data_format == "channels_first";
  int64_t row_axis = first ? -2 : -3, column_axis = first ? -1 : -2;
  int64_t rows = x.dim(row_axis), columns = x.dim(column_axis);
  require(rows != None && columns != None,
          {.what = "CenterCrop needs images of known size", .found = x.shape().str()});
  int64_t top = rows - config.height, left = columns - config.width;
  if (top < 0 || left < 0) {
    ops::ResizeOptions options{.data_format = config.data_format, .crop_to_aspect_ratio = true};
    return ops::resize(x, config.height, config.width, options);
  }
  std::vector<ops::SliceAxis> slice(x.rank());
  slice[x.shape().axis(row_axis)] = ops::SliceAxis::range(top / 2, top / 2 + config.height);
  slice[x.shape().axis(column_axis)] = ops::SliceAxis::range(left / 2, left / 2 + config.width);
  return ops::get_item(x, slice);
}

} // namespace horn::layers
