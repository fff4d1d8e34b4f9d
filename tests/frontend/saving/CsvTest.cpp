// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/saving/Csv.h"
#include "tests/frontend/saving/TestFiles.h"

#include <cmath>

using namespace horn;
using namespace horn::saving;
using namespace horn::saving::test;

TEST(Csv, ReadsNumbers) {
  Csv csv = parse_csv("1,2.5,-3e2\n4,5,6\n", "t");
  EXPECT_TRUE(csv.columns.empty());
  EXPECT_EQ(csv.values.shape(), Shape({2, 3}));
  EXPECT_EQ(csv.values.at(2), -300);
}

TEST(Csv, ReadsHeaderQuotesAndCrlf) {
  Csv csv = parse_csv("\xef\xbb\xbf\"a \"\"x\"\"\", b \r\n\"1\", 2 \r\n\r\n3,\r\n", "t");
  EXPECT_EQ(csv.columns, (std::vector<std::string>{"a \"x\"", "b"}));
  EXPECT_EQ(csv.values.shape(), Shape({2, 2}));
  EXPECT_EQ(csv.values.at(1), 2);
  EXPECT_TRUE(std::isnan(csv.values.at(3)));
}

TEST(Csv, OtherSeparatorAndNoLastNewline) {
  EXPECT_EQ(parse_csv("1;2\n3;4", "t", ';').values.at(3), 4);
}

TEST(Csv, TinyNumbersBecomeZero) { EXPECT_EQ(parse_csv("1e-60", "t").values.at(0), 0); }

TEST(Csv, EmptyTextHasNoRows) { EXPECT_EQ(parse_csv("\n\n", "t").values.size(), 0u); }

TEST(Csv, RefusesOtherTexts) {
  expect_refused("text", [] { parse_csv("1,2\n3,x\n", "t"); }, "line 2, field 2");
  expect_refused("short", [] { parse_csv("1,2\n3\n", "t"); }, "line 2");
  expect_refused("long", [] { parse_csv("1,2\n3,4,5\n", "t"); }, "line 2");
  expect_refused("two headers", [] { parse_csv("a,b\nc,d\n", "t"); }, "line 2");
  expect_refused("open quote", [] { parse_csv("1,\"2\n3,4", "t"); }, "quote");
  expect_refused("behind quote", [] { parse_csv("\"1\"2,3", "t"); }, "behind");
  expect_refused(
      "columns", [] { parse_csv("1,2,3", "t", ',', {.csv_columns = 2}); }, "csv_columns");
}
