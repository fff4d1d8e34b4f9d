// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Making and ending pools, and starting their threads again after fork().
#include "runtime/cores.h"
#include "runtime/memory.h"
#include "runtime/pool_threads.h"
#include "runtime/status.h"

#include <initializer_list>
#include <inttypes.h>
#include <new>
#include <signal.h>

namespace horn::runtime {

/// How many forks lie between the first process and this one.
static std::atomic<uint64_t> forkGeneration;
static pthread_once_t watchOnce = PTHREAD_ONCE_INIT;
static int watchError;

static void watchForks() {
  watchError = pthread_atfork(nullptr, nullptr,
                              [] { forkGeneration.fetch_add(1, std::memory_order_relaxed); });
}

static uint64_t currentGeneration() { return 2 * forkGeneration.load(std::memory_order_relaxed); }

/// How long threads poll before they sleep. With more threads than cores polling only keeps a core
/// from the thread that is waited for.
static int64_t chooseSpinNanoseconds(int32_t threads, int32_t cores) {
  const int64_t microseconds = threads > cores ? 0 : 50;
  return 1000 * environmentNumber("HORN_SPIN_US", 0, 1000000, microseconds);
}

/// Kernels keep what they work on on the stack, up to 512 KiB; some C libraries give threads less.
static constexpr size_t kStackBytes = size_t{1} << 20;

static int startThread(Worker &worker) {
  pthread_attr_t attributes;
  if (const int error = pthread_attr_init(&attributes))
    return error;
  size_t bytes = 0;
  int error = pthread_attr_getstacksize(&attributes, &bytes);
  if (!error && bytes < kStackBytes)
    error = pthread_attr_setstacksize(&attributes, kStackBytes);
  if (!error)
    error = pthread_create(&worker.thread, &attributes, runWorker, &worker);
  pthread_attr_destroy(&attributes);
  return error;
}

/// Starts the workers, `threads - 1` of them if the system lets it; returns the error of the first
/// that did not start.
static int startWorkers(horn_pool &pool) {
  // The host's signal handlers stay on the host's threads; faults are the thread's own.
  sigset_t blocked, before;
  sigfillset(&blocked);
  for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS, SIGPROF})
    sigdelset(&blocked, fault);
  pthread_sigmask(SIG_SETMASK, &blocked, &before);
  int error = 0;
  for (pool.started = 0; pool.started < pool.threads - 1; ++pool.started) {
    Worker &worker = pool.workers[pool.started];
    worker.parked.store(0, std::memory_order_relaxed);
    worker.part = static_cast<uint32_t>(pool.started + 1);
    worker.pool = &pool;
    error = startThread(worker);
    if (error)
      break;
    pthread_setname_np(worker.thread, "horn-worker");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

static void stopWorkers(horn_pool &pool) {
  publishStop(pool, pool.started);
  for (int32_t index = 0; index < pool.started; ++index)
    pthread_join(pool.workers[index].thread, nullptr);
}

bool isAlive(horn_pool &pool) {
  const uint64_t wanted = currentGeneration();
  uint64_t found = pool.generation.load(std::memory_order_acquire);
  if (found == wanted)
    return true;
  if (found == wanted + 1 ||
      !pool.generation.compare_exchange_strong(found, wanted + 1, std::memory_order_acquire))
    return false;
  // The region that was under way at the fork, if any, belongs to the parent. Nobody else looks at
  // these fields before the generation is set.
  pool.busy.store(0, std::memory_order_relaxed);
  pool.ticket.store(0, std::memory_order_relaxed);
  startWorkers(pool); // a pool of fewer workers is as good
  pool.generation.store(wanted, std::memory_order_release);
  return true;
}

static horn_status checkRequest(int32_t threads, horn_pool **pool) {
  if (!pool)
    return fail(HORN_INVALID_ARGUMENT, "the place for the pool is null");
  *pool = nullptr;
  if (threads < 0 || threads > kMaxThreads)
    return fail(HORN_INVALID_ARGUMENT,
                "a pool has 1 to %" PRId32 " threads, or 0 for the default; found %" PRId32,
                kMaxThreads, threads);
  return HORN_OK;
}

/// A pool without workers; null if there is no memory.
static horn_pool *allocatePool(int32_t threads) {
  void *memory = allocateMemory(sizeof(horn_pool));
  if (!memory)
    return nullptr;
  horn_pool *pool = new (memory) horn_pool();
  pool->threads = threads;
  pool->generation.store(currentGeneration(), std::memory_order_relaxed);
  return pool;
}

/// Gives the pool its workers, in memory of its own.
static horn_status addWorkers(horn_pool &pool) {
  if (pool.threads == 1)
    return HORN_OK;
  pthread_once(&watchOnce, watchForks);
  const size_t count = static_cast<size_t>(pool.threads - 1);
  void *memory = allocateMemory(static_cast<int64_t>(count * sizeof(Worker)));
  if (!memory || watchError)
    return releaseMemory(memory), fail(HORN_OUT_OF_MEMORY, "no memory for a pool's workers");
  pool.workers = static_cast<Worker *>(memory);
  for (size_t index = 0; index < count; ++index)
    new (&pool.workers[index]) Worker();
  const int32_t cores = availableProcessors();
  pool.spinNanoseconds = chooseSpinNanoseconds(pool.threads, cores);
  pool.teamThreads = pool.threads < cores ? pool.threads : cores;
  pool.teamSpinNanoseconds = chooseSpinNanoseconds(pool.teamThreads, cores);
  if (const int error = startWorkers(pool))
    return fail(HORN_OUT_OF_MEMORY, "cannot start thread %" PRId32 " of %" PRId32 ": error %d",
                pool.started + 2, pool.threads, error);
  return HORN_OK;
}

} // namespace horn::runtime

using namespace horn::runtime;

horn_status horn_pool_create(int32_t threads, horn_pool **pool) {
  if (const horn_status status = checkRequest(threads, pool))
    return status;
  horn_pool *made = allocatePool(threads ? threads : horn_default_threads());
  if (!made)
    return fail(HORN_OUT_OF_MEMORY, "no memory for a pool");
  if (const horn_status status = addWorkers(*made)) {
    horn_pool_destroy(made);
    return status;
  }
  *pool = made;
  return HORN_OK;
}

horn_status horn_pool_create_hosted(horn_parallel_function function, void *context, int32_t threads,
                                    horn_pool **pool) {
  if (const horn_status status = checkRequest(threads, pool))
    return status;
  if (!function)
    return fail(HORN_INVALID_ARGUMENT, "the host's parallel function is null");
  horn_pool *made = allocatePool(threads ? threads : horn_default_threads());
  if (!made)
    return fail(HORN_OUT_OF_MEMORY, "no memory for a pool");
  made->host = function;
  made->hostContext = context;
  *pool = made;
  return HORN_OK;
}

void horn_pool_destroy(horn_pool *pool) {
  if (!pool)
    return;
  // In a forked child the workers are not there and cannot be waited for.
  if (pool->generation.load(std::memory_order_acquire) == currentGeneration())
    stopWorkers(*pool);
  releaseMemory(pool->workers);
  releaseMemory(pool);
}

int32_t horn_pool_threads(const horn_pool *pool) { return pool ? pool->threads : 1; }
