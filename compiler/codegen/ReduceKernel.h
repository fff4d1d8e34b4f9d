// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels that reduce over axes or sliding windows: reductions, pooling, depthwise convolution.
#pragma once

#include "compiler/codegen/Combine.h"
#include "compiler/codegen/RowKernel.h"

#include "mlir/IR/AffineExpr.h"

namespace horn::codegen {

/// Along which axis the lanes of vectors lie.
enum class LaneAxis {
  Kept,   ///< the innermost axis of the result
  Reduced ///< the innermost reduced axis; the result has one element a task
};

/// What a reduction kernel is made from.
///
/// A launch passes: pointers (result, operands, epilogue operands); the sizes of the outer kept
/// axes, of the lane axis and of the reduced axes without it; for the result its outer strides (and
/// its lane stride where Strided); for each operand its strides on outer axes, reduced axes (and
/// lane); for each epilogue operand as for the result; for each clipped reduced axis: the stride,
/// dilation, padding and size of the window's axis. There is one task for each element of the outer
/// axes; with a window, one for each element of those but the last, over which the task loops; with
/// `splitsLanes` one for each vector of lanes of each element of the outer axes.
struct ReduceKernelSpec {
  Combine combine;
  mlir::Block *body;     ///< one operand value from each operand element; null takes operand 0
  mlir::Block *epilogue; ///< argument 0 is the reduced value; null stores it
  mlir::Type element;    ///< of the values that are joined
  unsigned outerAxes = 0;
  unsigned reducedAxes = 0; ///< without the lane axis
  LaneAxis laneAxis = LaneAxis::Kept;
  /// For each reduced axis the outer axis with which it forms a padded window, or -1: positions in
  /// the padding are left out.
  llvm::SmallVector<int> window;
  /// The sizes of the reduced axes where the kernel is made for a window of known size: its loops
  /// are unrolled wherever the window lies inside. Empty if not.
  llvm::SmallVector<int64_t> windowSizes;
  bool isDilated = true;  ///< false if all dilations are 1
  bool isProduct = false; ///< the body is a product of two floats, summed by fused multiply-adds
  /// Few elements on the outer axes: the lanes (kept) are shared out instead.
  bool splitsLanes = false;
  /// Whether tasks loop over the last outer axis.
  bool loopsOverColumns() const { return !windowSizes.empty(); }
  Access result;
  llvm::SmallVector<Access> operands, epilogueOperands;
};

/// Tasks of a kernel with `splitsLanes` for each element of the outer axes.
mlir::AffineExpr laneTasks(const ReduceKernelSpec &spec, const Target &target,
                           mlir::AffineExpr laneSize);

void emitReduceKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                      const ReduceKernelSpec &spec, const Target &target);

} // namespace horn::codegen
