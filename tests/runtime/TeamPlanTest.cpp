// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/team_plan.h"

#include <gtest/gtest.h>
#include <vector>

namespace horn::runtime {

static constexpr int64_t kMicrosecond = 1000;

/// A loop whose launches are worth `limit` threads.
static horn_team_call loop(int64_t microseconds, int64_t limit) {
  return {nullptr, nullptr, limit, microseconds * kMicrosecond};
}

static TeamPlan plan(const std::vector<horn_team_call> &calls, int64_t threads) {
  return planTeams(calls.data(), static_cast<int64_t>(calls.size()), threads);
}

static std::vector<int64_t> membersOf(const TeamPlan &plan) {
  return {plan.members, plan.members + plan.teams};
}

TEST(TeamPlanTest, equalLoopsShareTheThreadsEvenly) {
  for (int64_t limit : {1, 100}) {
    EXPECT_EQ(membersOf(plan({loop(100, limit), loop(100, limit)}, 2)),
              (std::vector<int64_t>{1, 1}));
    EXPECT_EQ(plan({loop(100, limit), loop(100, limit)}, 2).team[1], 1);
  }
  EXPECT_EQ(membersOf(plan({loop(100, 9), loop(100, 9)}, 8)), (std::vector<int64_t>{4, 4}));
  EXPECT_EQ(membersOf(plan({loop(100, 3), loop(100, 3)}, 8)), (std::vector<int64_t>{3, 3}));
}

TEST(TeamPlanTest, longerLoopsGetMoreThreads) {
  EXPECT_EQ(membersOf(plan({loop(300, 9), loop(100, 9)}, 4)), (std::vector<int64_t>{3, 1}));
  EXPECT_EQ(membersOf(plan({loop(100, 9), loop(290, 9), loop(200, 9)}, 6)),
            (std::vector<int64_t>{1, 3, 2}));
}

TEST(TeamPlanTest, unequalLoopsThatCanBeSplitGoOneAfterTheOther) {
  EXPECT_EQ(plan({loop(300, 9), loop(100, 9)}, 2).teams, 0);
  EXPECT_EQ(plan({loop(100, 9), loop(100, 9), loop(100, 9)}, 2).teams, 0);
  // A little is what barriers cost.
  EXPECT_EQ(plan({loop(105, 9), loop(100, 9)}, 2).teams, 2);
}

TEST(TeamPlanTest, loopsThatCannotBeSplitAreShared) {
  EXPECT_EQ(membersOf(plan({loop(300, 1), loop(100, 1)}, 2)), (std::vector<int64_t>{1, 1}));
  const TeamPlan five = plan({loop(10, 1), loop(50, 1), loop(20, 1), loop(30, 1), loop(10, 1)}, 2);
  EXPECT_EQ(membersOf(five), (std::vector<int64_t>{1, 1}));
  int64_t load[2] = {};
  const int64_t microseconds[5] = {10, 50, 20, 30, 10};
  for (int i = 0; i < 5; ++i)
    load[five.team[i]] += microseconds[i];
  EXPECT_EQ(load[0], 60);
  EXPECT_EQ(load[1], 60);
}

TEST(TeamPlanTest, whatIsShortStaysOnOneThread) {
  EXPECT_EQ(plan({loop(20, 1), loop(20, 1)}, 2).teams, 0);
  EXPECT_EQ(plan({loop(0, 1), loop(0, 1)}, 2).teams, 0);
}

TEST(TeamPlanTest, oneLoopOneThreadOrTooManyLoopsHaveNoPlan) {
  EXPECT_EQ(plan({loop(100, 9)}, 2).teams, 0);
  EXPECT_EQ(plan({loop(100, 1), loop(100, 1)}, 1).teams, 0);
  EXPECT_EQ(plan(std::vector<horn_team_call>(kMaxCalls + 1, loop(100, 1)), 2).teams, 0);
  EXPECT_EQ(plan(std::vector<horn_team_call>(kMaxCalls, loop(100, 1)), 2).teams, 2);
}

} // namespace horn::runtime
