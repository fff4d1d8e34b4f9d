// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "mlir/IR/BuiltinTypes.h"

namespace horn::graph {

/// The type of a value, which all values of the horn dialect have: a ranked tensor.
inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}

/// The size of its last axis.
inline int64_t columnsOf(mlir::Value value) { return typeOf(value).getShape().back(); }

/// The elements of a value that a vector of `lanes` f32 holds.
inline int64_t lanesFor(mlir::Value value, int64_t lanes) {
  return typeOf(value).getElementType().isF64() ? lanes / 2 : lanes;
}

} // namespace horn::graph
