// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Compare.h"

#include <cmath>
#include <gtest/gtest.h>

using namespace horn;
using namespace horn::cli;

static Array floats(const std::vector<float> &values) {
  return Array({static_cast<int64_t>(values.size())}, std::span<const float>(values));
}

TEST(Compare, WithinToleranceAgrees) {
  Deviation found = compare("x", floats({1, 100}), floats({1.00005F, 100.005F}), {1e-4, 1e-6});
  EXPECT_TRUE(found.agrees());
  EXPECT_TRUE(found.compared);
}

TEST(Compare, TheWorstElementIsTheOneFurthestOverItsLimit) {
  // 0.5 off of 100 is nearer to its limit than 0.01 off of 1.
  Deviation found = compare("x", floats({100.5F, 1.01F}), floats({100, 1}), {1e-3, 0});
  EXPECT_FALSE(found.agrees());
  EXPECT_NEAR(found.deviation, 0.01, 1e-5);
}

TEST(Compare, NanAgreesWithNanAlone) {
  EXPECT_TRUE(compare("x", floats({NAN}), floats({NAN}), {}).agrees());
  EXPECT_FALSE(compare("x", floats({NAN}), floats({1}), {}).agrees());
  EXPECT_FALSE(compare("x", floats({1}), floats({NAN}), {}).agrees());
}

TEST(Compare, InfinityAgreesWithItself) {
  EXPECT_TRUE(compare("x", floats({INFINITY}), floats({INFINITY}), {}).agrees());
  EXPECT_FALSE(compare("x", floats({-INFINITY}), floats({INFINITY}), {}).agrees());
  EXPECT_FALSE(compare("x", floats({1}), floats({INFINITY}), {}).agrees());
}

TEST(Compare, IntegersAreExact) {
  std::vector<int32_t> a = {1000}, b = {1001};
  EXPECT_FALSE(compare("x", Array({1}, std::span<const int32_t>(a)),
                       Array({1}, std::span<const int32_t>(b)), {1, 1})
                   .agrees());
}

TEST(Compare, ShapesMustBeTheSame) {
  EXPECT_THROW(compare("x", floats({1}), floats({1, 1}), {}), Error);
}

TEST(Compare, NothingComparedIsNotWorseThanAnything) {
  Deviation none, some{"x", 0, 1, true}, bad{"y", 2, 1, true};
  EXPECT_FALSE(none.worse_than(some));
  EXPECT_TRUE(some.worse_than(none));
  EXPECT_TRUE(bad.worse_than(some));
}
