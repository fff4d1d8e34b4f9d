// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the threads of a pool are shared out to loops that do not depend on one another.
#ifndef HORN_RUNTIME_TEAM_PLAN_H
#define HORN_RUNTIME_TEAM_PLAN_H

#include "horn/runtime.h"

namespace horn::runtime {

/// More members would only wait for one another.
inline constexpr int64_t kMaxMembers = 64;
/// More calls than these run one after the other.
inline constexpr int64_t kMaxCalls = 16;

/// Teams that run side by side; each does its calls one after the other.
struct TeamPlan {
  int64_t teams;              ///< 0 if the calls are better off one after the other
  int64_t members[kMaxCalls]; ///< threads of each team
  int64_t team[kMaxCalls];    ///< of each call
};

/// The plan for a pool of `threads` threads. Equal arguments give equal plans, so that each thread
/// does the same in every run.
TeamPlan planTeams(const horn_team_call *calls, int64_t count, int64_t threads);

} // namespace horn::runtime

#endif // HORN_RUNTIME_TEAM_PLAN_H
