// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory.h"

#include "runtime/spin.h"

#include <sys/mman.h>
#include <unistd.h>

namespace horn::runtime {

static constexpr int64_t kHugePage = int64_t{2} << 20;
/// From here on the address is aligned to a huge page. What that loses is address space: pages
/// before and behind the block are never touched.
static constexpr int64_t kHugeBlock = 2 * kHugePage;

static int64_t wholeHugePages(int64_t bytes) { return bytes / kHugePage * kHugePage; }

// All advice may fail, where the kernel has no huge pages; nothing depends on it.
void makeHugePages(void *memory, int64_t bytes) {
#ifndef MADV_COLLAPSE
  constexpr int MADV_COLLAPSE = 25; // Linux 6.1
#endif
  if (bytes < kHugeBlock)
    return;
  const size_t whole = static_cast<size_t>(wholeHugePages(bytes));
  madvise(memory, whole, MADV_HUGEPAGE); // an older kernel makes them in the background
  madvise(memory, whole, MADV_COLLAPSE);
}

/// Takes huge pages for a fresh block as long as they come quickly. To clear one takes 0.1 to 0.3
/// ms; where the host of a virtual machine has taken free memory back, or the kernel must move
/// others' pages, each takes some ms, more than 512 small ones. What is left then gets these.
static void takeHugePages(char *memory, int64_t bytes) {
  constexpr int64_t kSlowNanoseconds = 1000000;
  constexpr int kMostSlow = 2; // one after the other: a single one may be the scheduler
  madvise(memory, static_cast<size_t>(bytes), MADV_HUGEPAGE);
  // Of several nodes, the memory should be that of the threads that fill it.
  if (access("/sys/devices/system/node/node1", F_OK) == 0)
    return;
  int slow = 0;
  for (int64_t offset = 0; offset < bytes; offset += kHugePage) {
    const int64_t start = nowNanoseconds();
    *static_cast<volatile char *>(memory + offset) = 0;
    slow = nowNanoseconds() - start > kSlowNanoseconds ? slow + 1 : 0;
    if (slow == kMostSlow) {
      const int64_t done = offset + kHugePage;
      if (done < bytes)
        madvise(memory + done, static_cast<size_t>(bytes - done), MADV_NOHUGEPAGE);
      return;
    }
  }
}

void *allocateMemory(int64_t bytes) {
  if (bytes < 0 || bytes > INT64_MAX - kHugePage)
    return nullptr;
  const int64_t alignment = bytes >= kHugeBlock ? kHugePage : kAlignment;
  // aligned_alloc wants a multiple of the alignment; huge blocks are not rounded to huge pages.
  int64_t rounded = (bytes + kAlignment - 1) / kAlignment * kAlignment;
  if (rounded == 0)
    rounded = kAlignment;
  void *memory = nullptr;
  if (posix_memalign(&memory, static_cast<size_t>(alignment), static_cast<size_t>(rounded)) != 0)
    return nullptr;
  if (bytes >= kHugeBlock)
    takeHugePages(static_cast<char *>(memory), wholeHugePages(bytes));
  return memory;
}

} // namespace horn::runtime
