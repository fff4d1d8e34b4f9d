// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/core/Array.h"

#include <bit>
#include <cstdlib>
#include <cstring>

namespace horn {

static constexpr size_t kAlignment = 64;
static constexpr int64_t kMaxBytes = int64_t(1) << 40;

Array::Array(Shape shape, DType dtype) : shape_(std::move(shape)), dtype_(dtype) {
  std::optional<int64_t> count = shape_.num_elements();
  if (!count || *count > kMaxBytes / static_cast<int64_t>(dtype_bytes(dtype)))
    throw Error({.what = "cannot make an array of shape " + shape_.str(),
                 .hint = "every dimension must be known and the size at most 1 TiB"});
  size_ = static_cast<size_t>(*count);
  size_t bytes = (num_bytes() + kAlignment) / kAlignment * kAlignment;
  void *memory = std::aligned_alloc(kAlignment, bytes);
  if (!memory)
    throw std::bad_alloc();
  std::memset(memory, 0, bytes);
  owner_ = std::shared_ptr<void>(memory, std::free);
  bytes_ = static_cast<std::byte *>(memory);
}

Array::Array(Shape shape, DType dtype, void *bytes, std::shared_ptr<void> owner)
    : shape_(std::move(shape)), dtype_(dtype),
      size_(static_cast<size_t>(shape_.num_elements().value_or(0))),
      bytes_(static_cast<std::byte *>(bytes)), owner_(std::move(owner)) {}

void Array::check_dtype(DType wanted) const {
  if (dtype_ != wanted)
    throw Error({.what = "wrong element type of an array",
                 .expected = std::string(dtype_name(wanted)),
                 .found = std::string(dtype_name(dtype_))});
}

void Array::check_rank(size_t wanted) const {
  if (shape_.rank() != wanted)
    throw Error({.what = "wrong number of axes of an array",
                 .expected = std::to_string(wanted),
                 .found = std::to_string(shape_.rank()) + " in " + shape_.str()});
}

void Array::check_count(const Shape &shape, size_t count) {
  std::optional<int64_t> wanted = shape.num_elements();
  if (!wanted || *wanted != static_cast<int64_t>(count))
    throw Error({.what = "wrong number of values for shape " + shape.str(),
                 .expected = wanted ? std::to_string(*wanted) : "known dimensions",
                 .found = std::to_string(count)});
}

void Array::throw_strided(const Shape &shape) {
  throw Error({.what = "a view of shape " + shape.str() + " is not dense",
               .expected = "row-major elements without gaps",
               .hint = "Array::copy_of(view) makes a dense copy"});
}

double Array::at(size_t index) const {
  switch (dtype_) {
  case DType::float32:
    return values<float>()[index];
  case DType::float64:
    return values<double>()[index];
  case DType::float16:
    return half_to_float(reinterpret_cast<uint16_t *>(bytes_)[index]);
  case DType::bfloat16:
    return bfloat16_to_float(reinterpret_cast<uint16_t *>(bytes_)[index]);
  case DType::int8:
    return values<int8_t>()[index];
  case DType::int16:
    return values<int16_t>()[index];
  case DType::int32:
    return values<int32_t>()[index];
  case DType::int64:
    return static_cast<double>(values<int64_t>()[index]);
  case DType::uint8:
    return values<uint8_t>()[index];
  case DType::uint16:
    return values<uint16_t>()[index];
  case DType::uint32:
    return values<uint32_t>()[index];
  case DType::uint64:
    return static_cast<double>(values<uint64_t>()[index]);
  case DType::boolean:
    return bytes_[index] != std::byte{0};
  }
  return 0;
}

void Array::set(size_t index, double value) const {
  switch (dtype_) {
  case DType::float32:
    values<float>()[index] = static_cast<float>(value);
    break;
  case DType::float64:
    values<double>()[index] = value;
    break;
  case DType::float16:
    reinterpret_cast<uint16_t *>(bytes_)[index] = float_to_half(static_cast<float>(value));
    break;
  case DType::bfloat16:
    reinterpret_cast<uint16_t *>(bytes_)[index] = float_to_bfloat16(static_cast<float>(value));
    break;
  case DType::int8:
    values<int8_t>()[index] = static_cast<int8_t>(value);
    break;
  case DType::int16:
    values<int16_t>()[index] = static_cast<int16_t>(value);
    break;
  case DType::int32:
    values<int32_t>()[index] = static_cast<int32_t>(value);
    break;
  case DType::int64:
    values<int64_t>()[index] = static_cast<int64_t>(value);
    break;
  case DType::uint8:
    values<uint8_t>()[index] = static_cast<uint8_t>(value);
    break;
  case DType::uint16:
    values<uint16_t>()[index] = static_cast<uint16_t>(value);
    break;
  case DType::uint32:
    values<uint32_t>()[index] = static_cast<uint32_t>(value);
    break;
  case DType::uint64:
    values<uint64_t>()[index] = static_cast<uint64_t>(value);
    break;
  case DType::boolean:
    bytes_[index] = std::byte{value != 0};
    break;
  }
}

Array Array::reshape(Shape shape) const {
  if (shape.num_elements() != static_cast<int64_t>(size_))
    throw Error({.what = "cannot reshape an array",
                 .expected = std::to_string(size_) + " elements",
                 .found = shape.str()});
  Array result = *this;
  result.shape_ = std::move(shape);
  return result;
}

Array Array::cast(DType dtype) const {
  if (dtype == dtype_)
    return *this;
  Array result(shape_, dtype);
  for (size_t i = 0; i < size_; ++i)
    result.set(i, at(i));
  return result;
}

Array Array::clone() const {
  Array result(shape_, dtype_);
  std::memcpy(result.bytes_, bytes_, num_bytes());
  return result;
}

uint16_t float_to_bfloat16(float value) {
  uint32_t bits = std::bit_cast<uint32_t>(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) // NaN: keep it quiet
    return static_cast<uint16_t>((bits >> 16) | 0x40);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

float bfloat16_to_float(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

uint16_t float_to_half(float value) {
  return std::bit_cast<uint16_t>(static_cast<_Float16>(value));
}

float half_to_float(uint16_t bits) { return static_cast<float>(std::bit_cast<_Float16>(bits)); }

} // namespace horn
