// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Teams: threads of one region that do loop after loop together. Between two loops they meet at a
// barrier, which costs less than ending a region and starting another. Teams of one region know
// nothing of each other.
#include "runtime/futex.h"
#include "runtime/pool_threads.h"
#include "runtime/spin.h"
#include "runtime/team_plan.h"

#include <initializer_list>

namespace horn::runtime {

/// How many barriers a member has come to; its futex. Nobody else writes to its cache line.
struct alignas(kCacheLine) Arrivals {
  std::atomic<uint32_t> count;
};

/// What the members of a team share; on the stack of the thread that made it.
struct alignas(kCacheLine) TeamRegion {
  int64_t parts;
  int64_t spinNanoseconds;
  horn_pool *host;    ///< null, or the pool of a host, whose own loops run those of the one member
  Arrivals *arrivals; ///< one for each member
  /// Members that sleep, or are about to.
  std::atomic<uint32_t> sleepers;
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

/// All that the threads of a region of teams share.
struct TeamsRegion {
  const horn_team_call *calls;
  int64_t count;
  const TeamPlan &plan;
  TeamRegion teams[kMaxCalls];
  Arrivals arrivals[kMaxMembers];
};

/// A part of a region of teams: one member's way through the calls of its team.
static void runMember(void *arguments, int64_t thread, int64_t) {
  auto &region = *static_cast<TeamsRegion *>(arguments);
  int64_t team = 0;
  for (; thread >= region.plan.members[team]; ++team)
    thread -= region.plan.members[team];
  horn_team member = {&region.teams[team], thread, 0};
  for (int64_t i = 0; i < region.count; ++i)
    if (region.plan.team[i] == team)
      region.calls[i].body(region.calls[i].arguments, &member);
}

/// Runs a plan in a pool that this thread holds.
static void runTeams(horn_pool &pool, const horn_team_call *calls, int64_t count,
                     const TeamPlan &plan) {
  TeamsRegion region = {calls, count, plan, {}, {}};
  int64_t threads = 0;
  for (int64_t team = 0; team < plan.teams; ++team) {
    region.teams[team].parts = plan.members[team];
    region.teams[team].spinNanoseconds = pool.teamSpinNanoseconds;
    region.teams[team].arrivals = region.arrivals + threads;
    threads += plan.members[team];
  }
  runRegion(pool, {runMember, &region, threads}, threads);
}

/// The most threads that teams may have, in a pool that this thread holds.
static int64_t membersOf(const horn_pool &pool) {
  int64_t threads = kMaxMembers;
  for (int64_t most : {int64_t{pool.teamThreads}, int64_t{pool.started} + 1})
    threads = most < threads ? most : threads;
  return threads;
}

/// A team of the caller alone. The threads of a host may run ranges one after the other, and a
/// barrier would wait for ever: it has the host run its loops.
static void runAlone(horn_pool *pool, const horn_team_call &call) {
  TeamRegion region = {};
  region.parts = 1;
  region.host = pool && pool->host ? pool : nullptr;
  horn_team member = {&region, 0, 0};
  call.body(call.arguments, &member);
}

/// Runs a call in a pool that this thread holds.
static void runOnAll(horn_pool &pool, const horn_team_call &call) {
  int64_t members = membersOf(pool);
  members = call.limit < members ? call.limit : members;
  if (members > 1)
    runTeams(pool, &call, 1, {1, {members}, {0}});
  else
    runAlone(&pool, call);
}

} // namespace horn::runtime

using namespace horn::runtime;

void horn_parallel_teams(horn_pool *pool, const horn_team_call *calls, int64_t count) {
  const bool canShare = pool && !pool->host && pool->teamThreads > 1;
  if (!canShare || isInsideRegion() || !tryAcquire(*pool)) {
    for (int64_t i = 0; i < count; ++i)
      runAlone(pool, calls[i]);
    return;
  }
  const TeamPlan plan = planTeams(calls, count, membersOf(*pool));
  if (plan.teams > 0)
    runTeams(*pool, calls, count, plan);
  else
    for (int64_t i = 0; i < count; ++i)
      runOnAll(*pool, calls[i]);
  release(*pool);
}

void horn_parallel_team(horn_pool *pool, horn_team_body body, void *arguments, int64_t limit) {
  const horn_team_call call = {body, arguments, limit, 0};
  if (limit > 1)
    horn_parallel_teams(pool, &call, 1);
  else
    runAlone(pool, call);
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

/// Whether no member would have to wait for long, at the end, for those that have more.
static bool isEvenlyShared(int64_t runs, int64_t members) {
  constexpr int64_t kIdlePart = 8;
  const int64_t most = (runs + members - 1) / members * members;
  return runs >= members && kIdlePart * (most - runs) <= most;
}

void horn_team_for_apart(horn_team *team, horn_task task, void *arguments, int64_t count,
                         int64_t grain, int64_t apart) {
  const TeamRegion &region = *team->region;
  const int64_t runs = count / apart;
  if (region.host || !isEvenlyShared(runs, region.parts))
    return horn_team_for(team, task, arguments, count, grain);
  const Range range = partRange(runs, region.parts, team->part);
  task(arguments, range.begin * apart, range.end * apart);
}
