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

/// What one core reads again and again from memory of so many KiB: a weight's part that stays in
/// one of its caches bounds products with a single row, as a recurrent layer's.
static void cacheBandwidth(benchmark::State &state) {
  using Vector = float __attribute__((vector_size(64)));
  const size_t count = static_cast<size_t>(state.range(0)) * 1024 / sizeof(Vector);
  std::vector<float> memory(count * 16 + 16, 1.0f);
  auto aligned = (reinterpret_cast<uintptr_t>(memory.data()) + 63) / 64 * 64;
  const auto *vectors = reinterpret_cast<const Vector *>(aligned);
  for (auto _ : state) {
    Vector a = {}, b = {}, c = {}, d = {};
    for (size_t i = 0; i < count; i += 4) {
      a += vectors[i];
      b += vectors[i + 1];
      c += vectors[i + 2];
      d += vectors[i + 3];
    }
    Vector sum = a + b + c + d;
    benchmark::DoNotOptimize(sum);
    benchmark::ClobberMemory();
  }
  state.counters["GB/s"] = benchmark::Counter(1e-9 * static_cast<double>(count * sizeof(Vector)),
                                              benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(cacheBandwidth)->Arg(16)->Arg(128)->Arg(512)->Arg(8192);
