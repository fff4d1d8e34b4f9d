// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Teams: the threads of one region that do loop after loop together. Between two loops they meet at
// a barrier, which costs less than ending a region and starting another.
#include "runtime/futex.h"
#include "runtime/pool_threads.h"
#include "runtime/spin.h"

namespace horn::runtime {

/// What the members of a team share; on the stack of the thread that made it.
struct TeamRegion {
  horn_team_body body;
  void *arguments;
  int64_t parts;
  int64_t spinNanoseconds;
  /// How many members stand at the barrier.
  alignas(kCacheLine) std::atomic<uint32_t> arrived;
  /// How often all have met; the futex of those who wait.
  alignas(kCacheLine) std::atomic<uint32_t> round;
  std::atomic<uint32_t> sleepers;
};

} // namespace horn::runtime

/// One member, on its own stack.
struct horn_team {
  horn::runtime::TeamRegion *region;
  int64_t part;
};

namespace horn::runtime {

/// Waits until the others have met. No wake-up is lost: who sleeps counts itself and then reads
/// `round`, who is last sets `round` and then reads the count, all sequentially consistent.
static void waitForRound(TeamRegion &region, uint32_t round) {
  const auto hasChanged = [&] { return region.round.load(std::memory_order_acquire) != round; };
  if (spinUntil(kJoinSpinFactor * region.spinNanoseconds, hasChanged))
    return;
  region.sleepers.fetch_add(1, std::memory_order_seq_cst);
  while (region.round.load(std::memory_order_seq_cst) == round)
    futexWait(region.round, round);
  region.sleepers.fetch_sub(1, std::memory_order_relaxed);
}

/// Returns when all members have come here; what they wrote before is seen by all behind it.
static void meet(TeamRegion &region) {
  if (region.parts == 1)
    return;
  const uint32_t round = region.round.load(std::memory_order_relaxed);
  const auto parts = static_cast<uint32_t>(region.parts);
  if (region.arrived.fetch_add(1, std::memory_order_acq_rel) + 1 != parts)
    return waitForRound(region, round);
  region.arrived.store(0, std::memory_order_relaxed);
  region.round.store(round + 1, std::memory_order_seq_cst);
  // The region lives until this member, too, has left its part.
  if (region.sleepers.load(std::memory_order_seq_cst) != 0)
    futexWakeAll(region.round);
}

/// A part of the region of a team: one member's run through the body.
static void runMember(void *arguments, int64_t begin, int64_t) {
  auto &region = *static_cast<TeamRegion *>(arguments);
  horn_team member = {&region, begin};
  region.body(region.arguments, &member);
}

} // namespace horn::runtime

using namespace horn::runtime;

void horn_parallel_team(horn_pool *pool, horn_team_body body, void *arguments, int64_t limit) {
  TeamRegion region = {};
  region.body = body;
  region.arguments = arguments;
  region.parts = 1;
  // The host's threads may run ranges one after the other, and a barrier would wait for ever.
  const bool canShare = pool && !pool->host && limit > 1 && pool->threads > 1;
  if (!canShare || isInsideRegion() || !tryAcquire(*pool))
    return runMember(&region, 0, 1);
  const int64_t threads = pool->started + 1;
  region.parts = threads < limit ? threads : limit;
  region.spinNanoseconds = pool->spinNanoseconds;
  if (region.parts > 1)
    runRegion(*pool, {runMember, &region, region.parts}, region.parts);
  else
    runMember(&region, 0, 1);
  release(*pool);
}

void horn_team_for(horn_team *team, horn_task task, void *arguments, int64_t count, int64_t grain) {
  const int64_t parts = numParts(team->region->parts, count, grain);
  if (team->part < parts && count > 0) {
    const Range range = partRange(count, parts, team->part);
    task(arguments, range.begin, range.end);
  }
  meet(*team->region);
}
