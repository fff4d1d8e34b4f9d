// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sleeping on a word of memory. Both calls keep errno: a parallel region must not change it.
#ifndef HORN_RUNTIME_FUTEX_H
#define HORN_RUNTIME_FUTEX_H

#include <atomic>
#include <errno.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace horn::runtime {

static_assert(sizeof(std::atomic<uint32_t>) == 4 && std::atomic<uint32_t>::is_always_lock_free);

inline void futexCall(std::atomic<uint32_t> &word, int operation, uint32_t value) {
  const int saved = errno;
  syscall(SYS_futex, &word, operation, value, nullptr, nullptr, 0);
  errno = saved;
}

/// Sleeps while `word` has `value`. May return for no reason: the caller looks at the word again.
inline void futexWait(std::atomic<uint32_t> &word, uint32_t value) {
  futexCall(word, FUTEX_WAIT_PRIVATE, value);
}

/// Wakes the one thread that sleeps on `word`, if there is one.
inline void futexWakeOne(std::atomic<uint32_t> &word) { futexCall(word, FUTEX_WAKE_PRIVATE, 1); }

/// Wakes all threads that sleep on `word`.
inline void futexWakeAll(std::atomic<uint32_t> &word) {
  futexCall(word, FUTEX_WAKE_PRIVATE, INT32_MAX);
}

} // namespace horn::runtime

#endif // HORN_RUNTIME_FUTEX_H
