// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/StringHash.h"

#include <utility>

namespace horn::layers {

using hash::k0, hash::k1, hash::k2, hash::mix16, hash::rotate_right, hash::shift_mix;

/// The `bytes` characters at `text` as a little-endian word.
static uint64_t word_at(const char *text, size_t bytes = 8) {
  uint64_t word = 0;
  for (size_t i = 0; i < bytes; ++i)
    word |= uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  return word;
}

static uint64_t farm_33_to_64(const char *s, size_t n) {
  uint64_t multiplier = k2 + n * 2;
  uint64_t a = word_at(s) * k2, b = word_at(s + 8);
  uint64_t c = word_at(s + n - 8) * multiplier, d = word_at(s + n - 16) * k2;
  uint64_t y = rotate_right(a + b, 43) + rotate_right(c, 30) + d;
  uint64_t z = mix16(y, a + rotate_right(b + k2, 18) + c, multiplier);
  uint64_t e = word_at(s + 16) * multiplier, f = word_at(s + 24);
  uint64_t g = (y + word_at(s + n - 32)) * multiplier, h = (z + word_at(s + n - 24)) * multiplier;
  return mix16(rotate_right(e + f, 43) + rotate_right(g, 30) + h, e + rotate_right(f + a, 18) + g,
               multiplier);
}

namespace {
using Pair = std::pair<uint64_t, uint64_t>;

/// What FarmHash carries from one block of 64 characters to the next.
struct Farm {
  uint64_t x = 81 * k2, y = 81 * k1 + 113, z = shift_mix((81 * k1 + 113) * k2 + 113) * k2;
  Pair v, w;

  static Pair mix32(const char *s, uint64_t a, uint64_t b) {
    a += word_at(s);
    b = rotate_right(b + a + word_at(s + 24), 21);
    uint64_t c = a;
    a += word_at(s + 8) + word_at(s + 16);
    return {a + word_at(s + 24), b + rotate_right(a, 44) + c};
  }

  /// The last block has another multiplier and other weights.
  void block(const char *s, uint64_t multiplier, uint64_t weight) {
    x = rotate_right(x + y + v.first + word_at(s + 8), 37) * multiplier;
    y = rotate_right(y + v.second + word_at(s + 48), 42) * multiplier;
    x ^= w.second * weight;
    y += v.first * weight + word_at(s + 40);
    z = rotate_right(z + w.first, 33) * multiplier;
    v = mix32(s, v.second * multiplier, x + w.first);
    w = mix32(s + 32, z + w.second, y + word_at(s + 16));
    std::swap(z, x);
  }
};
} // namespace

static uint64_t farm_long(const char *s, size_t n) {
  Farm farm;
  farm.x += word_at(s);
  for (size_t at = 0; at + 64 < n; at += 64)
    farm.block(s + at, k1, 1);
  uint64_t multiplier = k1 + ((farm.z & 0xff) << 1);
  farm.w.first += (n - 1) & 63;
  farm.v.first += farm.w.first;
  farm.w.first += farm.v.first;
  farm.block(s + n - 64, multiplier, 9);
  return mix16(mix16(farm.v.first, farm.w.first, multiplier) + shift_mix(farm.y) * k0 + farm.z,
               mix16(farm.v.second, farm.w.second, multiplier) + farm.x, multiplier);
}

uint64_t fingerprint(std::string_view text) {
  const char *s = text.data();
  uint64_t n = text.size();
  if (n == 0)
    return k2;
  if (n < 4)
    return hash::farm_1_to_3(word_at(s, 1), word_at(s + n / 2, 1), word_at(s + n - 1, 1), n);
  if (n < 8)
    return hash::farm_4_to_7(word_at(s, 4), word_at(s + n - 4, 4), n);
  if (n <= 16)
    return hash::farm_8_to_16(word_at(s), word_at(s + n - 8), n);
  if (n <= 32)
    return hash::farm_17_to_32(word_at(s), word_at(s + 8), word_at(s + n - 16), word_at(s + n - 8),
                               n);
  return n <= 64 ? farm_33_to_64(s, n) : farm_long(s, n);
}

uint64_t keyed_hash(std::string_view text, std::array<uint64_t, 2> key) {
  hash::Sip<uint64_t> sip(key);
  size_t at = 0;
  for (; at + 8 <= text.size(); at += 8)
    sip.take(word_at(text.data() + at));
  sip.take(word_at(text.data() + at, text.size() - at) | uint64_t{text.size()} << 56);
  return sip.finish();
}

} // namespace horn::layers
