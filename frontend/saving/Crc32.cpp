// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Crc32.h"

#include <zlib.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace horn::saving {

static uint32_t byZlib(const void *bytes, size_t size, uint32_t crc) {
  return static_cast<uint32_t>(crc32_z(crc, static_cast<const Bytef *>(bytes), size));
}

#ifdef __x86_64__

// Bytes are polynomials over GF(2), the first bit that of the highest power, and bits of a byte
// come lowest first. Their CRC is a remainder of the division by P. Where a run of bytes stands
// n bits before another, it may be multiplied by x^n mod P and added to that instead: so sixteen
// bytes are folded into those behind them, and in the end sixteen are left with the remainder of
// all. Two halves of 64 bits are multiplied apart, each by a factor of its own.

/// x^power mod P, bits reversed, shifted by the one bit that a product of reversed numbers lacks.
static constexpr long long fold(unsigned power) {
  uint32_t value = 0x80000000u; // x^0
  for (unsigned i = 0; i < power; ++i)
    value = (value >> 1) ^ (value & 1 ? 0xedb88320u : 0);
  return static_cast<long long>(uint64_t{value} << 1);
}

/// The factors of the halves of what stands `bits` before its goal. A half stands 64 bits before
/// the other; a factor has 32 bits, yet lies at the end of 64.
template <unsigned bits> static __m128i factors() {
  constexpr long long first = fold(bits + 32), second = fold(bits - 32);
  return _mm_set_epi64x(second, first);
}

[[gnu::target("pclmul")]] static __m128i folded(__m128i bytes, __m128i by, __m128i goal) {
  __m128i first = _mm_clmulepi64_si128(bytes, by, 0x00);
  __m128i second = _mm_clmulepi64_si128(bytes, by, 0x11);
  return _mm_xor_si128(_mm_xor_si128(first, second), goal);
}

/// Of a multiple of 64 bytes, and at least so many.
[[gnu::target("pclmul")]] static uint32_t byProducts(const std::byte *bytes, size_t size,
                                                     uint32_t crc) {
  auto load = [&](size_t at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(bytes + at));
  };
  const __m128i by512 = factors<512>();
  const __m128i by128 = factors<128>();
  // What came before is added to the first 32 bits.
  __m128i sums[4] = {_mm_xor_si128(load(0), _mm_cvtsi32_si128(static_cast<int>(~crc))), load(16),
                     load(32), load(48)};
  for (size_t at = 64; at < size; at += 64)
    for (size_t i = 0; i < 4; ++i)
      sums[i] = folded(sums[i], by512, load(at + 16 * i));
  for (size_t i = 1; i < 4; ++i)
    sums[i] = folded(sums[i - 1], by128, sums[i]);
  return byZlib(&sums[3], sizeof sums[3], ~uint32_t{0});
}

uint32_t crc32_of(std::span<const std::byte> bytes, uint32_t crc) {
  size_t folds = bytes.size() / 64 * 64;
  if (folds == 0 || !__builtin_cpu_supports("pclmul"))
    return byZlib(bytes.data(), bytes.size(), crc);
  crc = byProducts(bytes.data(), folds, crc);
  return byZlib(bytes.data() + folds, bytes.size() - folds, crc);
}

#else

uint32_t crc32_of(std::span<const std::byte> bytes, uint32_t crc) {
  return byZlib(bytes.data(), bytes.size(), crc);
}

#endif

} // namespace horn::saving
