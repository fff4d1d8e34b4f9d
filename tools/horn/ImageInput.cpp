// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pictures to batches of one: channels, size and layout as the input wants them.
#include "frontend/saving/Image.h"
#include "tools/horn/Inputs.h"

#include <cmath>

namespace horn::cli {

namespace {
enum class Order { channels_last, channels_first, plane, flat };

/// How an input holds a picture; sizes may be None.
struct PictureLayout {
  int64_t height = None, width = None, channels = 1;
  Order order = Order::channels_last;
};
} // namespace

static bool is_channel_count(int64_t size) { return size >= 1 && size <= 4; }

static PictureLayout layout_of(const Tensor &input) {
  const Shape &shape = input.shape();
  using enum Order;
  if (shape.rank() == 4 && is_channel_count(shape[3]))
    return {shape[1], shape[2], shape[3], channels_last};
  if (shape.rank() == 4 && is_channel_count(shape[1]))
    return {shape[2], shape[3], shape[1], channels_first};
  if (shape.rank() == 3)
    return {shape[1], shape[2], 1, plane};
  int64_t side = 0;
  if (shape.rank() == 2 && shape[1] > 0)
    side = static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(shape[1]))));
  if (side > 1 && side * side == shape[1])
    return {side, side, 1, flat};
  throw Error({.what = "input " + input.name() + " does not take pictures",
               .expected = "a shape such as (None, height, width, channels)",
               .found = shape.str(),
               .hint = "give its numbers in a .npy, .safetensors or .csv file"});
}

static Array to_channels_first(const Array &image) {
  int64_t height = image.shape()[0], width = image.shape()[1], channels = image.shape()[2];
  Array result({channels, height, width}, DType::float32);
  size_t next = 0;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t i = 0; i < height * width; ++i)
      result.set(next++, image.at(static_cast<size_t>(i * channels + c)));
  return result;
}

Array read_image_input(const std::string &path, const Tensor &input, const InputOptions &options) {
  PictureLayout layout = layout_of(input);
  Array image = saving::read_image(path);
  image = saving::convert_channels(image, static_cast<int>(layout.channels));
  int64_t height = layout.height == None ? image.shape()[0] : layout.height;
  int64_t width = layout.width == None ? image.shape()[1] : layout.width;
  if (height != image.shape()[0] || width != image.shape()[1])
    image = saving::resize_area_or_bilinear(image, height, width);
  image = image.cast(DType::float32);
  if (options.scale != 1 || options.offset != 0)
    for (float &value : image.values<float>())
      value = static_cast<float>(options.scale * value + options.offset);
  if (layout.order == Order::channels_first)
    image = to_channels_first(image);
  Shape shape = {1};
  if (layout.order == Order::plane)
    shape = {1, height, width};
  else if (layout.order == Order::flat)
    shape = {1, height * width};
  else
    shape = shape.concat(image.shape());
  if (is_integer(input.dtype())) // pixels between those of the file are not whole numbers
    for (float &value : image.values<float>())
      value = std::nearbyint(value);
  return image.reshape(shape).cast(input.dtype());
}

} // namespace horn::cli
