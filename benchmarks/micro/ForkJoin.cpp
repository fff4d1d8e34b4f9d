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
