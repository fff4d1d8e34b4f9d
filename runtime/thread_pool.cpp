// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Regions of a pool; pool.cpp makes and ends pools.
#include "runtime/thread_pool.h"
#include "runtime/cpu.h"
#include "runtime/futex.h"
#include "runtime/pool_threads.h"
#include "runtime/spin.h"

namespace horn::runtime {

static constexpr uint64_t kPartsMask = 0xffff;
/// In place of a number of parts: all workers end.
static constexpr uint64_t kStop = kPartsMask;
static constexpr uint32_t kCallerSleeps = uint32_t{1} << 31;
/// True while this thread runs a part of a region: regions inside it run inline.
static thread_local bool insideRegion;

bool isInsideRegion() { return insideRegion; }

int64_t numParts(int64_t threads, int64_t count, int64_t grain) {
  if (threads <= 1 || count <= 1)
    return 1;
  const int64_t most = grain <= 1 ? count : count / grain;
  return most < 1 ? 1 : most < threads ? most : threads;
}

Range partRange(int64_t count, int64_t parts, int64_t part) {
  // count = quotient * parts + rest, so count * p / parts = quotient * p + rest * p / parts.
  const int64_t quotient = count / parts, rest = count % parts;
  return {quotient * part + rest * part / parts, quotient * (part + 1) + rest * (part + 1) / parts};
}

// ---- workers --------------------------------------------------------------------------------

static bool concerns(uint64_t ticket, uint64_t last, uint32_t part) {
  return ticket != last && (ticket & kPartsMask) > part;
}

/// Sleeps until there is a ticket for the worker.
///
/// No wake-up is lost: the worker sets `parked` and then reads `ticket`; the caller sets `ticket`
/// and then reads `parked`. All four are sequentially consistent, so at least one of the two sees
/// the other's write: the worker does not sleep, or the caller wakes it. A caller that clears
/// `parked` before the worker is asleep makes the futex call return at once.
static uint64_t sleepForTicket(Worker &worker, uint64_t last) {
  horn_pool &pool = *worker.pool;
  for (;;) {
    worker.parked.store(1, std::memory_order_seq_cst);
    uint64_t ticket = pool.ticket.load(std::memory_order_seq_cst);
    if (!concerns(ticket, last, worker.part)) {
      futexWait(worker.parked, 1);
      ticket = pool.ticket.load(std::memory_order_seq_cst);
    }
    if (concerns(ticket, last, worker.part)) {
      worker.parked.store(0, std::memory_order_relaxed);
      return ticket;
    }
  }
}

/// The next ticket after `last` that concerns the worker. A ticket that does cannot be missed: its
/// region does not end without the worker.
static uint64_t waitForTicket(Worker &worker, uint64_t last) {
  uint64_t ticket = last;
  const bool found = spinUntil(worker.pool->spinNanoseconds, [&] {
    ticket = worker.pool->ticket.load(std::memory_order_acquire);
    return concerns(ticket, last, worker.part);
  });
  return found ? ticket : sleepForTicket(worker, last);
}

static void runPart(const Job &job, int64_t parts, int64_t part) {
  const Range range = partRange(job.count, parts, part);
  insideRegion = true;
  job.task(job.arguments, range.begin, range.end);
  insideRegion = false;
}

void *runWorker(void *argument) {
  Worker &worker = *static_cast<Worker *>(argument);
  horn_pool &pool = *worker.pool;
  // A thread starts with its creator's floating-point state, whatever that was.
  const IeeeScope ieee;
  uint64_t ticket = 0;
  for (;;) {
    ticket = waitForTicket(worker, ticket);
    const uint64_t parts = ticket & kPartsMask;
    if (parts == kStop)
      return nullptr;
    runPart(pool.job, static_cast<int64_t>(parts), worker.part);
    // The last one out wakes the caller. The pool stays until this thread has ended, so the word
    // is still there.
    if (pool.pending.fetch_sub(1, std::memory_order_acq_rel) == (kCallerSleeps | 1))
      futexWakeOne(pool.pending);
  }
}

// ---- regions --------------------------------------------------------------------------------

/// Publishes the next ticket and wakes those of the first `workers` workers that sleep.
static void publish(horn_pool &pool, uint64_t parts, int64_t workers) {
  const uint64_t number = (pool.ticket.load(std::memory_order_relaxed) | kPartsMask) + 1;
  pool.ticket.store(number | parts, std::memory_order_seq_cst); // see sleepForTicket
  for (int64_t index = 0; index < workers; ++index) {
    std::atomic<uint32_t> &parked = pool.workers[index].parked;
    if (parked.load(std::memory_order_seq_cst) != 0 &&
        parked.exchange(0, std::memory_order_seq_cst) != 0)
      futexWakeOne(parked);
  }
}

void publishStop(horn_pool &pool, int64_t workers) { publish(pool, kStop, workers); }

/// Waits until no worker is pending. Sleeps when that takes long: the worker may need this core.
static void join(horn_pool &pool) {
  if (waitLong(pool.spinNanoseconds,
               [&] { return pool.pending.load(std::memory_order_acquire) == 0; }))
    return;
  // From now on the worker that reaches zero wakes this thread. Every change of the count makes the
  // futex call return, so none is slept through.
  uint32_t left = pool.pending.fetch_or(kCallerSleeps, std::memory_order_acq_rel) | kCallerSleeps;
  while (left != kCallerSleeps) {
    futexWait(pool.pending, left);
    left = pool.pending.load(std::memory_order_acquire);
  }
}

void runRegion(horn_pool &pool, const Job &job, int64_t parts) {
  pool.job = job;
  pool.pending.store(static_cast<uint32_t>(parts - 1), std::memory_order_relaxed);
  publish(pool, static_cast<uint64_t>(parts), parts - 1);
  runPart(job, parts, 0);
  join(pool);
}

bool tryAcquire(horn_pool &pool) {
  uint32_t free = 0;
  return isAlive(pool) && pool.busy.load(std::memory_order_relaxed) == 0 &&
         pool.busy.compare_exchange_strong(free, 1, std::memory_order_acquire,
                                           std::memory_order_relaxed);
}

void release(horn_pool &pool) { pool.busy.store(0, std::memory_order_release); }

/// What the host's loop calls: a part of a region on a thread of the host.
static void runHostedPart(void *argument, int64_t begin, int64_t end) {
  const Job &job = *static_cast<const Job *>(argument);
  const IeeeScope ieee;
  // The host may call a range on a thread that is inside another range: keep what was.
  const bool outer = insideRegion;
  insideRegion = true;
  job.task(job.arguments, begin, end);
  insideRegion = outer;
}

} // namespace horn::runtime

void horn_parallel_for(horn_pool *pool, horn_task task, void *arguments, int64_t count,
                       int64_t grain) {
  using namespace horn::runtime;
  if (count <= 0)
    return;
  int64_t parts = pool ? numParts(pool->threads, count, grain) : 1;
  if (parts <= 1 || insideRegion)
    return task(arguments, 0, count);

  Job job = {task, arguments, count};
  if (pool->host)
    return pool->host(pool->hostContext, runHostedPart, &job, count, grain);
  if (!tryAcquire(*pool))
    return task(arguments, 0, count);
  parts = numParts(pool->started + 1, count, grain);
  if (parts > 1)
    runRegion(*pool, job, parts);
  else
    task(arguments, 0, count);
  release(*pool);
}
