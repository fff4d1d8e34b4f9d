// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counts what the runtime allocates, and makes every one of its allocations fail. For that this
// file stands in for malloc in the whole test program; a sanitizer has its own.
#include "tests/runtime/Program.h"

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) &&                       \
    !__has_feature(memory_sanitizer)

#include <atomic>
#include <errno.h>
#include <gtest/gtest.h>

extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);
}

static std::atomic<bool> watching;
static std::atomic<int64_t> allocations, frees;
/// Number of the allocation that fails, from 1; 0 lets all succeed.
static std::atomic<int64_t> failing;
static std::atomic<bool> failingForever;

/// Counts an allocation; true if it is to fail.
static bool countAllocation() {
  if (!watching.load(std::memory_order_relaxed))
    return false;
  const int64_t number = ++allocations;
  return failing && (number == failing || (failingForever && number > failing));
}

extern "C" {
void *malloc(size_t size) { return countAllocation() ? nullptr : __libc_malloc(size); }
void *calloc(size_t count, size_t size) {
  return countAllocation() ? nullptr : __libc_calloc(count, size);
}
void *realloc(void *memory, size_t size) {
  return countAllocation() ? nullptr : __libc_realloc(memory, size);
}
void *memalign(size_t alignment, size_t size) {
  return countAllocation() ? nullptr : __libc_memalign(alignment, size);
}
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **memory, size_t alignment, size_t size) {
  void *made = memalign(alignment, size);
  if (!made)
    return ENOMEM;
  *memory = made;
  return 0;
}
void free(void *memory) {
  if (memory && watching.load(std::memory_order_relaxed))
    ++frees;
  __libc_free(memory);
}
}

namespace {
/// Counts from its construction to its end.
struct Watch {
  explicit Watch(int64_t fail = 0, bool forever = false) {
    allocations = frees = 0;
    failing = fail;
    failingForever = forever;
    watching = true;
  }
  ~Watch() {
    watching = false;
    failing = 0;
  }
};
} // namespace

TEST(AllocationTest, theHooksCount) {
  {
    const Watch watch;
    free(malloc(10));
    void *memory = nullptr;
    ASSERT_EQ(posix_memalign(&memory, 64, 64), 0);
    free(memory);
  }
  EXPECT_EQ(allocations, 2);
  EXPECT_EQ(frees, 2);
}

TEST(AllocationTest, laterRunsAllocateNothing) {
  Pool pool = makePool(3);
  Example example;
  Model model = example.model(pool.get());
  Session session = makeSession(model, pool.get());
  Call large(64, 3), small(2, 3);
  ASSERT_EQ(large.run(session), HORN_OK);
  {
    const Watch watch;
    for (int round = 0; round < 100; ++round)
      large.run(session);
    small.run(session); // another plan, but the arena is large enough
    horn_session_reset_state(session.get());
    small.inputs[0].shape[2] = 4;
    EXPECT_NE(small.run(session), HORN_OK); // nor does an error
  }
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(frees, 0);
  EXPECT_EQ(forwardCalls, 102);
}

TEST(AllocationTest, regionsAllocateNothing) {
  Pool pool = makePool(4);
  const auto nothing = [](void *, int64_t, int64_t) {};
  horn_parallel_for(pool.get(), nothing, nullptr, 100, 1);
  {
    const Watch watch;
    for (int round = 0; round < 1000; ++round)
      horn_parallel_for(pool.get(), nothing, nullptr, 100, 1);
  }
  EXPECT_EQ(allocations, 0);
  EXPECT_EQ(frees, 0);
}

/// All that a user does, up to a run; gives everything back.
static horn_status wholeLife(Example &example, Call &call) {
  horn_pool *pool = nullptr;
  horn_model *model = nullptr;
  horn_session *session = nullptr;
  const auto find = [](void *context, const horn_weight_info *weight) -> const void * {
    const auto *example = static_cast<const Example *>(context);
    alignas(64) static const char memory[20] = {}; // not aligned to floats: is copied
    return weight->kind == HORN_WEIGHT_STATE ? static_cast<const void *>(example->count)
                                             : static_cast<const void *>(memory + 1);
  };
  horn_status status = horn_pool_create(1, &pool);
  if (!status)
    status = horn_model_create(&example.program, find, &example, pool, &model);
  if (!status)
    status = horn_session_create(model, pool, &session);
  if (!status)
    status = horn_session_run(session, call.inputs, 2, call.outputs, 2);
  horn_session_destroy(session);
  horn_model_destroy(model);
  horn_pool_destroy(pool);
  return status;
}

TEST(AllocationTest, everyFailureIsAnErrorWithoutLeak) {
  Example example;
  Call call(2, 2);
  for (const bool forever : {false, true}) {
    int64_t number = 1;
    for (;; ++number) {
      horn_status status;
      int64_t failed;
      {
        const Watch watch(number, forever);
        status = wholeLife(example, call);
        failed = allocations >= number;
      }
      if (!failed) {
        EXPECT_EQ(status, HORN_OK);
        EXPECT_EQ(allocations, frees);
        break;
      }
      ASSERT_EQ(status, HORN_OUT_OF_MEMORY) << number;
      ASSERT_NE(std::string(horn_last_error()).find("no memory"), std::string::npos);
      // The failed ones were counted too.
      const int64_t failures = forever ? allocations - number + 1 : 1;
      ASSERT_EQ(allocations - failures, frees) << number;
    }
    EXPECT_GT(number, 15);
  }
}

TEST(AllocationTest, poolWithWorkersSurvivesFailures) {
  for (int64_t number : {1, 2}) {
    horn_pool *pool = nullptr;
    {
      const Watch watch(number, true);
      EXPECT_EQ(horn_pool_create(3, &pool), HORN_OUT_OF_MEMORY);
    }
    EXPECT_EQ(pool, nullptr);
  }
}

#endif
