// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Wrong uses and the exact messages that they give: a table a topic.
#pragma once

#include "tests/frontend/core/Support.h"

#include <gtest/gtest.h>

namespace horn::test {

struct WrongUse {
  const char *what;
  std::function<void()> use;
  const char *message;
};

inline void expect_messages(const std::vector<WrongUse> &table) {
  for (const WrongUse &wrong : table) {
    clear_session(); // automatic names start anew
    EXPECT_EQ(message(wrong.use), wrong.message) << wrong.what;
  }
}

} // namespace horn::test
