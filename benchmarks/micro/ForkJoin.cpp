// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What a parallel region costs beside its work.
#include <horn/runtime.h>

#include <benchmark/benchmark.h>

static void emptyTask(void *, int64_t, int64_t) {}

/// One region without work; the argument is the number of threads.
static void forkJoin(benchmark::State &state) {
  horn_pool *pool = nullptr;
  horn_pool_create(static_cast<int32_t>(state.range(0)), &pool);
  for (auto _ : state)
    horn_parallel_for(pool, emptyTask, nullptr, /*count=*/64, /*grain=*/1);
  horn_pool_destroy(pool);
}
BENCHMARK(forkJoin)->Arg(1)->Arg(2);

/// A thousand loops without work in one team: what the barrier behind each costs.
static void teamLoops(benchmark::State &state) {
  horn_pool *pool = nullptr;
  horn_pool_create(static_cast<int32_t>(state.range(0)), &pool);
  const auto body = [](void *, horn_team *team) {
    for (int loop = 0; loop < 1000; ++loop)
      horn_team_for(team, emptyTask, nullptr, /*count=*/64, /*grain=*/1);
  };
  for (auto _ : state)
    horn_parallel_team(pool, body, nullptr, /*limit=*/64);
  state.counters["s/loop"] = benchmark::Counter(
      1000, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  horn_pool_destroy(pool);
}
BENCHMARK(teamLoops)->Arg(1)->Arg(2);
