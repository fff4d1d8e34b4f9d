// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Reads little-endian numbers and texts from bytes in order and never past their end.
#pragma once

#include "frontend/core/Error.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace horn::saving {

/// The bytes of `all` from `offset` on, `length` of them. Throws Error when they are not there.
inline std::span<const std::byte> checked_subspan(std::span<const std::byte> all, uint64_t offset,
                                                  uint64_t length) {
  if (offset > all.size() || length > all.size() - offset)
    throw Error({.what = "structure points outside the file or its block",
                 .found = "offset " + std::to_string(offset) + ", length " +
                          std::to_string(length) + " of " + std::to_string(all.size())});
  return all.subspan(offset, length);
}

/// A reading position in bytes. All functions throw Error at the end.
class ByteCursor {
public:
  explicit ByteCursor(std::span<const std::byte> bytes) : bytes_(bytes) {}

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  std::span<const std::byte> take(uint64_t length) {
    std::span<const std::byte> part = checked_subspan(bytes_, position_, length);
    position_ += length;
    return part;
  }
  void skip(uint64_t length) { take(length); }
  /// Goes on at the next multiple of `step` from the start, or at the end if that is nearer.
  void align(size_t step) {
    size_t target = (position_ + step - 1) / step * step;
    position_ = target < bytes_.size() ? target : bytes_.size();
  }
  std::string_view text(uint64_t length) {
    std::span<const std::byte> part = take(length);
    return {reinterpret_cast<const char *>(part.data()), part.size()};
  }
  /// A little-endian number of `length` bytes, at most 8.
  uint64_t number(size_t length) {
    std::span<const std::byte> part = take(length);
    uint64_t value = 0;
    for (size_t i = length; i-- > 0;)
      value = value << 8 | static_cast<uint64_t>(part[i]);
    return value;
  }
  uint8_t u8() { return static_cast<uint8_t>(number(1)); }
  uint16_t u16() { return static_cast<uint16_t>(number(2)); }
  uint32_t u32() { return static_cast<uint32_t>(number(4)); }
  uint64_t u64() { return number(8); }

private:
  std::span<const std::byte> bytes_;
  size_t position_ = 0;
};

} // namespace horn::saving
