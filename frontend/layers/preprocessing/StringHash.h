// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The hashes that Keras's lookup layers use: FarmHash's fingerprint and SipHash-2-4. The mixing is
// written once for words on this machine and for tensors of words in a model.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace horn::layers {

namespace hash {
inline constexpr uint64_t k0 = 0xc3a5c85c97cb3127, k1 = 0xb492b66fbe98f273, k2 = 0x9ae16a3b2f90404f;

/// Word: uint64_t, or a type with its arithmetic.
template <class Word> Word rotate_right(const Word &x, unsigned count) {
  return (x >> count) | (x << (64 - count));
}

template <class Word> Word shift_mix(const Word &x) { return x ^ (x >> 47); }

template <class Word> Word mix16(const Word &u, const Word &v, const Word &multiplier) {
  Word a = shift_mix(Word((u ^ v) * multiplier));
  return shift_mix(Word((v ^ a) * multiplier)) * multiplier;
}

/// A string of 1 to 3 characters: its first, middle and last.
template <class Word> Word farm_1_to_3(const Word &a, const Word &b, const Word &c, const Word &n) {
  return shift_mix(Word(((a + (b << 8)) * Word(k2)) ^ ((n + (c << 2)) * Word(k0)))) * Word(k2);
}

/// A string of 4 to 7 characters: its first and its last four, as little-endian words.
template <class Word> Word farm_4_to_7(const Word &head, const Word &tail, const Word &n) {
  return mix16(Word(n + (head << 3)), tail, Word(Word(k2) + n + n));
}

/// A string of 8 to 16 characters: its first and its last eight.
template <class Word> Word farm_8_to_16(const Word &head, const Word &tail, const Word &n) {
  Word multiplier = Word(k2) + n + n, a = head + Word(k2);
  Word c = rotate_right(tail, 37) * multiplier + a;
  Word d = (rotate_right(a, 25) + tail) * multiplier;
  return mix16(c, d, multiplier);
}

/// A string of 17 to 32 characters: its first two words and its last two.
template <class Word>
Word farm_17_to_32(const Word &first, const Word &second, const Word &before_last, const Word &last,
                   const Word &n) {
  Word multiplier = Word(k2) + n + n;
  Word a = first * Word(k1), c = last * multiplier, d = before_last * Word(k2);
  Word u = rotate_right(Word(a + second), 43) + rotate_right(c, 30) + d;
  return mix16(u, Word(a + rotate_right(Word(second + Word(k2)), 18) + c), multiplier);
}

/// The state of SipHash-2-4.
template <class Word> struct Sip {
  Word v0, v1, v2, v3;

  explicit Sip(std::array<uint64_t, 2> key)
      : v0(key[0] ^ 0x736f6d6570736575), v1(key[1] ^ 0x646f72616e646f6d),
        v2(key[0] ^ 0x6c7967656e657261), v3(key[1] ^ 0x7465646279746573) {}

  void round() {
    v0 = v0 + v1, v2 = v2 + v3;
    v1 = rotate_right(v1, 51) ^ v0, v3 = rotate_right(v3, 48) ^ v2;
    v0 = rotate_right(v0, 32);
    v2 = v2 + v1, v0 = v0 + v3;
    v1 = rotate_right(v1, 47) ^ v2, v3 = rotate_right(v3, 43) ^ v0;
    v2 = rotate_right(v2, 32);
  }
  void take(const Word &word) {
    v3 = v3 ^ word;
    round(), round();
    v0 = v0 ^ word;
  }
  Word finish() {
    v2 = v2 ^ Word(0xff);
    for (int i = 0; i < 4; ++i)
      round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};
} // namespace hash

/// FarmHash's Fingerprint64. Source: tf.strings.to_hash_bucket_fast.
uint64_t fingerprint(std::string_view text);
/// SipHash-2-4. Source: tf.strings.to_hash_bucket_strong.
uint64_t keyed_hash(std::string_view text, std::array<uint64_t, 2> key);

} // namespace horn::layers
