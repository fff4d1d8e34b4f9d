// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/cores.h"
#include <horn/runtime.h>

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sched.h>
#include <thread>

using namespace horn::runtime;

namespace {
/// A folder that stands for /proc and /sys/fs/cgroup.
class CoresTest : public testing::Test {
protected:
  CoresTest() {
    std::string name = testing::TempDir() + "horn_cores_XXXXXX";
    root = mkdtemp(name.data());
  }
  ~CoresTest() override { std::filesystem::remove_all(root); }

  void write(const std::string &path, const std::string &content) {
    std::filesystem::create_directories((root / path).parent_path());
    std::ofstream(root / path) << content;
  }
  int64_t quota() { return quotaCores((root / "groups").c_str(), root.c_str()); }

  std::filesystem::path root;
};
} // namespace

TEST_F(CoresTest, noGroupsAreNoQuota) {
  EXPECT_EQ(quota(), 0);
  write("groups", "0::/\n");
  EXPECT_EQ(quota(), 0);
  write("cpu.max", "max 100000\n");
  EXPECT_EQ(quota(), 0);
}

TEST_F(CoresTest, version2IsRoundedUp) {
  write("groups", "0::/a/b\n");
  write("a/b/cpu.max", "150000 100000\n");
  EXPECT_EQ(quota(), 2);
  write("a/b/cpu.max", "1000 100000\n");
  EXPECT_EQ(quota(), 1);
}

TEST_F(CoresTest, smallestQuotaOfAllAboveCounts) {
  write("groups", "0::/a/b\n");
  write("a/b/cpu.max", "max 100000\n");
  write("a/cpu.max", "300000 100000\n");
  write("cpu.max", "800000 100000\n");
  EXPECT_EQ(quota(), 3);
}

TEST_F(CoresTest, pathOfTheHostFallsBackToTheMount) {
  write("groups", "0::/docker/0123456789abcdef\n");
  write("cpu.max", "400000 100000\n");
  EXPECT_EQ(quota(), 4);
}

TEST_F(CoresTest, version1) {
  write("groups", "5:cpuset:/x\n4:cpuacct,cpu:/c\n3:memory:/c\n");
  write("cpu/c/cpu.cfs_quota_us", "250000\n");
  write("cpu/c/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 3);
  write("cpu/c/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(quota(), 0);
}

TEST_F(CoresTest, processorsOfACoreCountOnce) {
  for (auto [processor, siblings] : {std::pair{"0", "0,4"},
                                     {"4", "0,4"},
                                     {"1", "1,5"},
                                     {"5", "1,5"},
                                     {"2", "2-3"},
                                     {"3", "2-3"}})
    write(std::string("cpu") + processor + "/topology/thread_siblings_list",
          std::string(siblings) + "\n");
  auto cores = [&](std::initializer_list<int> processors) {
    ProcessorSet set;
    for (int processor : processors)
      set.add(processor);
    EXPECT_EQ(set.count(), static_cast<int64_t>(processors.size()));
    return physicalCores(set, root.c_str());
  };
  EXPECT_EQ(cores({0, 1, 2, 3, 4, 5}), 3);
  EXPECT_EQ(cores({4, 5}), 2); // the first of a core need not be among them
  EXPECT_EQ(cores({2, 3}), 1);
  EXPECT_EQ(cores({7, 900}), 2); // of which nothing is known
}

TEST_F(CoresTest, defaultFollowsEnvironmentThenAffinity) {
  setenv("HORN_NUM_THREADS", "7", 1);
  EXPECT_EQ(horn_default_threads(), 7);
  setenv("HORN_NUM_THREADS", "many", 1);
  EXPECT_EQ(horn_default_threads(), availableCores());
  unsetenv("HORN_NUM_THREADS");
  EXPECT_EQ(horn_default_threads(), availableCores());
  std::thread([] {
    const int here = sched_getcpu();
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(here, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
    EXPECT_EQ(availableCores(), 1);
  }).join();
}

TEST_F(CoresTest, environmentNumbersAreCut) {
  setenv("HORN_TEST_NUMBER", "99999999999999999999", 1);
  EXPECT_EQ(environmentNumber("HORN_TEST_NUMBER", 0, 50, 7), 50);
  setenv("HORN_TEST_NUMBER", "-3", 1);
  EXPECT_EQ(environmentNumber("HORN_TEST_NUMBER", 0, 50, 7), 0);
  setenv("HORN_TEST_NUMBER", "3 threads", 1);
  EXPECT_EQ(environmentNumber("HORN_TEST_NUMBER", 0, 50, 7), 7);
  unsetenv("HORN_TEST_NUMBER");
  EXPECT_EQ(environmentNumber("HORN_TEST_NUMBER", 0, 50, 7), 7);
}
