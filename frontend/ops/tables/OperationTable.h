// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The tables of functions that saved models may name, one for each topic.
#pragma once

#include "frontend/ops/Axes.h"
#include "frontend/ops/Operation.h"

#include <span>

namespace horn::tables {

using Call = const OperationCall &;
using Outputs = std::vector<Tensor>;

std::span<const OperationEntry> elementwise_operations();
std::span<const OperationEntry> reduce_operations();
std::span<const OperationEntry> shape_operations();
std::span<const OperationEntry> join_operations();
std::span<const OperationEntry> nn_operations();
std::span<const OperationEntry> activation_operations();
std::span<const OperationEntry> image_operations();
std::span<const OperationEntry> math_operations();
std::span<const OperationEntry> order_operations();
std::span<const OperationEntry> create_operations();
std::span<const OperationEntry> scatter_operations();
std::span<const OperationEntry> bit_operations();
std::span<const OperationEntry> fourier_operations();
std::span<const OperationEntry> linear_algebra_operations();
std::span<const OperationEntry> transform_operations();
std::span<const OperationEntry> filter_operations();
std::span<const OperationEntry> ctc_operations();

/// The first argument of most functions.
inline Tensor x_of(Call c) { return c.tensor("x", 0); }

} // namespace horn::tables

/// An entry whose result is one tensor, an expression in `c`.
#define HORN_OPERATION(Class, module, ...)                                                         \
  ::horn::OperationEntry {                                                                         \
    #Class, #module,                                                                               \
        [](::horn::tables::Call c) -> ::horn::tables::Outputs { return {__VA_ARGS__}; }            \
  }
