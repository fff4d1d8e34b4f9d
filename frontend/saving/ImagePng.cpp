// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ImageCodecs.h"

#include <csetjmp>
#include <cstring>
#include <png.h>
#include <vector>

namespace horn::saving {

namespace {
/// What libpng's callbacks work on.
struct PngState {
  std::span<const std::byte> rest;
  char message[128] = "";
};

/// Owns libpng's structs.
struct PngDecoder {
  PngState state;
  png_structp png = nullptr;
  png_infop info = nullptr;
  PngDecoder() = default;
  PngDecoder(const PngDecoder &) = delete;
  ~PngDecoder() { png_destroy_read_struct(&png, &info, nullptr); }
};
} // namespace

// libpng reports errors by longjmp. The functions with setjmp hold no C++ objects of their own, so
// that no destructor is jumped over.

[[noreturn]] static void onError(png_structp png, png_const_charp message) {
  auto *state = static_cast<PngState *>(png_get_error_ptr(png));
  std::strncpy(state->message, message, sizeof state->message - 1);
  png_longjmp(png, 1);
}

static void onWarning(png_structp, png_const_charp) {}

static void onRead(png_structp png, png_bytep to, size_t length) {
  auto *state = static_cast<PngState *>(png_get_io_ptr(png));
  if (length > state->rest.size())
    png_error(png, "file is cut off");
  std::memcpy(to, state->rest.data(), length);
  state->rest = state->rest.subspan(length);
}

/// Reads all up to the samples.
static bool readHeader(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_read_info(png, info);
  return true;
}

/// Asks for 8-bit samples without palette.
static bool setConversions(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_set_expand(png);
  png_set_scale_16(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

static bool readSamples(png_structp png, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png)))
    return false;
  png_read_image(png, rows);
  png_read_end(png, nullptr);
  return true;
}

static void expectWhole(bool whole, const PngState &state) {
  if (!whole)
    throw Error({.what = "PNG file is damaged", .found = state.message});
}

static void open(PngDecoder &decoder, const Limits &limits) {
  PngState *state = &decoder.state;
  decoder.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, onError, onWarning);
  decoder.info = decoder.png ? png_create_info_struct(decoder.png) : nullptr;
  if (!decoder.info)
    throw Error({.what = "not enough memory for a PNG decoder"});
  png_set_user_limits(decoder.png, static_cast<png_uint_32>(limits.image_side),
                      static_cast<png_uint_32>(limits.image_side));
  png_set_chunk_malloc_max(decoder.png, 8 * MiB); // colour profiles and texts
  png_set_chunk_cache_max(decoder.png, 128);
  png_set_read_fn(decoder.png, state, onRead);
}

Array decode_png(std::span<const std::byte> bytes, const Limits &limits) {
  PngDecoder decoder;
  decoder.state.rest = bytes;
  open(decoder, limits);
  png_structp png = decoder.png;
  expectWhole(readHeader(png, decoder.info), decoder.state);
  uint64_t width = png_get_image_width(png, decoder.info);
  uint64_t height = png_get_image_height(png, decoder.info);
  check_image_size(width, height, limits);
  if (png_get_rowbytes(png, decoder.info) * height / limits.zip_ratio > bytes.size())
    throw Error({.what = "PNG file claims more pixels than its compressed bytes can give"});
  expectWhole(setConversions(png, decoder.info), decoder.state);
  uint64_t channels = png_get_channels(png, decoder.info);
  uint64_t rowBytes = png_get_rowbytes(png, decoder.info);
  if (rowBytes != width * channels)
    throw Error({.what = "PNG file has samples of an unknown kind"});
  Array image(Shape{static_cast<int64_t>(height), static_cast<int64_t>(width),
                    static_cast<int64_t>(channels)},
              DType::uint8);
  std::vector<png_bytep> rows(height);
  for (uint64_t y = 0; y < height; ++y)
    rows[y] = reinterpret_cast<png_bytep>(image.bytes()) + y * rowBytes;
  expectWhole(readSamples(png, rows.data()), decoder.state);
  return image;
}

} // namespace horn::saving
