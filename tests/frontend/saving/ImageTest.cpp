// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Image.h"
#include "tests/frontend/saving/TestFiles.h"

#include <cstdio> // jpeglib.h needs it before
#include <jpeglib.h>
#include <png.h>
#include <zlib.h>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

static std::string bigEndian(uint32_t value) { return bytes_of(__builtin_bswap32(value)); }

static std::string pngChunk(const std::string &name, const std::string &content) {
  std::string body = name + content;
  auto crc = crc32(0, reinterpret_cast<const Bytef *>(body.data()), static_cast<uInt>(body.size()));
  return bigEndian(static_cast<uint32_t>(content.size())) + body +
         bigEndian(static_cast<uint32_t>(crc));
}

/// A PNG file; `rows` are the samples, each row with a filter byte in front.
static std::string pngOf(uint32_t width, uint32_t height, uint8_t bits, uint8_t kind,
                         const std::string &rows, const std::string &extra = "") {
  std::string packed(compressBound(rows.size()), '\0');
  uLongf length = packed.size();
  compress(reinterpret_cast<Bytef *>(packed.data()), &length,
           reinterpret_cast<const Bytef *>(rows.data()), rows.size());
  packed.resize(length);
  std::string header = bigEndian(width) + bigEndian(height) + static_cast<char>(bits) +
                       static_cast<char>(kind) + std::string(3, '\0');
  return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", header) + extra + pngChunk("IDAT", packed) +
         pngChunk("IEND", "");
}

static std::string jpegOf(unsigned width, unsigned height, int channels) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char *memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = channels;
  jpeg.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  std::vector<JSAMPLE> row(width * static_cast<unsigned>(channels), 100);
  JSAMPROW pointer = row.data();
  while (jpeg.next_scanline < height)
    jpeg_write_scanlines(&jpeg, &pointer, 1);
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  std::string text(reinterpret_cast<char *>(memory), size);
  std::free(memory);
  return text;
}

static Array decoded(const std::string &text, int channels = 0,
                     const Limits &limits = default_limits) {
  return read_image(copy_bytes(text), "t.png", channels, limits);
}

static std::vector<int> samples(const Array &array) {
  std::vector<int> result;
  for (size_t i = 0; i < array.size(); ++i)
    result.push_back(static_cast<int>(array.at(i)));
  return result;
}

using Samples = std::vector<int>;

TEST(Image, ReadsAllKindsOfPng) {
  EXPECT_EQ(samples(decoded(pngOf(2, 1, 8, 0, std::string("\0\1\2", 3)))), (Samples{1, 2}));
  EXPECT_EQ(samples(decoded(pngOf(2, 1, 1, 0, std::string("\0\x40", 2)))), (Samples{0, 255}));
  EXPECT_EQ(samples(decoded(pngOf(1, 1, 16, 0, std::string("\0\xff\xff", 3)))), (Samples{255}));
  EXPECT_EQ(samples(decoded(pngOf(1, 1, 8, 2, std::string("\0\1\2\3", 4)))), (Samples{1, 2, 3}));
  EXPECT_EQ(samples(decoded(pngOf(1, 1, 8, 4, std::string("\0\1\2", 3)))), (Samples{1, 2}));
  EXPECT_EQ(samples(decoded(pngOf(1, 1, 8, 6, std::string("\0\1\2\3\4", 5)))),
            (Samples{1, 2, 3, 4}));
  std::string palette = pngChunk("PLTE", "abcdef");
  Array indexed = decoded(pngOf(2, 1, 8, 3, std::string("\0\1\0", 3), palette));
  EXPECT_EQ(samples(indexed), (Samples{'d', 'e', 'f', 'a', 'b', 'c'}));
  Array transparent =
      decoded(pngOf(1, 1, 8, 3, std::string("\0\1", 2), palette + pngChunk("tRNS", "\x07\x09")));
  EXPECT_EQ(samples(transparent), (Samples{'d', 'e', 'f', 9}));
}

TEST(Image, ReadsJpeg) {
  Array colour = decoded(jpegOf(20, 10, 3));
  EXPECT_EQ(colour.shape(), Shape({10, 20, 3}));
  EXPECT_NEAR(colour.at(5), 100, 2);
  EXPECT_EQ(decoded(jpegOf(20, 10, 1)).shape(), Shape({10, 20, 1}));
  EXPECT_EQ(decoded(jpegOf(20, 10, 1), 3).shape(), Shape({10, 20, 3}));
  expect_refused("CMYK", [] { decoded(jpegOf(20, 10, 4)); }, "CMYK");
}

TEST(Image, ConvertsChannels) {
  Array rgb(Shape{1, 1, 3}, DType::uint8);
  rgb.set(0, 100), rgb.set(1, 200), rgb.set(2, 50);
  EXPECT_EQ(samples(convert_channels(rgb, 1)), (Samples{153}));
  EXPECT_EQ(samples(convert_channels(rgb, 4)), (Samples{100, 200, 50, 255}));
  Array gray(Shape{1, 1, 1}, DType::uint8);
  gray.set(0, 7);
  EXPECT_EQ(samples(convert_channels(gray, 3)), (Samples{7, 7, 7}));
  EXPECT_EQ(samples(convert_channels(convert_channels(rgb, 4), 2)), (Samples{153, 255}));
  EXPECT_THROW(convert_channels(rgb, 5), Error);
}

TEST(Image, ShrinkingAverages) {
  Array image(Shape{2, 4, 1}, DType::uint8);
  for (size_t i = 0; i < 8; ++i)
    image.set(i, static_cast<double>(i));
  Array half = resize_area_or_bilinear(image, 1, 2);
  EXPECT_FLOAT_EQ(static_cast<float>(half.at(0)), (0 + 1 + 4 + 5) / 4.0f);
  EXPECT_FLOAT_EQ(static_cast<float>(half.at(1)), (2 + 3 + 6 + 7) / 4.0f);
  Array third = resize_area_or_bilinear(image, 2, 3);
  EXPECT_NEAR(third.at(0), (0 + 1 / 3.0) / (4 / 3.0), 1e-5);
}

TEST(Image, GrowingInterpolates) {
  Array image(Shape{1, 2, 1}, DType::float32);
  image.set(1, 4);
  Array large = resize_area_or_bilinear(image, 1, 4);
  for (auto [i, value] : {std::pair(0, 0.0), {1, 1.0}, {2, 3.0}, {3, 4.0}})
    EXPECT_FLOAT_EQ(static_cast<float>(large.at(static_cast<size_t>(i))),
                    static_cast<float>(value));
  EXPECT_THROW(resize_area_or_bilinear(image, 0, 4), Error);
}

TEST(Image, LimitsAreExact) {
  std::string png = pngOf(3, 2, 8, 0, std::string(8, '\0'));
  EXPECT_NO_THROW(decoded(png, 0, {.image_side = 3, .image_pixels = 6}));
  EXPECT_THROW(decoded(png, 0, {.image_side = 2}), Error);
  EXPECT_THROW(decoded(png, 0, {.image_pixels = 5}), Error);
}

TEST(Image, RefusesHostileFiles) {
  std::string png = pngOf(2, 2, 8, 0, std::string(6, '\0')), jpeg = jpegOf(64, 64, 3);
  std::string bigJpeg = jpeg;
  size_t frame = bigJpeg.find("\xff\xc0");
  bigJpeg.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
  std::string badCrc = png;
  badCrc[40] = static_cast<char>(badCrc[40] ^ 1);
  std::vector<std::pair<std::string, std::string>> cases = {
      {"empty", ""},
      {"text", "not an image"},
      {"PNG bomb", pngOf(60000, 2000, 8, 6, std::string(100, '\0'))},
      {"PNG too wide", pngOf(0x7fffffff, 1, 8, 0, "")},
      {"PNG without size", pngOf(0, 0, 8, 0, "")},
      {"PNG bits", pngOf(1, 1, 7, 0, std::string(2, '\0'))},
      {"PNG palette missing", pngOf(1, 1, 8, 3, std::string(2, '\0'))},
      {"PNG too few rows", pngOf(2, 2, 8, 0, std::string(3, '\0'))},
      {"PNG checksum", badCrc},
      {"JPEG bomb", bigJpeg},
      {"JPEG start only", jpeg.substr(0, 4)},
  };
  for (const auto &[name, text] : cases)
    expect_refused(name, [&] { decoded(text); }, "t.png");
}

TEST(Image, RefusesTruncation) {
  std::string png = pngOf(8, 8, 8, 0, std::string(72, '\1')), jpeg = jpegOf(64, 64, 3);
  for (size_t size = 0; size + 12 < png.size(); ++size)
    expect_refused("PNG " + std::to_string(size), [&] { decoded(png.substr(0, size)); });
  for (size_t size = 0; size + 8 < jpeg.size(); size += 7)
    expect_refused("JPEG " + std::to_string(size), [&] { decoded(jpeg.substr(0, size)); });
}
