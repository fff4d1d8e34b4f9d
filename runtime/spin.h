// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Waiting for another thread without leaving the core.
#ifndef HORN_RUNTIME_SPIN_H
#define HORN_RUNTIME_SPIN_H

#include <sched.h>
#include <stdint.h>
#include <time.h>

namespace horn::runtime {

inline int64_t nowNanoseconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

inline void pauseCpu() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// Polls `ready` a few times.
template <typename Ready> bool pollBriefly(Ready ready) {
  for (int round = 0; round < 16; ++round) {
    pauseCpu();
    if (ready())
      return true;
  }
  return false;
}

/// Polls `ready` for up to `nanoseconds`; returns its last answer. Time is measured, not pauses
/// counted: a pause takes 40 cycles on some processors and 140 on others. The clock is looked at
/// only when the wait is not short.
template <typename Ready> bool spinUntil(int64_t nanoseconds, Ready ready) {
  if (ready())
    return true;
  if (nanoseconds <= 0)
    return false;
  if (pollBriefly(ready))
    return true;
  const int64_t deadline = nowNanoseconds() + nanoseconds;
  do {
    if (pollBriefly(ready))
      return true;
  } while (nowNanoseconds() < deadline);
  return false;
}

/// Polls `ready` for a wait that is for something under way: ten times as long as an idle thread
/// polls, since waking a thread alone may take as long as that (100 us measured in a VM). The other
/// thread may need this core, so after a while it is offered.
template <typename Ready> bool waitLong(int64_t nanoseconds, Ready ready) {
  if (spinUntil(nanoseconds, ready))
    return true;
  const int64_t deadline = nowNanoseconds() + 9 * nanoseconds;
  while (nowNanoseconds() < deadline) {
    sched_yield();
    if (pollBriefly(ready))
      return true;
  }
  return false;
}

} // namespace horn::runtime

#endif // HORN_RUNTIME_SPIN_H
