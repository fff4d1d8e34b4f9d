// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Image.h"

#include "frontend/saving/ImageCodecs.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace horn::saving {

void check_image_size(uint64_t width, uint64_t height, const Limits &limits) {
  if (width == 0 || height == 0 || width > limits.image_side || height > limits.image_side ||
      width * height > limits.image_pixels)
    throw Error({.what = "image has no pixels or exceeds the limits image_side or image_pixels",
                 .found = std::to_string(width) + " x " + std::to_string(height)});
}

static Array decode(std::span<const std::byte> bytes, const Limits &limits) {
  auto startsWith = [&](std::initializer_list<unsigned> signature) {
    return bytes.size() >= signature.size() &&
           std::equal(signature.begin(), signature.end(), bytes.begin(),
                      [](unsigned a, std::byte b) { return std::byte(a) == b; });
  };
  if (startsWith({0x89, 'P', 'N', 'G'}))
    return decode_png(bytes, limits);
  if (startsWith({0xff, 0xd8, 0xff}))
    return decode_jpeg(bytes, limits);
  throw Error({.what = "neither a PNG nor a JPEG file"});
}

Array read_image(const FileBytes &bytes, const std::string &name, int channels,
                 const Limits &limits) {
  try {
    Array image = decode(bytes.span(), limits);
    return channels == 0 ? image : convert_channels(image, channels);
  } catch (const Error &error) {
    throw error.within(name);
  }
}

Array read_image(const std::filesystem::path &path, int channels, const Limits &limits) {
  return read_image(map_file(path, limits), path.string(), channels, limits);
}

static void expectImage(const Array &image) {
  bool known = image.dtype() == DType::uint8 || image.dtype() == DType::float32;
  if (image.shape().rank() != 3 || !known || image.size() == 0)
    throw Error({.what = "not an image",
                 .expected = "uint8 or float32 of shape (height, width, channels)",
                 .found = std::string(dtype_name(image.dtype())) + " " + image.shape().str()});
}

//===- Channels
//---------------------------------------------------------------------------------===//

static uint8_t toSample(float value, uint8_t) { return static_cast<uint8_t>(value + 0.5f); }
static float toSample(float value, float) { return value; }

/// One pixel: colour first, then alpha if the target has it.
template <typename T> static void convertPixel(const T *from, size_t numFrom, T *to, size_t numTo) {
  bool fromColour = numFrom >= 3, toColour = numTo >= 3;
  size_t numColours = toColour ? 3 : 1;
  for (size_t c = 0; c < numColours; ++c) {
    if (fromColour && !toColour)
      to[c] = toSample(0.299f * from[0] + 0.587f * from[1] + 0.114f * from[2], T{});
    else
      to[c] = from[fromColour ? c : 0];
  }
  if (numTo == numColours + 1)
    to[numColours] = numFrom % 2 == 0 ? from[numFrom - 1] : static_cast<T>(255);
}

template <typename T> static Array convert(const Array &image, int channels) {
  const Shape &shape = image.shape();
  Array result(Shape{shape[0], shape[1], channels}, image.dtype());
  size_t numFrom = static_cast<size_t>(shape[2]), numTo = static_cast<size_t>(channels);
  const T *from = image.values<T>().data();
  T *to = result.values<T>().data();
  for (size_t left = image.size() / numFrom; left > 0; --left, from += numFrom, to += numTo)
    convertPixel(from, numFrom, to, numTo);
  return result;
}

Array convert_channels(const Array &image, int channels) {
  expectImage(image);
  if (channels < 1 || channels > 4 || image.shape()[2] > 4)
    throw Error({.what = "images have 1 to 4 channels",
                 .found = std::to_string(image.shape()[2]) + " to " + std::to_string(channels)});
  if (image.shape()[2] == channels)
    return image;
  return image.dtype() == DType::uint8 ? convert<uint8_t>(image, channels)
                                       : convert<float>(image, channels);
}

//===- Resizing
//---------------------------------------------------------------------------------===//

namespace {
/// How much of which old pixels makes a new one.
struct Taps {
  size_t first = 0;
  std::vector<float> weights;
};
} // namespace

/// The share of each old pixel in the interval that a new one covers.
static Taps areaTaps(size_t index, double scale, size_t size) {
  double begin = static_cast<double>(index) * scale, end = begin + scale;
  Taps taps{.first = std::min(static_cast<size_t>(begin), size - 1), .weights = {}};
  for (size_t i = taps.first; i < size && static_cast<double>(i) < end; ++i) {
    double covered =
        std::min(end, static_cast<double>(i + 1)) - std::max(begin, static_cast<double>(i));
    taps.weights.push_back(static_cast<float>(std::max(covered, 0.0) / scale));
  }
  return taps;
}

/// The two old pixels around a new one's centre; at the border one.
static Taps linearTaps(size_t index, double scale, size_t size) {
  double at = std::clamp((static_cast<double>(index) + 0.5) * scale - 0.5, 0.0,
                         static_cast<double>(size - 1));
  size_t first = static_cast<size_t>(at);
  float second = static_cast<float>(at - static_cast<double>(first));
  if (first + 1 >= size)
    return {first, {1.0f}};
  return {first, {1.0f - second, second}};
}

static std::vector<Taps> tapsOf(size_t from, size_t to) {
  double scale = static_cast<double>(from) / static_cast<double>(to);
  std::vector<Taps> taps;
  for (size_t i = 0; i < to; ++i)
    taps.push_back(scale > 1 ? areaTaps(i, scale, from) : linearTaps(i, scale, from));
  return taps;
}

/// Resizes the middle axis of [outer, from, inner].
static std::vector<float> resizeAxis(const std::vector<float> &image, size_t outer, size_t from,
                                     size_t to, size_t inner) {
  std::vector<float> result(outer * to * inner);
  std::vector<Taps> taps = tapsOf(from, to);
  for (size_t o = 0; o < outer; ++o)
    for (size_t i = 0; i < to; ++i) {
      float *target = result.data() + (o * to + i) * inner;
      const float *source = image.data() + (o * from + taps[i].first) * inner;
      for (float weight : taps[i].weights) {
        for (size_t k = 0; k < inner; ++k)
          target[k] += weight * source[k];
        source += inner;
      }
    }
  return result;
}

Array resize_area_or_bilinear(const Array &image, int64_t height, int64_t width) {
  expectImage(image);
  if (height <= 0 || width <= 0)
    throw Error({.what = "size of an image must be positive",
                 .found = std::to_string(height) + " x " + std::to_string(width)});
  const Shape &shape = image.shape();
  size_t oldHeight = static_cast<size_t>(shape[0]), oldWidth = static_cast<size_t>(shape[1]);
  size_t channels = static_cast<size_t>(shape[2]);
  Array result(Shape{height, width, shape[2]}, DType::float32); // checks the size
  Array source = image.cast(DType::float32);
  std::span<const float> samples = source.values<float>();
  std::vector<float> pixels(samples.begin(), samples.end());
  if (width != shape[1])
    pixels = resizeAxis(pixels, oldHeight, oldWidth, static_cast<size_t>(width), channels);
  if (height != shape[0])
    pixels = resizeAxis(pixels, 1, oldHeight, static_cast<size_t>(height),
                        static_cast<size_t>(width) * channels);
  std::copy(pixels.begin(), pixels.end(), result.values<float>().begin());
  return result;
}

} // namespace horn::saving
