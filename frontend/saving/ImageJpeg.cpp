// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/ImageCodecs.h"

#include <csetjmp>
#include <cstdio> // jpeglib.h needs it before

#include <jerror.h>
#include <jpeglib.h>

namespace horn::saving {

namespace {
/// libjpeg's state with what its callbacks note. All of it is plain data: errors come by longjmp.
struct JpegDecoder {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX] = "";
  bool cutOff = false;
  int maxScans = 0;

  JpegDecoder() = default;
  JpegDecoder(const JpegDecoder &) = delete;
  ~JpegDecoder() { jpeg_destroy_decompress(&jpeg); }
};
} // namespace

static JpegDecoder &decoderOf(j_common_ptr jpeg) {
  return *static_cast<JpegDecoder *>(jpeg->client_data);
}

[[noreturn]] static void onError(j_common_ptr jpeg) {
  JpegDecoder &decoder = decoderOf(jpeg);
  jpeg->err->format_message(jpeg, decoder.message);
  std::longjmp(decoder.jump, 1);
}

/// Warnings go unseen but for those that mean missing samples, which libjpeg makes up.
static void onMessage(j_common_ptr jpeg, int level) {
  int code = jpeg->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
    decoderOf(jpeg).cutOff = true;
}

/// A small file can have very many passes over a large image.
static void onProgress(j_common_ptr jpeg) {
  JpegDecoder &decoder = decoderOf(jpeg);
  if (decoder.jpeg.input_scan_number > decoder.maxScans)
    ERREXIT(jpeg, JERR_BAD_PROGRESSION);
}

static void prepare(JpegDecoder &decoder, const Limits &limits) {
  decoder.jpeg.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = onError;
  decoder.errors.emit_message = onMessage;
  decoder.progress.progress_monitor = onProgress;
  decoder.maxScans = static_cast<int>(limits.image_scans);
  decoder.jpeg.client_data = &decoder;
}

static bool readHeader(JpegDecoder &decoder, std::span<const std::byte> bytes) {
  if (setjmp(decoder.jump))
    return false;
  jpeg_create_decompress(&decoder.jpeg);
  decoder.jpeg.progress = &decoder.progress;
  jpeg_mem_src(&decoder.jpeg, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size());
  jpeg_read_header(&decoder.jpeg, TRUE);
  decoder.jpeg.out_color_space =
      decoder.jpeg.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  return true;
}

static bool readSamples(JpegDecoder &decoder, JSAMPLE *to, size_t rowBytes) {
  if (setjmp(decoder.jump))
    return false;
  jpeg_start_decompress(&decoder.jpeg);
  while (decoder.jpeg.output_scanline < decoder.jpeg.output_height) {
    JSAMPROW row = to + decoder.jpeg.output_scanline * rowBytes;
    jpeg_read_scanlines(&decoder.jpeg, &row, 1);
  }
  jpeg_finish_decompress(&decoder.jpeg);
  return true;
}

static void expectWhole(bool whole, const JpegDecoder &decoder) {
  if (!whole || decoder.cutOff)
    throw Error({.what = "JPEG file is damaged",
                 .found = decoder.cutOff ? "missing data" : decoder.message});
}

Array decode_jpeg(std::span<const std::byte> bytes, const Limits &limits) {
  JpegDecoder decoder;
  prepare(decoder, limits);
  expectWhole(readHeader(decoder, bytes), decoder);
  J_COLOR_SPACE space = decoder.jpeg.jpeg_color_space;
  if (space == JCS_CMYK || space == JCS_YCCK)
    throw Error({.what = "JPEG files with CMYK colours are not supported"});
  uint64_t width = decoder.jpeg.image_width, height = decoder.jpeg.image_height;
  uint64_t channels = space == JCS_GRAYSCALE ? 1 : 3;
  check_image_size(width, height, limits);
  if (width * height * channels / limits.image_ratio > bytes.size())
    throw Error({.what = "JPEG file claims more pixels than its bytes can give"});
  Array image(Shape{static_cast<int64_t>(height), static_cast<int64_t>(width),
                    static_cast<int64_t>(channels)},
              DType::uint8);
  expectWhole(readSamples(decoder, reinterpret_cast<JSAMPLE *>(image.bytes()), width * channels),
              decoder);
  return image;
}

} // namespace horn::saving
