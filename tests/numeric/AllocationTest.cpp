// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// After the first call at given shapes, a run allocates nothing. Stands in for malloc in the whole
// test program, and counts; a sanitizer has its own.
#include "tests/numeric/Support.h"

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer) &&                       \
    !__has_feature(memory_sanitizer)

#include <atomic>
#include <errno.h>

extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);
}

static std::atomic<bool> watching;
static std::atomic<int64_t> allocations, frees;

static void count(std::atomic<int64_t> &counter) {
  if (watching.load(std::memory_order_relaxed))
    ++counter;
}

// The test program hides its symbols; these must be found by the libraries that it links.
#pragma GCC visibility push(default)
extern "C" {
void *malloc(size_t size) {
  count(allocations);
  return __libc_malloc(size);
}
void *calloc(size_t number, size_t size) {
  count(allocations);
  return __libc_calloc(number, size);
}
void *realloc(void *memory, size_t size) {
  count(allocations);
  return __libc_realloc(memory, size);
}
void *memalign(size_t alignment, size_t size) {
  count(allocations);
  return __libc_memalign(alignment, size);
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
  if (memory)
    count(frees);
  __libc_free(memory);
}
}
#pragma GCC visibility pop

namespace horn::numeric {

namespace {
/// Counts from its construction to its end.
struct Watch {
  Watch() {
    allocations = frees = 0;
    watching = true;
  }
  ~Watch() { watching = false; }
};

class AllocationTest : public testing::TestWithParam<const char *> {
protected:
  const TrainedCase &entry = trained_case(GetParam());
  CompiledModel compiled{entry.load()};
};
} // namespace

TEST(Allocation, theHooksCount) {
  Array array;
  {
    const Watch watch;
    array = Array({100}, DType::float32);
  }
  EXPECT_GE(allocations, 1);
  EXPECT_TRUE(array.defined());
}

TEST_P(AllocationTest, laterRunsAllocateNothing) {
  for (int threads : {1, 3}) {
    Session session(compiled, std::make_shared<ThreadPool>(threads));
    Arrays inputs = rows(entry.inputs, 0, 30), few = rows(entry.inputs, 0, 7);
    Arrays outputs = session.run(inputs), fewer = session.run(few);
    {
      const Watch watch;
      for (int round = 0; round < 10; ++round) {
        session.run(inputs, outputs);
        session.run(few, fewer); // another plan, but the arena is large enough
      }
      session.reset_states();
    }
    EXPECT_EQ(allocations, 0) << threads << " threads";
    EXPECT_EQ(frees, 0) << threads << " threads";
  }
}

INSTANTIATE_TEST_SUITE_P(All, AllocationTest,
                         testing::Values("digits_cnn.keras", "names_bilstm.keras",
                                         "sunspots_gru.keras", "tumor_two_inputs.keras"),
                         [](const auto &info) { return trained_name(info); });

} // namespace horn::numeric

#endif
