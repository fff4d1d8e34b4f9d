// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What reads long runs of bytes: parts for threads, and checksums.
#include "frontend/saving/Parts.h"
#include "frontend/saving/Crc32.h"
#include "tests/frontend/saving/TestFiles.h"

#include <atomic>
#include <random>
#include <zlib.h>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

TEST(Parts, CoverAllBytesOnce) {
  for (size_t size : {size_t(0), size_t(1), size_t(MiB), size_t(2 * MiB), size_t(9 * MiB + 5)}) {
    std::vector<std::pair<size_t, size_t>> found(num_parts(size));
    for_each_part(size, [&](const Part &part) { found.at(part.number) = {part.begin, part.end}; });
    size_t end = 0;
    for (const auto &[begin, next] : found) {
      EXPECT_EQ(begin, end) << size;
      end = next;
    }
    EXPECT_EQ(end, size);
  }
}

TEST(Parts, ThrowWhatAPartThrows) {
  std::atomic<size_t> ended = 0;
  size_t size = 64 * MiB;
  auto work = [&](const Part &part) {
    ++ended;
    throw Error({.what = "part " + std::to_string(part.number)});
  };
  expect_refused("first", [&] { for_each_part(size, work); }, "part 0");
  EXPECT_EQ(ended, num_parts(size));
}

static std::vector<std::byte> randomBytes(size_t size) {
  std::minstd_rand random(1);
  std::vector<std::byte> bytes(size);
  for (std::byte &byte : bytes)
    byte = static_cast<std::byte>(random() >> 8);
  return bytes;
}

TEST(Crc32, IsZlibs) {
  std::vector<std::byte> bytes = randomBytes(70'000);
  auto expectSame = [&](size_t begin, size_t size, uint32_t before) {
    EXPECT_EQ(crc32_of({bytes.data() + begin, size}, before),
              crc32_z(before, reinterpret_cast<const Bytef *>(bytes.data() + begin), size))
        << size << " bytes at " << begin;
  };
  for (size_t size = 0; size < 400; ++size)
    for (uint32_t before : {0u, 1u, 0xffffffffu, 0x12345678u})
      expectSame(size % 17, size, before);
  expectSame(3, 65'537, 0);
  expectSame(0, 70'000, 0x80000000u);
  EXPECT_EQ(crc32_of({}), 0u);
}

TEST(Crc32, GoesOn) {
  std::vector<std::byte> bytes = randomBytes(1000);
  std::span<const std::byte> all(bytes);
  for (size_t first : {0, 1, 63, 64, 65, 500, 1000})
    EXPECT_EQ(crc32_of(all.subspan(first), crc32_of(all.first(first))), crc32_of(all));
}
