// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/layers/preprocessing/Hashing.h"

#include "frontend/layers/preprocessing/StringHash.h"
#include "frontend/ops/Categories.h"
#include "frontend/ops/Elementwise.h"
#include "frontend/ops/Promotion.h"
#include "frontend/ops/Reduce.h"
#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

namespace horn::layers {

HORN_DEFINE_LAYER(Hashing)

static Tensor constant_of(const std::vector<uint64_t> &values) {
  return current_tracer().constant(
      Array(Shape{static_cast<int64_t>(values.size())}, std::span<const uint64_t>(values)));
}

namespace {
/// A tensor of 64-bit words with the arithmetic that the hashes are written in.
struct Words {
  Tensor tensor;

  Words() = default;
  explicit Words(Tensor tensor) : tensor(std::move(tensor)) {}
  explicit Words(uint64_t value) : tensor(ops::reshape(constant_of({value}), {})) {}

  friend Words operator+(const Words &a, const Words &b) { return Words(a.tensor + b.tensor); }
  friend Words operator*(const Words &a, const Words &b) { return Words(a.tensor * b.tensor); }
  friend Words operator^(const Words &a, const Words &b) {
    return Words(ops::bitwise_xor(a.tensor, b.tensor));
  }
  friend Words operator|(const Words &a, const Words &b) {
    return Words(ops::bitwise_or(a.tensor, b.tensor));
  }
  friend Words operator>>(const Words &a, unsigned count) {
    return Words(ops::bitwise_right_shift(a.tensor, Words(uint64_t{count}).tensor));
  }
  friend Words operator<<(const Words &a, unsigned count) {
    return Words(ops::bitwise_left_shift(a.tensor, Words(uint64_t{count}).tensor));
  }
};

/// The decimal texts of integers.
class Decimals {
public:
  explicit Decimals(const Tensor &x);
  /// `count` characters from `start` on (negative: from the end) as a little-endian word; 0 where
  /// the text has none.
  Words word(int64_t start, int64_t count = 8) const;
  /// The character in the middle.
  Words middle() const;
  Words length() const { return Words(length_); }

private:
  Words pack(const Tensor &places) const;
  Tensor reversed_; ///< [..., 20]: characters from the last to the first, then zeros
  Tensor length_;
};
} // namespace

static constexpr int64_t longest = 20; // -9223372036854775808, 18446744073709551615

Decimals::Decimals(const Tensor &x) {
  std::vector<uint64_t> powers{1};
  while (powers.size() < longest)
    powers.push_back(powers.back() * 10);
  Tensor bits = ops::cast(x, DType::uint64), zero = ops::zeros_like(bits);
  bool is_signed = x.dtype() != DType::uint64;
  Tensor negative = is_signed ? x < 0 : ops::not_equal(bits, bits);
  Tensor size = ops::expand_dims(ops::where(negative, zero - bits, bits), -1);
  Tensor quotient = ops::floor_divide(size, constant_of(powers));
  Tensor digits = ops::mod(quotient, Words(10).tensor) + Words('0').tensor;
  Tensor ten = ops::cast(quotient > 0, DType::uint64);
  // Zero has a digit, too.
  Tensor count = ops::maximum(ops::sum(ten, -1), Words(1).tensor);
  length_ = count + ops::cast(negative, DType::uint64);
  Tensor place = ops::cast(ops::arange(longest), DType::uint64), end = ops::expand_dims(count, -1);
  Tensor sign = ops::logical_and(ops::equal(place, end), ops::expand_dims(negative, -1));
  Tensor none = ops::zeros_like(digits);
  reversed_ = ops::where(place < end, digits, ops::where(sign, none + Words('-').tensor, none));
}

/// Characters at places from the end, [..., count], as words; places outside the text give 0.
Words Decimals::pack(const Tensor &places) const {
  int64_t count = places.shape().back();
  Tensor inside = ops::logical_and(places >= 0, places < longest);
  Tensor characters = ops::take_along_axis(reversed_, ops::clip(places, 0, longest - 1), -1);
  characters = ops::where(inside, characters, ops::zeros_like(characters));
  std::vector<uint64_t> shifts;
  for (int64_t i = 0; i < count; ++i)
    shifts.push_back(static_cast<uint64_t>(8 * i));
  return Words(ops::sum(ops::bitwise_left_shift(characters, constant_of(shifts)), -1));
}

Words Decimals::word(int64_t start, int64_t count) const {
  Tensor last = ops::expand_dims(ops::cast(length_, DType::int32) - 1, -1);
  Tensor offset = ops::arange(count);
  // From the front: place 0 is length - 1 from the end. From the end: place -1 is 0.
  if (start >= 0)
    return pack(last - start - offset);
  return pack(last * 0 + (-start - 1) - offset);
}

Words Decimals::middle() const {
  Tensor length = ops::cast(length_, DType::int32);
  return pack(ops::expand_dims(length - 1 - ops::floor_divide(length, 2), -1));
}

/// One of two hashes for each text: by whether it has at least `length` characters.
static Words choose(const Decimals &text, int64_t length, const Words &longer,
                    const Words &shorter) {
  return Words(ops::where(text.length().tensor >= Words(static_cast<uint64_t>(length)).tensor,
                          longer.tensor, shorter.tensor));
}

static Words fingerprint_of(const Decimals &text) {
  Words n = text.length(), head = text.word(0), tail = text.word(-8);
  Words result = hash::farm_1_to_3(text.word(0, 1), text.middle(), text.word(-1, 1), n);
  result = choose(text, 4, hash::farm_4_to_7(text.word(0, 4), text.word(-4, 4), n), result);
  result = choose(text, 8, hash::farm_8_to_16(head, tail, n), result);
  return choose(text, 17, hash::farm_17_to_32(head, text.word(8), text.word(-16), tail, n), result);
}

static Words keyed_hash_of(const Decimals &text, std::array<uint64_t, 2> key) {
  hash::Sip<Words> sip(key);
  Words size = text.length() << 56, result;
  for (int64_t start : {0, 8, 16}) {
    // Full words; a word that starts after the end is none, the last one has the length on top.
    hash::Sip<Words> with_full = sip, with_last = sip;
    Words word = text.word(start);
    with_full.take(word);
    with_last.take(word | size);
    Words ended = with_last.finish();
    result = start == 0 ? ended : choose(text, start, ended, result);
    sip = with_full;
  }
  return result;
}

Tensor hash_integers(const Tensor &input, int64_t num_bins, const ConfigValue &salt) {
  Tensor x = is_integer(input.dtype()) ? input : ops::cast(input, DType::int64);
  Decimals text(x);
  Words hashed = salt.is_null() ? fingerprint_of(text) : keyed_hash_of(text, key_of_salt(salt));
  return ops::cast(ops::mod(hashed.tensor, Words(static_cast<uint64_t>(num_bins)).tensor),
                   DType::int64);
}

std::array<uint64_t, 2> key_of_salt(const ConfigValue &salt) {
  std::vector<int64_t> key = salt.as_ints();
  require(key.size() == 1 || key.size() == 2,
          {.what = "wrong salt", .expected = "one or two integers", .found = salt.str()});
  return {static_cast<uint64_t>(key.front()), static_cast<uint64_t>(key.back())};
}

void HashingLayer::check_config() {
  require(config.num_bins > 0, {.what = "wrong num_bins",
                                .expected = "a positive integer",
                                .found = std::to_string(config.num_bins)});
  if (!config.salt.is_null())
    key_of_salt(config.salt);
  if (config.mask_value.is_string())
    throw UnsupportedError({.what = "Hashing: strings cannot be tensors",
                            .found = "mask_value " + config.mask_value.str(),
                            .hint = "hash strings before the model (horn::layers::fingerprint)"});
}

Tensor HashingLayer::call(const Tensor &x) {
  bool masked = !config.mask_value.is_null() && config.num_bins > 1;
  Tensor bins = hash_integers(x, config.num_bins - masked, config.salt);
  if (masked)
    bins = ops::where(ops::equal(x, config.mask_value.as_number()), 0, bins + 1);
  bins = ops::cast(bins, DType::int32); // JAX has no wider integers
  if (config.output_mode == "int")
    return bins;
  return ops::encode_categories(bins, config.output_mode, config.num_bins,
                                ops::to_floating(compute_dtype()));
}

} // namespace horn::layers
