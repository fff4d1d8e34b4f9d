// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/thread_pool.h"
#include "tests/runtime/Program.h"

#include <atomic>
#include <gtest/gtest.h>
#include <mutex>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace horn::runtime;

/// TSan does not support threads that are started in a forked child.
#if __has_feature(thread_sanitizer)
static constexpr bool kCanFork = false;
#else
static constexpr bool kCanFork = true;
#endif

/// horn_parallel_for with a function object.
template <typename Task>
static void parallelFor(const Pool &pool, int64_t count, int64_t grain, Task task) {
  horn_parallel_for(
      pool.get(),
      [](void *arguments, int64_t begin, int64_t end) {
        (*static_cast<Task *>(arguments))(begin, end);
      },
      &task, count, grain);
}

/// The ranges of a region, in order.
static std::vector<std::pair<int64_t, int64_t>> rangesOf(const Pool &pool, int64_t count,
                                                         int64_t grain) {
  std::mutex mutex;
  std::set<std::pair<int64_t, int64_t>> ranges;
  parallelFor(pool, count, grain, [&](int64_t begin, int64_t end) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(ranges.emplace(begin, end).second);
  });
  return {ranges.begin(), ranges.end()};
}

namespace {
/// HORN_SPIN_US for the pools that are made in a scope.
struct Spin {
  explicit Spin(const char *microseconds) { setenv("HORN_SPIN_US", microseconds, 1); }
  ~Spin() { unsetenv("HORN_SPIN_US"); }
};
} // namespace

TEST(PoolTest, partsCoverTheCountEvenIfHuge) {
  for (int64_t count : {int64_t{1}, int64_t{7}, int64_t{64}, int64_t{1001}, INT64_MAX - 1})
    for (int64_t parts : {1, 2, 3, 64, 1024}) {
      int64_t next = 0;
      for (int64_t part = 0; part < parts; ++part) {
        const Range range = partRange(count, parts, part);
        ASSERT_EQ(range.begin, next);
        ASSERT_EQ(range.begin, static_cast<int64_t>(static_cast<__int128>(count) * part / parts));
        next = range.end;
      }
      ASSERT_EQ(next, count);
    }
}

TEST(PoolTest, grainBoundsTheParts) {
  EXPECT_EQ(numParts(8, 100, 1), 8);
  EXPECT_EQ(numParts(8, 100, 30), 3);
  EXPECT_EQ(numParts(8, 100, 51), 1);
  EXPECT_EQ(numParts(8, 100, 1000), 1);
  EXPECT_EQ(numParts(8, 5, 0), 5);
  EXPECT_EQ(numParts(8, 5, -3), 5);
  EXPECT_EQ(numParts(1, 100, 1), 1);
}

TEST(PoolTest, rangesCoverExactly) {
  for (int threads : {1, 2, 3, 5}) {
    Pool pool = makePool(threads);
    EXPECT_EQ(horn_pool_threads(pool.get()), threads);
    for (int64_t count : {1, 2, 3, 4, 5, 17, 1000})
      for (int64_t grain : {1, 2, 7}) {
        const auto ranges = rangesOf(pool, count, grain);
        ASSERT_EQ(static_cast<int64_t>(ranges.size()), numParts(threads, count, grain));
        int64_t next = 0;
        for (auto [begin, end] : ranges) {
          ASSERT_EQ(begin, next);
          ASSERT_GT(end, begin);
          next = end;
        }
        ASSERT_EQ(next, count);
      }
  }
}

TEST(PoolTest, nothingToDoCallsNothing) {
  Pool pool = makePool(2);
  EXPECT_TRUE(rangesOf(pool, 0, 1).empty());
  EXPECT_TRUE(rangesOf(pool, -5, 1).empty());
}

TEST(PoolTest, noPoolRunsInline) {
  const auto ranges = rangesOf(Pool(), 10, 1);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0], std::pair(int64_t{0}, int64_t{10}));
  EXPECT_EQ(horn_pool_threads(nullptr), 1);
  horn_pool_destroy(nullptr);
}

TEST(PoolTest, refusesWrongRequests) {
  horn_pool *pool = nullptr;
  EXPECT_EQ(horn_pool_create(-1, &pool), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "a pool has 1 to 1024 threads, or 0 for the default; found -1");
  EXPECT_EQ(horn_pool_create(1025, &pool), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_pool_create(1, nullptr), HORN_INVALID_ARGUMENT);
  EXPECT_EQ(horn_pool_create_hosted(nullptr, nullptr, 2, &pool), HORN_INVALID_ARGUMENT);
  EXPECT_STREQ(horn_last_error(), "the host's parallel function is null");
  EXPECT_EQ(pool, nullptr);
}

TEST(PoolTest, zeroAsksForTheDefault) {
  EXPECT_EQ(horn_pool_threads(makePool(0).get()), horn_default_threads());
}

TEST(PoolTest, nestedRegionsRunInline) {
  Pool pool = makePool(3), other = makePool(2);
  std::atomic<int> sum = 0;
  parallelFor(pool, 3, 1, [&](int64_t, int64_t) {
    const std::thread::id here = std::this_thread::get_id();
    for (const Pool *each : {&pool, &other})
      parallelFor(*each, 10, 1, [&](int64_t begin, int64_t end) {
        EXPECT_EQ(std::this_thread::get_id(), here);
        EXPECT_EQ(end - begin, 10);
        sum += 1;
      });
  });
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(rangesOf(pool, 3, 1).size(), 3u); // and the pool is free again
}

TEST(PoolTest, secondCallerDoesNotWait) {
  Pool pool = makePool(2);
  std::atomic<bool> inside = false, release = false;
  std::thread first([&] {
    parallelFor(pool, 2, 1, [&](int64_t, int64_t) {
      inside = true;
      while (!release)
        std::this_thread::yield();
    });
  });
  while (!inside)
    std::this_thread::yield();
  EXPECT_EQ(rangesOf(pool, 10, 1).size(), 1u);
  release = true;
  first.join();
  EXPECT_EQ(rangesOf(pool, 10, 1).size(), 2u);
}

/// Many regions of changing size, each checked; `data` is written without atomics so that TSan sees
/// a missing order.
static void runRegions(const Pool &pool, int regions) {
  std::vector<int> data(64);
  int64_t wanted = 0, found = 0;
  for (int region = 0; region < regions; ++region) {
    const int64_t count = 1 + region % static_cast<int>(data.size());
    parallelFor(pool, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        ++data[i];
    });
    wanted += count;
  }
  for (int each : data)
    found += each;
  EXPECT_EQ(found, wanted);
}

TEST(PoolTest, hundredThousandRegions) { runRegions(makePool(2), 100000); }

TEST(PoolTest, regionsWithEveryWayToWait) {
  for (const char *spin : {"0", "50"}) {
    const Spin scope(spin);
    for (int threads : {2, 4})
      runRegions(makePool(threads), 10000);
  }
}

TEST(PoolTest, concurrentCallers) {
  for (const char *spin : {"0", "20"}) {
    const Spin scope(spin);
    Pool pool = makePool(3);
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller)
      callers.emplace_back([&] { runRegions(pool, 5000); });
    for (std::thread &caller : callers)
      caller.join();
  }
}

TEST(PoolTest, sleepingWorkersWake) {
  // Pauses around the time that workers fall asleep, where a wake-up could be lost.
  const Spin scope("20");
  Pool pool = makePool(4);
  for (int round = 0; round < 3000; ++round) {
    if (round % 3 == 0)
      std::this_thread::sleep_for(std::chrono::microseconds(round % 97));
    const int64_t parts = 2 + round % 3;
    ASSERT_EQ(static_cast<int64_t>(rangesOf(pool, parts, 1).size()), parts);
  }
}

TEST(PoolTest, slowWorkerIsWaitedFor) {
  Pool pool = makePool(2);
  for (int round = 0; round < 20; ++round) {
    bool done = false;
    parallelFor(pool, 2, 1, [&](int64_t begin, int64_t) {
      if (begin == 0)
        return;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      done = true;
    });
    ASSERT_TRUE(done);
  }
}

TEST(PoolTest, poolsComeAndGo) {
  for (int round = 0; round < 300; ++round) {
    Pool pool = makePool(1 + round % 5);
    if (round % 2)
      rangesOf(pool, 5, 1);
  }
}

/// Runs `child` in a forked process and expects that it ends with true.
template <typename Child> static void expectInChild(Child child) {
  const pid_t process = fork();
  ASSERT_GE(process, 0);
  if (process == 0) {
    alarm(20); // a child that hangs must not hang the test
    _exit(child() ? 0 : 1);
  }
  int status = 1;
  waitpid(process, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(PoolTest, worksInForkedChild) {
  if (!kCanFork)
    GTEST_SKIP() << "TSan";
  Pool pool = makePool(3);
  EXPECT_EQ(rangesOf(pool, 3, 1).size(), 3u);
  expectInChild([&] {
    bool right = rangesOf(pool, 3, 1).size() == 3 && rangesOf(pool, 30, 1).size() == 3;
    pool.reset();
    return right;
  });
  expectInChild([&] {
    pool.reset(); // without a region first
    return true;
  });
  EXPECT_EQ(rangesOf(pool, 3, 1).size(), 3u);
}

TEST(PoolTest, forkDuringAnotherThreadsRegion) {
  if (!kCanFork)
    GTEST_SKIP() << "TSan";
  Pool pool = makePool(2);
  std::atomic<bool> inside = false, release = false;
  std::thread other([&] {
    parallelFor(pool, 2, 1, [&](int64_t, int64_t) {
      inside = true;
      while (!release)
        std::this_thread::yield();
    });
  });
  while (!inside)
    std::this_thread::yield();
  expectInChild([&] { return rangesOf(pool, 2, 1).size() == 2; });
  release = true;
  other.join();
}

TEST(PoolTest, hostedPoolCallsTheHost) {
  static int hostCalls;
  hostCalls = 0;
  horn_pool *made = nullptr;
  int context = 5;
  const auto host = [](void *context, horn_task task, void *arguments, int64_t count, int64_t) {
    EXPECT_EQ(*static_cast<int *>(context), 5);
    ++hostCalls;
    std::thread([&] { task(arguments, 0, count / 2); }).join();
    task(arguments, count / 2, count);
  };
  ASSERT_EQ(horn_pool_create_hosted(host, &context, 4, &made), HORN_OK);
  const Pool pool(made);
  EXPECT_EQ(horn_pool_threads(made), 4);
  const auto ranges = rangesOf(pool, 9, 1);
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0], std::pair(int64_t{0}, int64_t{4}));
  EXPECT_EQ(ranges[1], std::pair(int64_t{4}, int64_t{9}));
  EXPECT_EQ(hostCalls, 1);

  // A single part needs no host, nor does a region inside a region.
  rangesOf(pool, 9, 9);
  EXPECT_EQ(hostCalls, 1);
  parallelFor(pool, 9, 1, [&](int64_t, int64_t) { EXPECT_EQ(rangesOf(pool, 9, 1).size(), 1u); });
  EXPECT_EQ(hostCalls, 2);
}

#ifdef __x86_64__
TEST(PoolTest, workersKeepDenormals) {
  const unsigned before = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(before | 0x8040); // threads start with their creator's state
  Pool pool = makePool(2);
  __builtin_ia32_ldmxcsr(before);
  parallelFor(pool, 2, 1, [&](int64_t, int64_t) {
    volatile float denormal = 1e-40f;
    EXPECT_NE(denormal * 0.5f, 0);
  });
}
#endif
