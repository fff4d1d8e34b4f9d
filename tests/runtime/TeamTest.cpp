// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cores.h"
#include "runtime/thread_pool.h"
#include "tests/runtime/Program.h"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

/// A pool whose teams may be larger than this machine.
static Pool makeTeamPool(int32_t threads) {
  Pool pool = makePool(threads);
  pool->teamThreads = threads;
  return pool;
}

/// Calls `body` so many times from each of three threads at once.
template <typename Body> static void fromThreeThreads(int rounds, Body body) {
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 3; ++caller)
    callers.emplace_back([&] {
      for (int round = 0; round < rounds; ++round)
        body();
    });
  for (std::thread &caller : callers)
    caller.join();
}

/// horn_parallel_team with a function object.
template <typename Body> static void runTeam(const Pool &pool, int64_t limit, Body body) {
  horn_parallel_team(
      pool.get(), [](void *arguments, horn_team *team) { (*static_cast<Body *>(arguments))(team); },
      &body, limit);
}

/// horn_team_for with a function object.
template <typename Task>
static void teamFor(horn_team *team, int64_t count, int64_t grain, Task task) {
  horn_team_for(
      team,
      [](void *arguments, int64_t begin, int64_t end) {
        (*static_cast<Task *>(arguments))(begin, end);
      },
      &task, count, grain);
}

/// horn_team_for_apart with a function object.
template <typename Task>
static void teamForApart(horn_team *team, int64_t count, int64_t apart, Task task) {
  horn_team_for_apart(
      team,
      [](void *arguments, int64_t begin, int64_t end) {
        (*static_cast<Task *>(arguments))(begin, end);
      },
      &task, count, /*grain=*/1, apart);
}

static int64_t membersOf(const Pool &pool, int64_t limit) {
  std::atomic<int64_t> members = 0;
  runTeam(pool, limit, [&](horn_team *) { ++members; });
  return members;
}

/// horn_parallel_teams with function objects of one type.
template <typename Body>
static void runTeams(const Pool &pool, std::vector<Body> &bodies, int64_t limit,
                     int64_t nanoseconds) {
  std::vector<horn_team_call> calls;
  for (Body &body : bodies)
    calls.push_back(
        {[](void *arguments, horn_team *team) { (*static_cast<Body *>(arguments))(team); }, &body,
         limit, nanoseconds});
  horn_parallel_teams(pool.get(), calls.data(), static_cast<int64_t>(calls.size()));
}

namespace {
/// Each step reads what all members wrote in the one before, without atomics, so that TSan sees a
/// missing order. Numbers are taken modulo 2^32.
struct Steps {
  int steps;
  std::vector<uint32_t> now, next;

  Steps(int steps, int64_t count) : steps(steps), now(count, 1), next(count) {}

  void operator()(horn_team *team) {
    const auto count = static_cast<int64_t>(now.size());
    for (int step = 0; step < steps; ++step) {
      const std::vector<uint32_t> &from = step % 2 ? next : now;
      std::vector<uint32_t> &to = step % 2 ? now : next;
      teamFor(team, count, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
          to[i] = from[i] + from[count - 1 - i] + from[(i + 1) % count];
      });
    }
  }

  void check() const {
    uint32_t wanted = 1;
    for (int step = 0; step < steps; ++step)
      wanted *= 3;
    for (uint32_t found : steps % 2 ? next : now)
      ASSERT_EQ(found, wanted);
  }
};
} // namespace

static void runSteps(const Pool &pool, int steps, int64_t count) {
  Steps loop(steps, count);
  runTeam(pool, 64, [&](horn_team *team) { loop(team); });
  loop.check();
}

/// Loops of different lengths, of which each thread or team may have one.
static void runStepsSideBySide(const Pool &pool, int loops, int64_t limit) {
  std::vector<Steps> bodies;
  for (int loop = 0; loop < loops; ++loop)
    bodies.emplace_back(30 + 10 * loop, 9);
  runTeams(pool, bodies, limit, /*nanoseconds=*/100000);
  for (const Steps &loop : bodies)
    loop.check();
}

TEST(TeamTest, hasAtMostLimitMembers) {
  Pool pool = makeTeamPool(3);
  EXPECT_EQ(membersOf(pool, 0), 1);
  EXPECT_EQ(membersOf(pool, 1), 1);
  EXPECT_EQ(membersOf(pool, 2), 2);
  EXPECT_EQ(membersOf(pool, 3), 3);
  EXPECT_EQ(membersOf(pool, 100), 3);
  EXPECT_EQ(membersOf(makeTeamPool(1), 100), 1);
  EXPECT_EQ(membersOf(Pool(), 100), 1);
}

TEST(TeamTest, hasNoMoreMembersThanCores) {
  const int32_t cores = horn::runtime::availableProcessors();
  EXPECT_EQ(membersOf(makePool(cores + 2), 1000), cores < 64 ? cores : 64);
}

TEST(TeamTest, loopsCoverTheirTasks) {
  for (int threads : {1, 2, 3, 5}) {
    Pool pool = makeTeamPool(threads);
    for (int64_t count : {0, 1, 2, 4, 7, 100})
      for (int64_t grain : {1, 3, 200}) {
        std::vector<std::atomic<int>> done(count);
        runTeam(pool, threads, [&](horn_team *team) {
          for (int round = 0; round < 3; ++round)
            teamFor(team, count, grain, [&](int64_t begin, int64_t end) {
              for (int64_t i = begin; i < end; ++i)
                ++done[i];
            });
        });
        for (const std::atomic<int> &each : done)
          ASSERT_EQ(each, 3);
      }
  }
}

TEST(TeamTest, membersSeeWhatOthersWrote) {
  for (int threads : {1, 2, 4})
    runSteps(makeTeamPool(threads), 3000, 9);
}

TEST(TeamTest, sleepersWake) {
  // Without polling every member but the last one sleeps at every barrier.
  setenv("HORN_SPIN_US", "0", 1);
  for (int threads : {2, 4})
    runSteps(makeTeamPool(threads), 1000, 9);
  unsetenv("HORN_SPIN_US");
}

TEST(TeamTest, tasksStayWithTheirThread) {
  Pool pool = makeTeamPool(3);
  std::vector<std::thread::id> owner(11);
  runTeam(pool, 3, [&](horn_team *team) {
    for (int round = 0; round < 100; ++round)
      teamFor(team, 11, 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          if (round == 0)
            owner[i] = std::this_thread::get_id();
          EXPECT_EQ(owner[i], std::this_thread::get_id());
        }
      });
  });
}

TEST(TeamTest, runsAloneInsideARegionAndInABusyPool) {
  Pool pool = makeTeamPool(2);
  runTeam(pool, 2, [&](horn_team *team) {
    EXPECT_EQ(membersOf(pool, 2), 1);
    EXPECT_EQ(membersOf(makeTeamPool(2), 2), 1);
    teamFor(team, 2, 1, [&](int64_t, int64_t) { EXPECT_EQ(membersOf(pool, 2), 1); });
  });
  fromThreeThreads(50, [&] { runSteps(pool, 100, 5); });
  EXPECT_EQ(membersOf(pool, 2), 2); // and the pool is free again
}

TEST(TeamTest, runsApartNeedNoOthers) {
  for (int threads : {1, 2, 4})
    for (int64_t runs : {0, 1, 2, 3, 4, 7, 8}) {
      constexpr int64_t kApart = 3;
      const int64_t count = runs * kApart;
      std::vector<uint32_t> now(count, 1), next(count);
      runTeam(makeTeamPool(threads), 64, [&](horn_team *team) {
        for (int step = 0; step < 100; ++step) {
          const std::vector<uint32_t> &from = step % 2 ? next : now;
          std::vector<uint32_t> &to = step % 2 ? now : next;
          teamForApart(team, count, kApart, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; ++i) {
              const int64_t first = i / kApart * kApart;
              to[i] = from[first] + from[first + 1] + from[first + 2];
            }
          });
        }
      });
      uint32_t wanted = 1;
      for (int step = 0; step < 100; ++step)
        wanted *= 3;
      for (uint32_t found : now)
        ASSERT_EQ(found, wanted) << threads << " threads, " << runs << " runs";
    }
}

TEST(TeamTest, membersWithRunsApartDoNotWait) {
  // The second member stays in its first round until the first one has been through all.
  std::atomic<bool> isThrough = false;
  runTeam(makeTeamPool(2), 2, [&](horn_team *team) {
    bool isFirst = false;
    for (int round = 0; round < 5; ++round)
      teamForApart(team, 8, 2, [&](int64_t begin, int64_t end) {
        EXPECT_EQ(end - begin, 4);
        isFirst = begin == 0;
        while (!isFirst && !isThrough)
          std::this_thread::yield();
      });
    if (isFirst)
      isThrough = true;
  });
}

TEST(TeamTest, teamsRunSideBySide) {
  for (int threads : {1, 2, 4})
    for (int loops : {0, 1, 2, 3, 5, 17})
      for (int64_t limit : {1, 64})
        runStepsSideBySide(makeTeamPool(threads), loops, limit);
  runStepsSideBySide(Pool(), 3, 64);
}

TEST(TeamTest, teamsShareTheThreads) {
  // Each waits until the other has begun, which they could not one after the other.
  std::atomic<int> begun = 0, members = 0;
  const auto body = [&](horn_team *) {
    ++begun;
    ++members;
    while (begun < 2)
      std::this_thread::yield();
  };
  std::vector bodies(2, body);
  runTeams(makeTeamPool(2), bodies, /*limit=*/64, /*nanoseconds=*/100000);
  EXPECT_EQ(members, 2);
  runTeams(makeTeamPool(4), bodies, /*limit=*/64, /*nanoseconds=*/100000);
  EXPECT_EQ(members, 2 + 4);
}

TEST(TeamTest, sleepersOfTeamsWake) {
  setenv("HORN_SPIN_US", "0", 1);
  runStepsSideBySide(makeTeamPool(4), 2, 64);
  unsetenv("HORN_SPIN_US");
}

TEST(TeamTest, teamsRunAloneInABusyPool) {
  Pool pool = makeTeamPool(2);
  fromThreeThreads(20, [&] { runStepsSideBySide(pool, 2, 64); });
}

TEST(TeamTest, hasTheHostRunItsLoops) {
  static int loops = 0;
  const auto inTurn = [](void *, horn_task task, void *arguments, int64_t count, int64_t) {
    ++loops;
    for (int64_t i = 0; i < count; ++i)
      task(arguments, i, i + 1);
  };
  horn_pool *made = nullptr;
  ASSERT_EQ(horn_pool_create_hosted(inTurn, nullptr, 4, &made), HORN_OK);
  Pool pool(made);
  EXPECT_EQ(membersOf(pool, 4), 1);
  runSteps(pool, 10, 5);
  EXPECT_EQ(loops, 10);
  runStepsSideBySide(pool, 2, 64);
  EXPECT_EQ(loops, 10 + 30 + 40);
}
