// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/parts.h"

#include <gtest/gtest.h>

using horn::runtime::rowsAtOnce;

static constexpr int64_t kMega = int64_t{1} << 20;

namespace {
struct PartsTest : testing::Test {
  PartsTest() {
    program.rows_apart = 1;
    program.row_bytes = 100 * kMega;
  }
  horn_program program = {};
};
} // namespace

TEST_F(PartsTest, arenaTakesHalfOfTheCache) {
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * 7 * kMega, 10 * kMega, 32 * kMega), 2);
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * kMega, 10 * kMega, 32 * kMega), 16);
  EXPECT_EQ(rowsAtOnce(program, 17, 17 * kMega, 10 * kMega, 32 * kMega), 9); // equal parts
  EXPECT_EQ(rowsAtOnce(program, 5, 5 * 50 * kMega, 10 * kMega, 32 * kMega), 1);
}

TEST_F(PartsTest, rowsThatDependOnOneAnotherStayTogether) {
  program.rows_apart = 0;
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * 7 * kMega, 10 * kMega, 32 * kMega), 16);
}

TEST_F(PartsTest, largeWeightsAreReadOnce) {
  program.row_bytes = 10 * kMega;
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * 7 * kMega, 400 * kMega, 32 * kMega), 16);
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * 7 * kMega, 10 * kMega, 32 * kMega), 2);
}

TEST_F(PartsTest, fewAndNoRows) {
  EXPECT_EQ(rowsAtOnce(program, 0, 0, 0, 32 * kMega), 0);
  EXPECT_EQ(rowsAtOnce(program, 1, 1000 * kMega, 0, 32 * kMega), 1);
}

TEST_F(PartsTest, unknownAndSharedCachesCountAsCommonOnes) {
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * 7 * kMega, 10 * kMega, 0), 2);
  EXPECT_EQ(rowsAtOnce(program, 16, 16 * 7 * kMega, 10 * kMega, 320 * kMega), 2);
}
