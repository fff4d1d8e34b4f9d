// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Kernels for depthwise convolution, where each channel has a window of its own, and for
// convolution in small groups.
#pragma once

#include "compiler/codegen/GroupLanes.h"
#include "compiler/codegen/RowKernel.h"

#include <memory>

namespace horn::codegen {

class KernelFunction;

/// What a depthwise kernel is made from: y[n, p, c] = epilogue(sum over w of x[n, p * stride -
/// padding + w * dilation, c] * k[w, c]), with x = 0 outside.
///
/// Lanes lie along the channels. A task computes `columns` neighbours on the last spatial axis, so
/// that each weight is loaded once for all of them and each input once for all windows it is in.
/// Sums run over the window in row-major order, whatever the block.
///
/// With groups, filters c are those of group c / filters, and each sums over the inputs of its
/// group too, which come last: y[n, p, c] = epilogue(sum over w, i of x[n, ..., c / filters *
/// inputs + i] * k[w, i, c]). The lanes of several groups lie side by side in a vector, so that the
/// inputs are spread over it by shuffles.
///
/// A launch passes: pointers (x, k, epilogue operands, y); the sizes of n, of the positions on each
/// spatial axis, and the channels of y; x's size on each spatial axis; the padding in front of
/// each; window size, stride and dilation of each axis but the last; then the strides: x on n and
/// spatial axes, k on window axes, inputs and channels (there for whole vectors), each epilogue
/// operand on n and positions; and for y, the channels of a share (a multiple of the lanes) and the
/// strides on n and positions. There is one task for each share of the channels, n, position on the
/// axes but the last, and block of columns.
struct DepthwiseSpec {
  mlir::Type element; ///< float or double
  unsigned spatialAxes = 2;
  unsigned columns = 7; ///< of a task
  int64_t window = 3;   ///< on the last axis, as the next two
  int64_t stride = 1;
  int64_t dilation = 1;
  /// Sums of the results on the last spatial axis are a second result, of the same element type:
  /// its pointer follows that of y, its strides on n and the other spatial axes those of y. A task
  /// then has a whole line.
  bool sumsLines = false;
  GroupShape group; ///< if its inputs are not 1 of 1 filter, groupsShareVectors() must hold
  mlir::Block *epilogue = nullptr;            ///< argument 0 is the sum
  llvm::SmallVector<Access> epilogueOperands; ///< `lane` is Broadcast or Contiguous
};

/// Columns of a task for that many output columns, or 0 if the window is too wide for the
/// registers.
unsigned depthwiseColumns(std::optional<int64_t> outputColumns, int64_t window, unsigned registers);

/// A depthwise convolution inside another kernel, which has its result a line (all columns and
/// channels at a position on the other axes) at a time. Arguments are as above, without those of y.
class DepthwiseLines {
public:
  static std::unique_ptr<DepthwiseLines> create(KernelFunction &kernel, const DepthwiseSpec &spec,
                                                unsigned lanes);
  virtual ~DepthwiseLines() = default;
  virtual void takePointers() = 0;
  virtual void takeSizes() = 0;
  /// Columns of a line.
  virtual mlir::Value columns() const = 0;
  /// Writes line number `line`, its columns `stride` elements apart.
  virtual void emitLine(mlir::Value line, mlir::Value target, mlir::Value stride) = 0;
};

void emitDepthwiseKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                         const DepthwiseSpec &spec, const Target &target);

} // namespace horn::codegen
