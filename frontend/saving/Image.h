// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Pictures: PNG and JPEG files to arrays, and the conversions that models need.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

#include <filesystem>
#include <string>

namespace horn::saving {

/// Reads a PNG or JPEG file.
/// **Shapes** uint8 [height, width, channels]; channels: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA;
/// as in the file (palettes become RGB, transparent colours alpha, 16-bit samples 8-bit), or
/// converted when `channels` is 1 to 4. Gamma and orientation tags are ignored, as Keras does.
/// **Errors** Error for damaged or truncated files, CMYK, and sizes over the limits.
Array read_image(const std::filesystem::path &path, int channels = 0,
                 const Limits &limits = default_limits);
/// The same from memory; `name` stands in messages.
Array read_image(const FileBytes &bytes, const std::string &name, int channels = 0,
                 const Limits &limits = default_limits);

/// An image [H, W, C] with another number of channels: colour to gray by 0.299 R + 0.587 G +
/// 0.114 B, gray to colour by repetition; alpha is dropped or added as 255. uint8 or float32.
Array convert_channels(const Array &image, int channels);

/// Resizes an image [H, W, C] of uint8 or float32 to float32 [height, width, C]. An axis that
/// shrinks is averaged over the area of each new pixel (no aliasing); one that grows is
/// interpolated linearly with pixel centres at half coordinates. Throws Error.
Array resize_area_or_bilinear(const Array &image, int64_t height, int64_t width);

} // namespace horn::saving
