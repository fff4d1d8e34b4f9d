// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory of weights and arenas.
#ifndef HORN_RUNTIME_MEMORY_H
#define HORN_RUNTIME_MEMORY_H

#include <stdint.h>
#include <stdlib.h>

namespace horn::runtime {

/// A cache line and the widest vector; compiled code may rely on it for weights and the arena.
inline constexpr int64_t kAlignment = 64;

inline bool isAligned(const void *pointer, int64_t alignment) {
  return reinterpret_cast<uintptr_t>(pointer) % static_cast<uintptr_t>(alignment) == 0;
}

/// Memory aligned to kAlignment, its size rounded up to a multiple of it; large blocks are offered
/// to the kernel for huge pages. Not null for 0 bytes; null if there is no memory or `bytes` is
/// negative. For releaseMemory().
void *allocateMemory(int64_t bytes);

/// Makes huge pages of what of a block has none, moving what is in it: 2 to 5 ms for each.
void makeHugePages(void *memory, int64_t bytes);

inline void releaseMemory(void *memory) { free(memory); }

/// `count` zeroed objects of a type without constructor, null if there is no memory. For free().
template <typename T> T *allocateZeroed(int64_t count) {
  // One more, so that null always means that there is no memory.
  return static_cast<T *>(calloc(static_cast<size_t>(count) + 1, sizeof(T)));
}

} // namespace horn::runtime

#endif // HORN_RUNTIME_MEMORY_H
