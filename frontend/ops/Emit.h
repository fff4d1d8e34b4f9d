// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Short forms for what every function of ops:: does at its end: ask the tracer for one op.
#pragma once

#include "frontend/ops/Operation.h"
#include "frontend/ops/Tracer.h"

namespace horn::ops {

/// The only result of `horn.<name>`.
inline Tensor emit(std::string_view name, const std::vector<Tensor> &operands,
                   const Attributes &attributes = {}) {
  return current_tracer().op(name, operands, attributes).front();
}

} // namespace horn::ops
