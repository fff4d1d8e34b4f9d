// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Products of matrices as dense layers compute them; GFLOP/s beside the machine's own limit.
#include "benchmarks/micro/Layers.h"

using namespace horn;

/// A dense layer over `rows` samples; arguments: rows, units, inputs, threads.
static void dense(benchmark::State &state) {
  int64_t rows = state.range(0), units = state.range(1), inputs = state.range(2);
  Tensor x = Input({inputs});
  Model model(x, layers::Dense({.units = units, .use_bias = false})(x));
  micro::run_model(state, model, rows, static_cast<int>(state.range(3)),
                   2.0 * static_cast<double>(rows * units * inputs));
}
BENCHMARK(dense)
    ->ArgNames({"M", "N", "K", "threads"})
    ->Args({256, 256, 256, 1})
    ->Args({512, 512, 512, 1})
    ->Args({1024, 1024, 1024, 1})
    ->Args({2048, 2048, 2048, 1})
    ->Args({49, 512, 4608, 1})
    ->Args({128, 768, 3072, 1})
    ->Args({3136, 64, 64, 1})
    ->Args({1, 1024, 1024, 1})
    ->Args({1, 1024, 1024, 2})
    ->Args({1024, 1024, 1024, 2})
    ->UseRealTime();

/// The limit of one core: independent fused multiply-adds on vectors of 16 floats.
static void multiplyAddPeak(benchmark::State &state) {
  using Vector = float __attribute__((vector_size(64)));
  constexpr int kChains = 12, kRounds = 1000;
  Vector sums[kChains] = {}, factor = {1e-9f};
  for (auto _ : state) {
    for (int round = 0; round < kRounds; ++round)
      for (Vector &sum : sums)
        sum = sum * factor + factor;
    benchmark::DoNotOptimize(sums);
  }
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * 16 * kChains * kRounds,
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(multiplyAddPeak);
