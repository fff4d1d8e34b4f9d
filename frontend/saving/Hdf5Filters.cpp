// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The filters of HDF5 chunks that are accepted: gzip, shuffle and the Fletcher checksum.
#include "frontend/saving/Hdf5Data.h"

#include <cstring>
#include <zlib.h>

namespace horn::saving::hdf5 {

static constexpr uint64_t checksumBytes = 4;

/// Inflates to exactly `bytes` bytes.
static FileBytes inflateChunk(std::span<const std::byte> stored, uint64_t bytes) {
  constexpr uint64_t maxRatio = 1032;
  if (bytes / maxRatio > stored.size())
    throw Error({.what = "HDF5 chunk claims more bytes than its compressed ones can give"});
  FileBytes result = allocate_bytes(bytes);
  uLongf length = bytes;
  int status = uncompress(reinterpret_cast<Bytef *>(result.data()), &length,
                          reinterpret_cast<const Bytef *>(stored.data()), stored.size());
  if (status != Z_OK || length != bytes)
    throw Error({.what = "compressed HDF5 chunk is damaged"});
  return result;
}

/// Shuffled bytes: first the first byte of each element, then each second byte, ...; bytes after
/// the last whole element stay at the end.
static FileBytes unshuffle(std::span<const std::byte> stored, const Filter &filter) {
  uint64_t element = filter.values.empty() ? 0 : filter.values[0];
  if (element == 0)
    throw Error({.what = "HDF5 shuffle filter without a size"});
  FileBytes result = allocate_bytes(stored.size());
  uint64_t count = stored.size() / element;
  const std::byte *from = stored.data();
  for (uint64_t byte = 0; count > 0 && byte < element; ++byte)
    for (uint64_t i = 0; i < count; ++i)
      result.data()[i * element + byte] = *from++;
  std::memcpy(result.data() + count * element, stored.data() + count * element,
              stored.size() - count * element);
  return result;
}

/// Fletcher's checksum of 16-bit big-endian words, as libhdf5 computes it.
static uint32_t fletcher32(std::span<const std::byte> bytes) {
  uint32_t sum1 = 0, sum2 = 0;
  for (size_t i = 0; i < bytes.size(); i += 2) {
    uint32_t word = static_cast<uint32_t>(bytes[i]) << 8;
    if (i + 1 < bytes.size())
      word |= static_cast<uint32_t>(bytes[i + 1]);
    sum1 = (sum1 + word) % 65535;
    sum2 = (sum2 + sum1) % 65535;
  }
  return sum2 << 16 | sum1;
}

/// libhdf5 folds its sums with shifts, which leaves 65535 where the remainder is 0.
static bool sameSums(uint32_t a, uint32_t b) {
  return (a >> 16) % 65535 == (b >> 16) % 65535 && (a & 0xffff) % 65535 == (b & 0xffff) % 65535;
}

static std::span<const std::byte> withoutChecksum(std::span<const std::byte> stored) {
  if (stored.size() < checksumBytes)
    throw Error({.what = "HDF5 chunk is shorter than its checksum"});
  std::span<const std::byte> data = stored.first(stored.size() - checksumBytes);
  ByteCursor end(stored.last(checksumBytes));
  if (!sameSums(end.u32(), fletcher32(data)))
    throw Error({.what = "HDF5 chunk is damaged: wrong checksum"});
  return data;
}

FileBytes unfilter(std::span<const std::byte> stored, const std::vector<Filter> &filters,
                   uint32_t mask, uint64_t bytes) {
  std::vector<Filter> active;
  uint64_t beforeDeflate = bytes;
  unsigned used = 0; // each kind once: the size before a second deflate would not be known
  for (size_t i = 0; i < filters.size(); ++i) {
    if (mask >> i & 1)
      continue;
    if (used & 1u << filters[i].id)
      throw Error({.what = "HDF5 dataset uses a filter twice"});
    if (filters[i].id == Filter::fletcher32 && !(used & 1u << Filter::deflate))
      beforeDeflate += checksumBytes;
    used |= 1u << filters[i].id;
    active.push_back(filters[i]);
  }
  FileBytes memory;
  for (size_t i = active.size(); i-- > 0;) {
    if (active[i].id == Filter::fletcher32) {
      stored = withoutChecksum(stored);
      continue;
    }
    memory = active[i].id == Filter::deflate ? inflateChunk(stored, beforeDeflate)
                                             : unshuffle(stored, active[i]);
    stored = memory.span();
  }
  if (stored.size() != bytes)
    throw Error({.what = "HDF5 chunk has a wrong size",
                 .expected = std::to_string(bytes),
                 .found = std::to_string(stored.size())});
  if (stored.data() == memory.data())
    return memory;
  return copy_bytes({reinterpret_cast<const char *>(stored.data()), stored.size()});
}

} // namespace horn::saving::hdf5
