// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/status.h"

#include <gtest/gtest.h>
#include <string>
#include <thread>

using horn::runtime::fail;

TEST(StatusTest, namesEveryStatus) {
  EXPECT_STREQ(horn_status_name(HORN_OK), "ok");
  EXPECT_STREQ(horn_status_name(HORN_INVALID_ARGUMENT), "invalid argument");
  EXPECT_STREQ(horn_status_name(HORN_OUT_OF_MEMORY), "out of memory");
  EXPECT_STREQ(horn_status_name(HORN_INCOMPATIBLE), "incompatible program");
  EXPECT_STREQ(horn_status_name(HORN_INTERNAL), "internal error");
  EXPECT_STREQ(horn_status_name(static_cast<horn_status>(7)), "unknown status");
}

TEST(StatusTest, messageBelongsToItsThread) {
  EXPECT_EQ(fail(HORN_INTERNAL, "%s %d", "here", 1), HORN_INTERNAL);
  std::thread([] {
    EXPECT_STREQ(horn_last_error(), "");
    fail(HORN_INTERNAL, "there");
    EXPECT_STREQ(horn_last_error(), "there");
  }).join();
  EXPECT_STREQ(horn_last_error(), "here 1");
}

TEST(StatusTest, cutsALongMessage) {
  const std::string name(5000, 'x');
  fail(HORN_INTERNAL, "%s", name.c_str());
  EXPECT_EQ(horn_last_error(), name.substr(0, horn::runtime::kMessageBytes - 1));
}
