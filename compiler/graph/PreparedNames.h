// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Names of prepared variables, in the words of the layers.
#pragma once

#include "compiler/analysis/WeightOnly.h"

#include "mlir/IR/SymbolTable.h"

#include <string>

namespace horn::graph {

/// What a weight-only value is to the rest of the function: "dense.kernel.panels" for a packed
/// variable, "conv2d.shift" for an addend, "conv2d.scale" for a factor, else "conv2d.prepared".
std::string preparedName(mlir::Value value, const WeightOnly &weights);
/// The name, with a number behind it if the module has it already.
std::string uniqueName(std::string name, const mlir::SymbolTable &symbols);

} // namespace horn::graph
