// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels for element-wise groups and for groups along rows (softmax, layer norm).
#pragma once

#include "compiler/codegen/Lanes.h"
#include "compiler/codegen/Target.h"

#include "mlir/IR/BuiltinOps.h"

namespace horn::codegen {

/// How a kernel reaches an operand or its result along the innermost axis.
struct Access {
  mlir::Type element;
  LaneStride lane = LaneStride::Contiguous;
};

/// What a row kernel is made from. Sizes and strides are arguments; what stands here is in its
/// name.
///
/// A launch passes: pointers (result, operands), the sizes of the outer axes, the row's length,
/// then for the result and each operand the strides of the outer axes and, where `lane` is Strided,
/// that of the row. There is one task a row, or with no outer axis one for each kRowChunk elements.
struct RowKernelSpec {
  mlir::Block *body; ///< element-wise ops and reductions along the row; yields one value
  unsigned outerAxes = 0;
  Access result;
  llvm::SmallVector<Access> operands;
};

/// Elements of a task of a kernel without outer axes.
inline constexpr int64_t kRowChunk = 8192;

/// Lanes that a kernel on these elements works with.
unsigned laneCount(const Target &target, llvm::ArrayRef<Access> accesses);
/// Whether an op of a body is a reduction along the row.
bool isRowReduction(mlir::Operation *op);
/// Whether a body has one; null has none.
bool reducesRows(mlir::Block *body);

void emitRowKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                   const RowKernelSpec &spec, const Target &target);

} // namespace horn::codegen
