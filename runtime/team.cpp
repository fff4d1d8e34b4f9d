// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Teams: the threads of one region that do loop after loop together. Between two loops they meet at
// a barrier, which costs less than ending a region and starting another.
#include "runtime/futex.h"
#include "runtime/pool_threads.h"
#include "runtime/spin.h"

#include <initializer_list>

namespace horn::runtime {

/// More would only wait for one another.
static constexpr int64_t kMaxMembers = 64;

/// How many barriers a member has come to; its futex. Nobody else writes to its cache line.
struct alignas(kCacheLine) Arrivals {
  std::atomic<uint32_t> count;
};

/// What the members of a team share; on the stack of the thread that made it.
struct TeamRegion {
  horn_team_body body;
  void *arguments;
  int64_t parts;
  int64_t spinNanoseconds;
  horn_pool *host; ///< null, or the pool of a host, whose own loops run those of the one member
  /// Members that sleep, or are about to.
  std::atomic<uint32_t> sleepers;
  Arrivals arrivals[kMaxMembers];
};

} // namespace horn::runtime

/// One member, on its own stack.
struct horn_team {
  horn::runtime::TeamRegion *region;
  int64_t part;
  uint32_t round; ///< the barriers that it has come to
};

namespace horn::runtime {

/// Waits until a member has come to as many barriers; it may be one ahead.
static void waitFor(TeamRegion &region, std::atomic<uint32_t> &count, uint32_t round) {
  uint32_t found = 0;
  const auto isThere = [&] {
    found = count.load(std::memory_order_acquire);
    return static_cast<int32_t>(found - round) >= 0;
  };
  if (isThere() || waitLong(region.spinNanoseconds, isThere))
    return;
  region.sleepers.fetch_add(1, std::memory_order_seq_cst);
  for (found = count.load(std::memory_order_seq_cst); static_cast<int32_t>(found - round) < 0;
       found = count.load(std::memory_order_acquire))
    futexWait(count, found);
  region.sleepers.fetch_sub(1, std::memory_order_relaxed);
}

/// Returns when all members have come here; what they wrote before is seen by all behind it.
///
/// Each says that it is here on a cache line of its own and looks at those of the others, which is
/// one way from core to core; a common counter would be three. No wake-up is lost: who sleeps
/// counts itself and then reads the other's line, and everyone looks at that count after it wrote
/// its line, with a fence in between. It may wait for a third member before that: then all sleep
/// until that one comes.
static void meet(horn_team &team) {
  TeamRegion &region = *team.region;
  if (region.parts == 1)
    return;
  std::atomic<uint32_t> &own = region.arrivals[team.part].count;
  own.store(++team.round, std::memory_order_release);
  for (int64_t part = 0; part < region.parts; ++part)
    if (part != team.part)
      waitFor(region, region.arrivals[part].count, team.round);
  std::atomic_thread_fence(std::memory_order_seq_cst);
  // The region lives until this member, too, has left its part.
  if (region.sleepers.load(std::memory_order_relaxed) != 0)
    futexWakeAll(own);
}

/// A part of the region of a team: one member's run through the body.
static void runMember(void *arguments, int64_t begin, int64_t) {
  auto &region = *static_cast<TeamRegion *>(arguments);
  horn_team member = {&region, begin, 0};
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
  region.host = pool && pool->host ? pool : nullptr;
  const bool canShare = pool && !pool->host && limit > 1 && pool->teamThreads > 1;
  if (!canShare || isInsideRegion() || !tryAcquire(*pool))
    return runMember(&region, 0, 1);
  for (int64_t most : {int64_t{pool->teamThreads}, int64_t{pool->started} + 1, kMaxMembers})
    limit = most < limit ? most : limit;
  region.parts = limit;
  region.spinNanoseconds = pool->teamSpinNanoseconds;
  if (region.parts > 1)
    runRegion(*pool, {runMember, &region, region.parts}, region.parts);
  else
    runMember(&region, 0, 1);
  release(*pool);
}

void horn_team_for(horn_team *team, horn_task task, void *arguments, int64_t count, int64_t grain) {
  if (team->region->host)
    return horn_parallel_for(team->region->host, task, arguments, count, grain);
  const int64_t parts = numParts(team->region->parts, count, grain);
  if (team->part < parts && count > 0) {
    const Range range = partRange(count, parts, team->part);
    task(arguments, range.begin, range.end);
  }
  meet(*team);
}
