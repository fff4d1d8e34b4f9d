// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels that no product dominates: rows of 768 floats, 1024 of them, one thread.
#include "benchmarks/micro/Layers.h"

using namespace horn;

static constexpr int64_t kRows = 1024, kColumns = 768;

static void rows(benchmark::State &state, Tensor (*op)(const Tensor &)) {
  Tensor x = Input({kColumns});
  micro::run_model(state, Model(x, op(x)), kRows, /*threads=*/1, 0);
  state.counters["elements/s"] = benchmark::Counter(static_cast<double>(kRows * kColumns),
                                                    benchmark::Counter::kIsIterationInvariantRate);
}

static Tensor activation(const Tensor &x, const char *name) {
  return layers::Activation({.activation = name})(x);
}
static Tensor relu(const Tensor &x) { return activation(x, "relu"); }
static Tensor exponential(const Tensor &x) { return activation(x, "exponential"); }
static Tensor silu(const Tensor &x) { return activation(x, "silu"); }
static Tensor tanh(const Tensor &x) { return activation(x, "tanh"); }
static Tensor gelu(const Tensor &x) { return activation(x, "gelu"); }
static Tensor softmax(const Tensor &x) { return activation(x, "softmax"); }
static Tensor layerNorm(const Tensor &x) { return layers::LayerNormalization()(x); }

BENCHMARK_CAPTURE(rows, relu, relu)->UseRealTime();
BENCHMARK_CAPTURE(rows, exp, exponential)->UseRealTime();
BENCHMARK_CAPTURE(rows, silu, silu)->UseRealTime();
BENCHMARK_CAPTURE(rows, tanh, tanh)->UseRealTime();
BENCHMARK_CAPTURE(rows, gelu, gelu)->UseRealTime();
BENCHMARK_CAPTURE(rows, softmax, softmax)->UseRealTime();
BENCHMARK_CAPTURE(rows, layerNorm, layerNorm)->UseRealTime();
