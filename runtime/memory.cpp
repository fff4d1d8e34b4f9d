// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/memory.h"

#include <sys/mman.h>

namespace horn::runtime {

static constexpr int64_t kHugePage = int64_t{2} << 20;
/// From here on the address is aligned to a huge page. What that loses is address space: pages
/// before and behind the block are never touched.
static constexpr int64_t kHugeBlock = 2 * kHugePage;

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
  // Advice only: it fails where the kernel has no huge pages, and nothing depends on it. The range
  // must be of whole pages.
  if (bytes >= kHugeBlock)
    madvise(memory, static_cast<size_t>(rounded / kHugePage * kHugePage), MADV_HUGEPAGE);
  return memory;
}

} // namespace horn::runtime
