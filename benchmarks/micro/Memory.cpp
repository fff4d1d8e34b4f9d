// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How fast one core reads memory that no cache holds: the limit of small batches, whose weights are
// read once.
#include <benchmark/benchmark.h>

#include <vector>

static void readBandwidth(benchmark::State &state) {
  using Vector = float __attribute__((vector_size(64)));
  constexpr size_t kVectors = size_t{1} << 22; // 256 MB
  std::vector<float> memory(kVectors * 16 + 16, 1.0f);
  auto aligned = (reinterpret_cast<uintptr_t>(memory.data()) + 63) / 64 * 64;
  auto *vectors = reinterpret_cast<const Vector *>(aligned);
  for (auto _ : state) {
    Vector sums[4] = {};
    for (size_t i = 0; i < kVectors; i += 4)
      for (size_t j = 0; j < 4; ++j)
        sums[j] += vectors[i + j];
    benchmark::DoNotOptimize(sums);
  }
  state.counters["GB/s"] = benchmark::Counter(1e-9 * static_cast<double>(kVectors * 64),
                                              benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(readBandwidth)->UseRealTime();
