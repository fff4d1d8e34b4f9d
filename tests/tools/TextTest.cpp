// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Text.h"
#include "tools/horn/Table.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace horn::cli;

TEST(Text, ControlCharactersAreInert) {
  EXPECT_EQ(inert("red \x1b[31m"), "red \\x1b[31m");
  EXPECT_EQ(inert("a\nb"), "a\\x0ab");
  EXPECT_EQ(inert("a\nb", /*keep_lines=*/true), "a\nb");
  EXPECT_EQ(inert("\xc2\x9b"
                  "2J"),
            "\\x9b2J"); // a control character of two bytes
  EXPECT_EQ(inert("\xe2\x80\xae"
                  "cod"),
            "\\u{202e}cod"); // turns the direction of writing
}

TEST(Text, BytesThatAreNotUtf8AreSpelledOut) {
  EXPECT_EQ(inert("a\xff"
                  "b"),
            "a\\xffb");
  EXPECT_EQ(inert("\xc0\x80"), "\\xc0\\x80"); // an overlong zero
  EXPECT_EQ(inert("\xe2\x82"), "\\xe2\\x82"); // cut short
}

TEST(Text, LettersOfAllLanguagesStay) { EXPECT_EQ(inert("κέρας ✓ 🦏"), "κέρας ✓ 🦏"); }

TEST(Text, UnitsSuitTheNumber) {
  EXPECT_EQ(size_text(512), "512 B");
  EXPECT_EQ(size_text(1536), "1.5 KB");
  EXPECT_EQ(time_text(0.0123), "12.30 ms");
  EXPECT_EQ(time_text(2.5), "2.50 s");
  EXPECT_EQ(count_text(1, "image"), "1 image");
  EXPECT_EQ(count_text(2, "image"), "2 images");
}

TEST(Text, BarsHaveEighths) {
  EXPECT_EQ(bar(0.5, 4), "██");
  EXPECT_EQ(bar(0.125, 1), "▏");
  EXPECT_EQ(bar(0.0 / 0.0, 4), "");
}

TEST(Text, ShortenedTextEndsInDots) { EXPECT_EQ(shortened("κέρας horn", 6), "κέρας…"); }

static std::string printed(const Table &table, size_t width) {
  std::ostringstream out;
  table.print(out, width);
  return out.str();
}

TEST(Table, ColumnsAlign) {
  Table table({{"name"}, {"count", Align::right}});
  table.add({"κέρας", "7"});
  table.add({"a", "1234567"});
  EXPECT_EQ(printed(table, 80), "  name     count\n"
                                "  κέρας        7\n"
                                "  a      1234567\n");
}

TEST(Table, EmptyColumnsAreLeftOut) {
  Table table({{"a"}, {"b"}, {"c"}});
  table.add({"1", "", "3"});
  EXPECT_EQ(printed(table, 80), "  a  c\n  1  3\n");
}

TEST(Table, WideColumnsWrapBetweenWords) {
  Table table({{""}, {""}});
  table.add({"x", "one two three four five"});
  EXPECT_EQ(printed(table, 20), "  x  one two three\n     four five\n");
}

TEST(Table, LongWordsAreCut) {
  EXPECT_EQ(wrapped("abcdef", 4), (std::vector<std::string>{"abcd", "ef"}));
}
