// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attention without its projections; GFLOP/s count the two products.
#include "benchmarks/micro/Layers.h"

#include "frontend/ops/Attention.h"

using namespace horn;

/// 12 heads of 64 features, one sample; arguments: queries, keys, threads.
static void attention(benchmark::State &state, bool causal) {
  constexpr int64_t kHeads = 12, kFeatures = 64;
  int64_t queries = state.range(0), keys = state.range(1);
  Tensor q = Input({queries, kHeads, kFeatures}), k = Input({keys, kHeads, kFeatures}),
         v = Input({keys, kHeads, kFeatures});
  Model model({q, k, v}, {ops::dot_product_attention(q, k, v, {.is_causal = causal})});
  micro::run_model(state, model, 1, static_cast<int>(state.range(2)),
                   4.0 * static_cast<double>(kHeads * kFeatures * queries * keys));
}

static void sizes(benchmark::internal::Benchmark *benchmark) {
  benchmark->ArgNames({"queries", "keys", "threads"})->UseRealTime();
  for (int64_t steps : {128, 512, 2048})
    for (int64_t threads : {1, 2})
      benchmark->Args({steps, steps, threads});
  benchmark->Args({100, 100, 1})->Args({8, 2048, 1});
}
BENCHMARK_CAPTURE(attention, plain, false)->Apply(sizes);
BENCHMARK_CAPTURE(attention, causal, true)->Apply(sizes);
