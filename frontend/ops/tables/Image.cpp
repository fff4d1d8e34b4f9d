// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// keras.ops.image, and functions that rearrange images.
#include "frontend/ops/Image.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

static std::string format_of(Call c) { return c.text("data_format", "channels_last"); }
static Tensor images(Call c) { return c.tensor(c.find("image") ? "image" : "images", 0); }

static Tensor resize(Call c) {
  std::vector<int64_t> size = c.integers("size");
  require(size.size() == 2, {.what = "wrong size of Resize", .expected = "height and width"});
  return ops::resize(images(c), size[0], size[1],
                     {c.text("interpolation", "bilinear"), c.flag("antialias", false), format_of(c),
                      c.flag("crop_to_aspect_ratio", false), c.flag("pad_to_aspect_ratio", false),
                      c.number("fill_value", 0)});
}

static Tensor grayscale(Call c) {
  Tensor x = images(c);
  int64_t axis = format_of(c) == "channels_first" ? -3 : -1;
  constexpr double weights[] = {0.2989, 0.5870, 0.1140};
  Tensor sum;
  for (int64_t i = 0; i < 3; ++i) {
    std::vector<ops::SliceAxis> slice(x.rank());
    slice[x.shape().axis(axis)] = ops::SliceAxis::range(i, i + 1);
    Tensor part = ops::get_item(x, slice) * weights[i];
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

/// Axes of height and width.
static std::pair<size_t, size_t> places(Call c, const Tensor &x) {
  size_t last = x.rank() - (format_of(c) == "channels_first" ? 1 : 2);
  return {last - 1, last};
}

/// Amounts before and after along an axis, of which the target's size gives one.
static std::pair<int64_t, int64_t> amounts(Call c, const char *before, const char *after,
                                           const char *target, int64_t grows_by_target) {
  bool known = c.find(before) != nullptr;
  int64_t first = c.integer(before, 0), last = c.integer(after, 0);
  if (c.find(target) && known)
    last = c.find(after) ? last : grows_by_target - first;
  else if (c.find(target))
    first = grows_by_target - last;
  return {first, last};
}

static Tensor pad_images(Call c) {
  Tensor x = images(c);
  auto [rows, columns] = places(c, x);
  std::vector<int64_t> before(x.rank()), after(x.rank());
  std::tie(before[rows], after[rows]) = amounts(c, "top_padding", "bottom_padding", "target_height",
                                                c.integer("target_height", 0) - x.shape()[rows]);
  std::tie(before[columns], after[columns]) =
      amounts(c, "left_padding", "right_padding", "target_width",
              c.integer("target_width", 0) - x.shape()[columns]);
  return ops::pad(x, before, after);
}

static Tensor crop_images(Call c) {
  Tensor x = images(c);
  auto [rows, columns] = places(c, x);
  require(x.shape()[rows] != None && x.shape()[columns] != None,
          {.what = "crop_images needs images of known size", .found = x.shape().str()});
  auto vertical = amounts(c, "top_cropping", "bottom_cropping", "target_height",
                          x.shape()[rows] - c.integer("target_height", 0));
  auto horizontal = amounts(c, "left_cropping", "right_cropping", "target_width",
                            x.shape()[columns] - c.integer("target_width", 0));
  std::vector<ops::SliceAxis> slice(x.rank());
  slice[rows] = ops::SliceAxis::range(vertical.first, x.shape()[rows] - vertical.second);
  slice[columns] = ops::SliceAxis::range(horizontal.first, x.shape()[columns] - horizontal.second);
  return ops::get_item(x, slice);
}

/// Windows as channels, by a convolution whose kernel picks one element each.
static Tensor extract_patches(Call c) {
  Tensor x = images(c);
  if (x.rank() == 3)
    throw UnsupportedError({.what = "extract_patches of one image", .hint = "add a batch axis"});
  std::vector<int64_t> size = c.integers("size");
  if (size.size() == 1)
    size.push_back(size[0]);
  std::vector<int64_t> strides = c.find("strides") ? c.integers("strides") : size;
  std::vector<int64_t> dilations =
      c.find("dilation_rate") ? c.integers("dilation_rate") : std::vector<int64_t>{1};
  strides.resize(2, strides[0]);
  dilations.resize(2, dilations[0]);
  int64_t channels = x.dim(format_of(c) == "channels_first" ? 1 : -1);
  int64_t count = size[0] * size[1] * channels;
  require(channels != None && count > 0 && count * count <= (int64_t{1} << 26),
          {.what = "patches of too many elements", .found = x.shape().str()});
  Array kernel(Shape{size[0], size[1], channels, count}, x.dtype());
  for (int64_t i = 0; i < count; ++i)
    kernel.set(static_cast<size_t>(i * count + i), 1);
  return ops::conv(x, current_tracer().constant(kernel),
                   {strides, dilations, c.text("padding", "valid"), format_of(c)});
}

/// Blocks of channels as blocks of pixels, and back.
static Tensor depth_and_space(Call c, bool to_space) {
  int64_t block = c.integer("block_size", 1);
  Tensor x = ops::to_channels_last(x_of(c), format_of(c));
  int64_t rows = x.dim(1), columns = x.dim(2), channels = x.dim(3);
  require(rows != None && columns != None && channels != None && block > 0,
          {.what = "blocks need images of known size", .found = x.shape().str()});
  int64_t depth = to_space ? channels / (block * block) : channels;
  std::vector<int64_t> apart, together;
  if (to_space) {
    apart = {ops::same, rows, columns, block, block, depth};
    together = {ops::same, rows * block, columns * block, depth};
  } else {
    apart = {ops::same, rows / block, block, columns / block, block, depth};
    together = {ops::same, rows / block, columns / block, block * block * depth};
  }
  std::vector<int64_t> order =
      to_space ? std::vector<int64_t>{0, 1, 3, 2, 4, 5} : std::vector<int64_t>{0, 1, 3, 2, 4, 5};
  Tensor y = ops::reshape_codes(ops::transpose(ops::reshape_codes(x, apart), order), together);
  return ops::from_channels_last(y, format_of(c));
}

std::span<const OperationEntry> image_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Resize, image, resize(c)),
      HORN_OPERATION(RGBToGrayscale, image, grayscale(c)),
      HORN_OPERATION(PadImages, image, pad_images(c)),
      HORN_OPERATION(CropImages, image, crop_images(c)),
      HORN_OPERATION(ExtractPatches, image, extract_patches(c)),
      HORN_OPERATION(DepthToSpace, nn, depth_and_space(c, true)),
      HORN_OPERATION(SpaceToDepth, nn, depth_and_space(c, false)),
  };
  return entries;
}

} // namespace horn::tables
