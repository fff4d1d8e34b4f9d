// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of a pool, its life (pool.cpp), its regions (thread_pool.cpp) and its teams
// (team.cpp), want of each other.
#ifndef HORN_RUNTIME_POOL_THREADS_H
#define HORN_RUNTIME_POOL_THREADS_H

#include "runtime/thread_pool.h"

namespace horn::runtime {

/// The main function of a worker's thread; `argument` is its Worker.
void *runWorker(void *argument);

/// Tells the first `workers` workers to end. No region may be under way.
void publishStop(horn_pool &pool, int64_t workers);

/// Starts the workers again if this process was forked from the one that they run in; a child has
/// only the thread that called fork(). False if another thread is doing so now: the region then
/// runs inline.
bool isAlive(horn_pool &pool);

/// Whether this thread runs a part of a region.
bool isInsideRegion();

/// True if this thread now holds the pool, for one region. Never waits.
bool tryAcquire(horn_pool &pool);
/// Runs a region in a pool that this thread holds; all parts run at the same time.
void runRegion(horn_pool &pool, const Job &job, int64_t parts);
/// Gives back what tryAcquire took.
void release(horn_pool &pool);

} // namespace horn::runtime

#endif // HORN_RUNTIME_POOL_THREADS_H
