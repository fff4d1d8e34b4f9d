// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Elementary functions as straight-line code, for scalars and vectors of float.
#pragma once

#include "compiler/codegen/Lanes.h"

namespace horn::codegen {

/// Each takes and gives float lanes. NaN gives NaN, infinities their limits.
mlir::Value emitExp(const Lanes &lanes, mlir::Value x);
mlir::Value emitExpm1(const Lanes &lanes, mlir::Value x);
mlir::Value emitLog(const Lanes &lanes, mlir::Value x);
mlir::Value emitLog1p(const Lanes &lanes, mlir::Value x);
mlir::Value emitTanh(const Lanes &lanes, mlir::Value x);
mlir::Value emitSigmoid(const Lanes &lanes, mlir::Value x);
/// x * sigmoid(x)
mlir::Value emitSilu(const Lanes &lanes, mlir::Value x);
mlir::Value emitErf(const Lanes &lanes, mlir::Value x);

} // namespace horn::codegen
