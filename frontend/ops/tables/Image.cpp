// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// keras.ops.image, and functions that rearrange images.
#include "frontend/ops/Image.h"

#include "frontend/ops/Elementwise.h"
#include "frontend/ops/NN.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/tables/OperationTable.h"

namespace horn::tables {

static std::string format_of(Call c) { return c.text("data_format", "channels_last"); }
static Tensor images(Call c) { return c.tensor(c.find("image") ? "image" : "images", 0); }

/// Integers are computed with as floats, and rounded and clamped at the end.
static Tensor back_to(const Tensor &y, DType dtype) {
  return is_integer(dtype) && is_floating(y.dtype()) ? ops::saturate_cast(ops::round(y), dtype) : y;
}

static Tensor resize(Call c) {
  std::vector<int64_t> size = c.integers("size");
  require(size.size() == 2, {.what = "wrong size of Resize", .expected = "height and width"});
  Tensor y = ops::resize(images(c), size[0], size[1],
                         {c.text("interpolation", "bilinear"), c.flag("antialias", false),
                          format_of(c), c.flag("crop_to_aspect_ratio", false),
                          c.flag("pad_to_aspect_ratio", false), c.number("fill_value", 0)});
  return back_to(y, images(c).dtype());
}

static Tensor grayscale(Call c) {
  Tensor x = images(c);
  int64_t axis = format_of(c) == "channels_first" ? -3 : -1;
  if (x.dim(axis) == 1)
    return x;
  require(x.dim(axis) == 3,
          {.what = "rgb_to_grayscale needs three channels or one", .found = x.shape().str()});
  constexpr double weights[] = {0.2989, 0.5870, 0.1140};
  Tensor sum;
  for (int64_t i = 0; i < 3; ++i) {
    std::vector<ops::SliceAxis> slice(x.rank());
    slice[x.shape().axis(axis)] = ops::SliceAxis::range(i, i + 1);
    Tensor part = ops::get_item(x, slice) * weights[i];
    sum = sum.defined() ? sum + part : part;
  }
  return ops::cast(sum, x.dtype());
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

/// Windows as channels: one slice of the padded images for each place in the window.
static Tensor extract_patches(Call c, const Tensor &given, size_t axes) {
  bool single = given.rank() == axes + 1;
  require(single || given.rank() == axes + 2,
          {.what = "wrong rank of images to take patches from", .found = given.shape().str()});
  Tensor x = ops::to_channels_last(single ? ops::expand_dims(given, 0) : given, format_of(c));
  auto numbers = [&](const char *name, std::vector<int64_t> otherwise) {
    std::vector<int64_t> values = c.find(name) ? c.integers(name) : std::move(otherwise);
    values.resize(axes, values.at(0));
    return values;
  };
  std::vector<int64_t> size = numbers("size", {1}), strides = numbers("strides", size),
                       dilations = numbers("dilation_rate", {1});
  std::vector<int64_t> before(x.rank()), after(x.rank()), count(axes), codes{ops::same};
  std::string padding = c.text("padding", "valid");
  require(padding == "valid" || padding == "same",
          {.what = "unknown padding", .expected = "valid or same", .found = padding});
  int64_t places = 1;
  for (size_t i = 0; i < axes; ++i) {
    int64_t length = x.shape()[i + 1], extent = (size[i] - 1) * dilations[i] + 1;
    require(length != None && size[i] > 0 && strides[i] > 0 && dilations[i] > 0,
            {.what = "patches need images of known size", .found = given.shape().str()});
    if (padding == "same") {
      count[i] = (length + strides[i] - 1) / strides[i];
      int64_t missing = std::max<int64_t>(0, (count[i] - 1) * strides[i] + extent - length);
      before[i + 1] = missing / 2;
      after[i + 1] = missing - missing / 2;
    } else {
      count[i] = length < extent ? 0 : (length - extent) / strides[i] + 1;
    }
    codes.push_back(count[i]);
    places *= size[i];
  }
  int64_t channels = x.shape().back();
  require(channels != None && places <= 4096,
          {.what = "patches of too many elements", .found = given.shape().str()});
  codes.push_back(places * channels);
  Tensor padded = ops::pad(x, before, after);
  std::vector<Tensor> parts;
  for (int64_t place = 0; place < places; ++place) {
    std::vector<ops::SliceAxis> slice(x.rank());
    for (size_t i = axes, rest = static_cast<size_t>(place); i-- > 0;) {
      int64_t start = static_cast<int64_t>(rest % static_cast<size_t>(size[i])) * dilations[i];
      rest /= static_cast<size_t>(size[i]);
      slice[i + 1] = ops::SliceAxis::range(
          start, start + std::max<int64_t>(0, (count[i] - 1) * strides[i] + 1), strides[i]);
    }
    parts.push_back(ops::get_item(padded, slice));
  }
  Tensor y = ops::from_channels_last(ops::concatenate(parts, -1), format_of(c));
  return single ? ops::squeeze(y, 0) : y;
}

/// The rank of the images and the number of sizes say how many axes a window has.
static Tensor patches(Call c) {
  std::vector<int64_t> size = c.integers("size");
  Tensor x = c.tensor(c.find("volumes") ? "volumes" : c.find("image") ? "image" : "images", 0);
  return extract_patches(c, x, size.size() == 3 || x.rank() == 5 ? 3 : 2);
}

/// Blocks of channels as blocks of pixels, and back. Which of block and channel counts faster
/// depends on the format.
static Tensor depth_and_space(Call c, bool to_space) {
  int64_t block = c.integer("block_size", 1);
  Tensor x = x_of(c);
  bool first = format_of(c) == "channels_first";
  require(x.rank() == 4, {.what = "blocks need images of rank 4", .found = x.shape().str()});
  int64_t rows = x.dim(first ? 2 : 1), columns = x.dim(first ? 3 : 2),
          channels = x.dim(first ? 1 : 3);
  require(rows != None && columns != None && channels != None && block > 0,
          {.what = "blocks need images of known size", .found = x.shape().str()});
  int64_t area = block * block;
  require(to_space ? channels % area == 0 : rows % block == 0 && columns % block == 0,
          {.what = "blocks do not divide the images", .found = x.shape().str()});
  int64_t depth = to_space ? channels / area : channels * area;
  int64_t high = to_space ? rows : rows / block, wide = to_space ? columns : columns / block;
  std::vector<int64_t> apart, order, together;
  if (to_space) {
    apart = first ? std::vector<int64_t>{ops::same, depth, block, block, high, wide}
                  : std::vector<int64_t>{ops::same, high, wide, block, block, depth};
    order = first ? std::vector<int64_t>{0, 1, 4, 2, 5, 3} : std::vector<int64_t>{0, 1, 3, 2, 4, 5};
    together = first ? std::vector<int64_t>{ops::same, depth, high * block, wide * block}
                     : std::vector<int64_t>{ops::same, high * block, wide * block, depth};
  } else {
    apart = first ? std::vector<int64_t>{ops::same, channels, high, block, wide, block}
                  : std::vector<int64_t>{ops::same, high, block, wide, block, channels};
    order = first ? std::vector<int64_t>{0, 1, 3, 5, 2, 4} : std::vector<int64_t>{0, 1, 3, 2, 4, 5};
    together = first ? std::vector<int64_t>{ops::same, depth, high, wide}
                     : std::vector<int64_t>{ops::same, high, wide, depth};
  }
  return ops::reshape_codes(ops::transpose(ops::reshape_codes(x, apart), order), together);
}

std::span<const OperationEntry> image_operations() {
  static const OperationEntry entries[] = {
      HORN_OPERATION(Resize, image, resize(c)),
      HORN_OPERATION(RGBToGrayscale, image, grayscale(c)),
      HORN_OPERATION(PadImages, image, pad_images(c)),
      HORN_OPERATION(CropImages, image, crop_images(c)),
      HORN_OPERATION(ExtractPatches, image, patches(c)),
      HORN_OPERATION(DepthToSpace, nn, depth_and_space(c, true)),
      HORN_OPERATION(SpaceToDepth, nn, depth_and_space(c, false)),
  };
  return entries;
}

} // namespace horn::tables
