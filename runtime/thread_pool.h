// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The inside of a pool: N-1 workers and the caller, joined at the end of each region. There is no
// queue and no lock.
//
// A region goes like this. The caller wins `busy`, writes the job, sets `pending` to the number of
// workers that take part, and publishes a new ticket. A worker whose part is in the ticket runs its
// range and counts `pending` down; the caller runs part 0 and waits for zero. Only then is the job
// overwritten, so a worker that takes part may read it; one that does not must not touch it.
#ifndef HORN_RUNTIME_THREAD_POOL_H
#define HORN_RUNTIME_THREAD_POOL_H

#include "horn/runtime.h"

#include <atomic>
#include <pthread.h>

namespace horn::runtime {

inline constexpr size_t kCacheLine = 64;

/// A range of tasks.
struct Range {
  int64_t begin, end;
};

/// How many parts `count` tasks are split into: at most one a thread, each of at least `grain`
/// tasks, and at least one part.
int64_t numParts(int64_t threads, int64_t count, int64_t grain);

/// Part `part` of `parts`: [count * part / parts, count * (part + 1) / parts), without overflow.
Range partRange(int64_t count, int64_t parts, int64_t part);

struct alignas(kCacheLine) Worker {
  /// 1 while the worker sleeps or is about to; its futex.
  std::atomic<uint32_t> parked;
  /// Which part of a region it runs: 1 and up, as the caller runs part 0.
  uint32_t part;
  horn_pool *pool;
  pthread_t thread;
};

/// What a region runs. Written by the thread that holds `busy`.
struct Job {
  horn_task task;
  void *arguments;
  int64_t count;
};

} // namespace horn::runtime

/// All zeros is a pool of no workers; it has no constructor.
struct horn_pool {
  // Read by all, written on creation (and by `revive` after a fork).
  int32_t threads;
  int32_t started; ///< workers that run, threads - 1 at most
  int64_t spinNanoseconds;
  /// Of a team: no more threads than cores, as a barrier waits for all of them; so they may poll.
  int32_t teamThreads;
  int64_t teamSpinNanoseconds;
  horn_parallel_function host; ///< null for a pool with own threads
  void *hostContext;
  horn::runtime::Worker *workers;
  /// The fork generation that the workers live in, times two; odd while they are started again.
  std::atomic<uint64_t> generation;

  /// The number of the region (upper 48 bits, so never the same twice) and how many parts it has
  /// (lower 16 bits): a worker sees in one load whether the region concerns it.
  alignas(horn::runtime::kCacheLine) std::atomic<uint64_t> ticket;
  horn::runtime::Job job; // on the ticket's cache line: one miss brings both

  /// 1 while a thread has a region in this pool.
  alignas(horn::runtime::kCacheLine) std::atomic<uint32_t> busy;

  /// Workers that have not finished, and kCallerSleeps; the caller's futex.
  alignas(horn::runtime::kCacheLine) std::atomic<uint32_t> pending;
};

#endif // HORN_RUNTIME_THREAD_POOL_H
