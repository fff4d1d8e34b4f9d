// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// One compiled model as a benchmark.
#pragma once

#include "frontend/emit/CompiledModel.h"

#include <horn/horn.h>

#include <benchmark/benchmark.h>

namespace horn::micro {

/// Runs a model on a batch, again and again; counts its operations if there are any.
inline void run_model(benchmark::State &state, const Model &model, int64_t batch, int threads,
                      double flops, const CompileOptions &options = {}) {
  CompiledModel compiled(model, options);
  Session session(compiled, std::make_shared<ThreadPool>(threads));
  std::vector<Array> inputs;
  for (const Tensor &input : model.inputs()) {
    std::vector<int64_t> shape(input.shape().begin(), input.shape().end());
    shape.front() = batch;
    inputs.emplace_back(Shape(shape), DType::float32);
    for (size_t i = 0; i < inputs.back().size(); ++i)
      inputs.back().set(i, static_cast<double>(i % 17) / 17 - 0.5);
  }
  std::vector<Array> outputs = session.run(inputs);
  for (auto _ : state)
    session.run(inputs, outputs);
  if (flops > 0)
    state.counters["GFLOP/s"] =
        benchmark::Counter(1e-9 * flops, benchmark::Counter::kIsIterationInvariantRate);
}

} // namespace horn::micro
