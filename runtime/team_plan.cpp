// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/team_plan.h"

namespace horn::runtime {

/// Less work than this stays on one thread: waking others may take as long. Estimates take weights
/// to come from afar, and are some times too high where caches have them.
static constexpr int64_t kMinimumNanoseconds = 60000;
/// Barriers and uneven shares cost a team of all threads about this part of its time, which smaller
/// teams save.
static constexpr int64_t kTeamLoss = 8;

static int64_t timeOf(const horn_team_call &call, int64_t members) {
  const int64_t most = call.limit < 1 ? 1 : call.limit;
  return call.nanoseconds / (members < most ? members : most);
}

/// A team for each call. Threads that are left go to where they save most. Returns the time of the
/// slowest team.
static int64_t shareThreads(TeamPlan &plan, const horn_team_call *calls, int64_t count,
                            int64_t threads) {
  plan.teams = count;
  for (int64_t i = 0; i < count; ++i) {
    plan.team[i] = i;
    plan.members[i] = 1;
  }
  for (int64_t left = threads - count;; --left) {
    int64_t slowest = 0;
    for (int64_t i = 1; i < count; ++i)
      if (timeOf(calls[i], plan.members[i]) > timeOf(calls[slowest], plan.members[slowest]))
        slowest = i;
    const int64_t members = plan.members[slowest];
    if (left == 0 || members >= calls[slowest].limit || members == kMaxMembers)
      return timeOf(calls[slowest], members);
    ++plan.members[slowest];
  }
}

/// A team of one thread each, which do the calls between them: the longest first, to the one that
/// has least to do. Returns the time of the slowest team.
static int64_t shareCalls(TeamPlan &plan, const horn_team_call *calls, int64_t count,
                          int64_t threads) {
  int64_t load[kMaxCalls] = {};
  bool isShared[kMaxCalls] = {};
  plan.teams = threads;
  for (int64_t team = 0; team < threads; ++team)
    plan.members[team] = 1;
  int64_t slowest = 0;
  for (int64_t done = 0; done < count; ++done) {
    int64_t longest = -1, least = 0;
    for (int64_t i = 0; i < count; ++i)
      if (!isShared[i] && (longest < 0 || calls[i].nanoseconds > calls[longest].nanoseconds))
        longest = i;
    for (int64_t team = 1; team < threads; ++team)
      if (load[team] < load[least])
        least = team;
    isShared[longest] = true;
    plan.team[longest] = least;
    load[least] += calls[longest].nanoseconds;
    slowest = load[least] > slowest ? load[least] : slowest;
  }
  return slowest;
}

TeamPlan planTeams(const horn_team_call *calls, int64_t count, int64_t threads) {
  TeamPlan plan = {};
  if (count < 2 || count > kMaxCalls || threads < 2)
    return plan;
  int64_t alone = 0, inTurn = 0;
  for (int64_t i = 0; i < count; ++i) {
    alone += calls[i].nanoseconds;
    inTurn += timeOf(calls[i], threads);
  }
  if (alone < kMinimumNanoseconds)
    return plan;
  const int64_t sideBySide = count <= threads ? shareThreads(plan, calls, count, threads)
                                              : shareCalls(plan, calls, count, threads);
  if (sideBySide > inTurn + inTurn / kTeamLoss)
    plan.teams = 0;
  return plan;
}

} // namespace horn::runtime
