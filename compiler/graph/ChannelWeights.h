// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// How a scale or a shift of the channels before or behind a contraction enters its weights.
#pragma once

#include "mlir/IR/Builders.h"

#include <optional>

namespace horn::graph {

/// Whether the op is a matmul, conv or depthwise_conv; its operand 1 holds the weights.
bool isContraction(mlir::Operation *op);
/// Whether a value varies along its last axis at most: a number, [C] or [1, ..., 1, C].
bool isVector(mlir::Value value);
/// A vector with its leading axes of size 1 dropped: [C].
mlir::Value flatten(mlir::OpBuilder &builder, mlir::Location location, mlir::Value vector);

/// The weights `v` that give contraction(x, v) = contraction(x, w) * scale; scale is flat, with one
/// entry or one a channel of the result.
mlir::Value scaleResultChannels(mlir::OpBuilder &builder, mlir::Operation *contraction,
                                mlir::Value scale, mlir::Location location);
/// Whether scaleInputChannels can be used. Padding is no hindrance, as 0 * scale = 0.
bool canScaleInput(mlir::Operation *contraction);
/// The weights `v` that give contraction(x, v) = contraction(x * scale, w).
mlir::Value scaleInputChannels(mlir::OpBuilder &builder, mlir::Operation *contraction,
                               mlir::Value scale, mlir::Location location);
/// Whether shiftByInput can be used: every element of the result sees all of its window, none of it
/// padding.
bool canShiftInput(mlir::Operation *contraction);
/// The vector `b` that gives contraction(x, w) + b = contraction(x + shift, w).
mlir::Value shiftByInput(mlir::OpBuilder &builder, mlir::Operation *contraction, mlir::Value shift,
                         mlir::Location location);

} // namespace horn::graph
