// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/tensor.h"
#include "runtime/cpu.h"
#include "runtime/memory.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

using namespace horn::runtime;

static std::string text(std::vector<int64_t> shape) {
  return ShapeText(static_cast<int32_t>(shape.size()), shape.data()).text;
}

static int64_t bytes(std::vector<int64_t> shape) {
  return tensorBytes(HORN_FLOAT32, static_cast<int32_t>(shape.size()), shape.data());
}

TEST(TensorTest, writesShapesAsPython) {
  EXPECT_EQ(text({}), "()");
  EXPECT_EQ(text({4}), "(4,)");
  EXPECT_EQ(text({-1, 28, 28, 1}), "(None, 28, 28, 1)");
  const int64_t least = INT64_MIN;
  EXPECT_EQ(text({least, least, least, least, least, least, least, least}).size(), 8 * 22u);
  EXPECT_STREQ(ShapeText(9, nullptr).text, "of rank 9");
}

TEST(TensorTest, sizesAreChecked) {
  EXPECT_EQ(bytes({}), 4);
  EXPECT_EQ(bytes({2, 3}), 24);
  EXPECT_EQ(bytes({2, -1}), -1);
  EXPECT_EQ(bytes({kMaxDim}), 4 * kMaxDim);
  EXPECT_EQ(bytes({kMaxDim + 1}), -1);
  EXPECT_EQ(bytes({kMaxDim, kMaxDim}), -1);
  EXPECT_EQ(bytes({kMaxDim, kMaxDim, 0}), 0);
  EXPECT_EQ(tensorBytes(HORN_BOOL + 1, 0, nullptr), -1);
  EXPECT_EQ(tensorBytes(HORN_FLOAT32, 9, nullptr), -1);
}

TEST(TensorTest, memoryIsAligned) {
  for (int64_t size : {0, 1, 63, 64, 65, 4096, 9000001}) {
    void *memory = allocateMemory(size);
    ASSERT_TRUE(memory);
    EXPECT_TRUE(isAligned(memory, size > 9000000 ? 2 << 20 : 64));
    static_cast<char *>(memory)[size ? size - 1 : 0] = 1;
    releaseMemory(memory);
  }
  EXPECT_FALSE(allocateMemory(-1));
  EXPECT_FALSE(allocateMemory(INT64_MAX));
}

#ifdef __x86_64__
TEST(CpuTest, levelAgreesWithTheCompiler) {
  const int32_t level = hostCpuLevel();
  EXPECT_GE(level, 1);
  EXPECT_EQ(level >= 2, bool(__builtin_cpu_supports("x86-64-v2")));
  EXPECT_EQ(level >= 3, bool(__builtin_cpu_supports("x86-64-v3")));
  EXPECT_EQ(level >= 4, bool(__builtin_cpu_supports("x86-64-v4")));
  for (int32_t each = 1; each <= 4; ++each)
    EXPECT_EQ(cpuLevel(cpuLevelName(each)), each);
  EXPECT_EQ(cpuLevel("x86-64-v5"), 0);
  EXPECT_EQ(cpuLevel(nullptr), 0);
}

TEST(CpuTest, denormalsSurviveTheHostsFloatingPointState) {
  const unsigned before = __builtin_ia32_stmxcsr();
  volatile float denormal = 1e-40f;
  __builtin_ia32_ldmxcsr(before | 0x8040); // flush to zero, denormals are zero
  float result;
  {
    const IeeeScope ieee;
    result = denormal * 0.5f;
  }
  const unsigned after = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before);
  EXPECT_NE(result, 0);
  EXPECT_EQ(after & ~0x3fu, (before | 0x8040) & ~0x3fu);
}
#endif
