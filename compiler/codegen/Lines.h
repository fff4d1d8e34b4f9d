// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the kernels that walk along one axis, or look elements up by index, share.
#pragma once

#include "compiler/codegen/KernelFunction.h"
#include "compiler/codegen/Lanes.h"
#include "compiler/codegen/LookupKernel.h"

namespace horn::codegen {

/// The line of a task: element i is at start[i * step].
struct Line {
  mlir::Value start, step;
};
/// The line of length `length` of task (outer, inner) in a dense tensor at `base`.
Line lineOf(KernelFunction &kernel, mlir::Value task, mlir::Type element, mlir::Value base,
            mlir::Value length, mlir::Value inner);

/// An index element as i64.
mlir::Value loadIndex(const Lanes &one, mlir::Type indexElement, mlir::Value indices,
                      mlir::Value at);
/// An i64 as an element.
mlir::Value fromIndex(const Lanes &one, mlir::Value index, mlir::Type element);
/// The row that an index names, by mode; always inside the table (of at least one row).
mlir::Value safeRow(const Lanes &one, mlir::Value index, mlir::Value rows, OutOfRange mode);
/// Whether an index is within [-rows, rows).
mlir::Value isInside(const Lanes &one, mlir::Value index, mlir::Value rows);
/// What "fill" writes: NaN, or the smallest integer.
mlir::Value fillValue(const Lanes &lanes, mlir::Type element);

} // namespace horn::codegen
