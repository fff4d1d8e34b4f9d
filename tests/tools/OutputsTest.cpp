// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/Outputs.h"

#include <gtest/gtest.h>
#include <sstream>

using namespace horn;
using namespace horn::cli;

static Array table(int64_t columns, const std::vector<float> &values) {
  return Array({static_cast<int64_t>(values.size()) / columns, columns},
               std::span<const float>(values));
}

TEST(Outputs, RowsThatAddUpToOneAreClasses) {
  EXPECT_TRUE(is_classification(table(2, {0.25F, 0.75F})));
  EXPECT_FALSE(is_classification(table(2, {0.5F, 0.75F})));
  EXPECT_FALSE(is_classification(table(2, {-0.5F, 1.5F})));
  EXPECT_FALSE(is_classification(table(1, {1})));
}

TEST(Outputs, TheBestClassesComeFirstAndTiesInOrder) {
  Array array = table(4, {0.2F, 0.3F, 0.3F, 0.2F});
  EXPECT_EQ(top_classes(array, 0, 3), (std::vector<size_t>{1, 2, 0}));
  EXPECT_EQ(top_classes(array, 0, 9).size(), 4U);
}

TEST(Outputs, ClassesAreShownWithLabels) {
  std::ostringstream out;
  print_outputs(out, {{"animal", table(2, {0.25F, 0.75F})}},
                {.row_names = {"a.png"}, .labels = {"cat", "dog"}, .top = 1});
  EXPECT_NE(out.str().find("a.png"), std::string::npos);
  EXPECT_NE(out.str().find("dog"), std::string::npos);
  EXPECT_EQ(out.str().find("cat"), std::string::npos);
}

TEST(Outputs, NamesThatOccurTwiceAreNumbered) {
  Array array({1}, DType::float32);
  std::vector<NamedOutput> outputs = name_outputs({"lstm", "lstm"}, {array, array});
  EXPECT_EQ(outputs[0].name, "lstm");
  EXPECT_EQ(outputs[1].name, "lstm_1");
}
