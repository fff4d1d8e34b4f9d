// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The decoders behind read_image. Internal.
#pragma once

#include "frontend/core/Array.h"
#include "frontend/saving/FileBytes.h"

namespace horn::saving {

/// Decodes a PNG file to uint8 [H, W, C]. Throws Error.
Array decode_png(std::span<const std::byte> bytes, const Limits &limits);

/// Decodes a JPEG file to uint8 [H, W, 1 or 3]. Throws Error.
Array decode_jpeg(std::span<const std::byte> bytes, const Limits &limits);

/// Throws Error when an image of this size may not be decoded.
void check_image_size(uint64_t width, uint64_t height, const Limits &limits);

} // namespace horn::saving
