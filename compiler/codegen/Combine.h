// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What reductions have in common.
#pragma once

#include "compiler/codegen/Lanes.h"

#include <optional>

namespace horn::codegen {

/// How a reduction joins two values.
struct Combine {
  llvm::StringRef op;  ///< the element-wise op: "add", "maximum", ...
  bool isMean = false; ///< a sum that is divided by the count at the end
};
/// Of horn.reduce_*, horn.max_pool, horn.average_pool and the contractions; nothing for other ops.
std::optional<Combine> combineOf(mlir::Operation *op);

/// The type that a reduction of `element` accumulates in: float for narrow floats.
mlir::Type accumulatorType(mlir::Type element);
/// The value that changes nothing when it is joined.
mlir::Value identityOf(const Lanes &lanes, const Combine &combine, mlir::Type element);
mlir::Value join(const Lanes &lanes, const Combine &combine, mlir::Value a, mlir::Value c,
                 mlir::Type element);
/// Joins all lanes, always in the same order; gives a scalar.
mlir::Value joinLanes(const Lanes &lanes, const Combine &combine, mlir::Value value,
                      mlir::Type element);
/// Converts between an element and its accumulator type.
mlir::Value widen(const Lanes &lanes, mlir::Value value, mlir::Type element);
mlir::Value narrow(const Lanes &lanes, mlir::Value value, mlir::Type element);

} // namespace horn::codegen
