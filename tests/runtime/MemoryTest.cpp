// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Blocks of memory, small and of several huge pages.
#include "runtime/memory.h"

#include <gtest/gtest.h>

namespace horn::runtime {

class Memory : public testing::TestWithParam<int64_t> {};

TEST_P(Memory, keepsWhatIsInItWhenPagesChange) {
  int64_t bytes = GetParam();
  auto *memory = static_cast<unsigned char *>(allocateMemory(bytes));
  ASSERT_NE(memory, nullptr);
  EXPECT_TRUE(isAligned(memory, kAlignment));
  auto valueAt = [](int64_t i) { return static_cast<unsigned char>(i * 7 + (i >> 12)); };
  for (int64_t i = 0; i < bytes; ++i)
    memory[i] = valueAt(i);
  for (int round = 0; round < 2; ++round)
    makeHugePages(memory, bytes);
  int64_t wrong = 0;
  for (int64_t i = 0; i < bytes; ++i)
    wrong += memory[i] != valueAt(i);
  EXPECT_EQ(wrong, 0);
  releaseMemory(memory);
}

// Around the sizes where huge pages begin, and one that is no whole number of them.
INSTANTIATE_TEST_SUITE_P(Sizes, Memory,
                         testing::Values(0, 1, (4 << 20) - 1, 4 << 20, (4 << 20) + 4097, 9 << 20));

TEST(MemorySizes, refusesWhatCannotBe) {
  EXPECT_EQ(allocateMemory(-1), nullptr);
  EXPECT_EQ(allocateMemory(INT64_MAX), nullptr);
}

} // namespace horn::runtime
