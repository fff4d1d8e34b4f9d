// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Loops of a fixed number of rounds inside a computation.
#pragma once

#include "frontend/ops/ShapeOps.h"
#include "frontend/ops/Tracer.h"

namespace horn::ops {

/// A round of a loop: gets its number (int32, [1]) and the carried tensors, gives the new ones and
/// what the round puts out ([batch, ...]).
using LoopBody = std::function<ScanStep(const Tensor &round, const std::vector<Tensor> &carried)>;

/// Runs `body` `count` times, `backwards` from the last number to the first. Returns the carried
/// tensors, then the outputs as [batch, round, ...] in the order of processing.
inline std::vector<Tensor> loop(int64_t count, const std::vector<Tensor> &initial,
                                const LoopBody &body, bool backwards = false) {
  if (count == 0)
    return initial;
  Tensor rounds = expand_dims(arange(count), 0);
  return current_tracer().scan(
      initial, {rounds}, backwards,
      [&](const std::vector<Tensor> &carried, const std::vector<Tensor> &slices) {
        return body(slices[0], carried);
      });
}

} // namespace horn::ops
