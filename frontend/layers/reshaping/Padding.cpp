// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/reshaping/Padding.h"

#include "frontend/ops/Image.h"
#include "frontend/ops/ShapeOps.h"

namespace horn::layers {

HORN_DEFINE_LAYER(ZeroPadding1D)
HORN_DEFINE_LAYER(ZeroPadding2D)
HORN_DEFINE_LAYER(ZeroPadding3D)
HORN_DEFINE_LAYER(Cropping1D)
HORN_DEFINE_LAYER(Cropping2D)
HORN_DEFINE_LAYER(Cropping3D)
HORN_DEFINE_LAYER(UpSampling1D)
HORN_DEFINE_LAYER(UpSampling2D)
HORN_DEFINE_LAYER(UpSampling3D)

/// The first spatial axis, after the input's rank was checked.
static size_t first_spatial(const Tensor &x, size_t rank, const std::string &data_format) {
  InputSpec{.ndim = rank + 2}.check(x.shape(), 0);
  return data_format == "channels_first" ? 2 : 1;
}

Tensor ZeroPaddingBase::call(const Tensor &x) {
  size_t first = first_spatial(x, rank(), config.data_format);
  std::vector<int64_t> before(x.rank(), 0), after(x.rank(), 0);
  for (size_t i = 0; i < rank(); ++i) {
    before[first + i] = config.padding.pairs()[i].before;
    after[first + i] = config.padding.pairs()[i].after;
  }
  return ops::pad(x, before, after);
}

Tensor CroppingBase::call(const Tensor &x) {
  size_t first = first_spatial(x, rank(), config.data_format);
  std::vector<ops::SliceAxis> axes(x.rank());
  for (size_t i = 0; i < rank(); ++i) {
    auto [before, after, single] = config.cropping.pairs()[i];
    int64_t size = x.shape()[first + i];
    require(size == None || before <= size - after,
            {.what = "cropping takes away more than there is", .found = x.shape().str()});
    axes[first + i] = ops::SliceAxis::range(before, after ? -after : ops::SliceAxis::open);
  }
  return ops::get_item(x, axes);
}

Tensor UpSamplingBase::call(const Tensor &x) {
  size_t first = first_spatial(x, rank(), config.data_format);
  if (config.interpolation != "nearest" && rank() == 2)
    return ops::upsample(
        x, config.size[0], config.size[1],
        {.interpolation = config.interpolation, .data_format = config.data_format});
  Tensor y = x;
  for (size_t i = 0; i < rank(); ++i)
    if (config.size[i] != 1)
      y = ops::repeat(y, config.size[i], static_cast<int64_t>(first + i));
  return y;
}

} // namespace horn::layers
