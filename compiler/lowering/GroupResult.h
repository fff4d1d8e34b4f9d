// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Where the kernel of a group's anchor writes, and what the group computes from that.
#pragma once

#include "compiler/lowering/FunctionLowering.h"
#include "compiler/lowering/GroupBody.h"

namespace horn::lowering {

/// The part of a group behind its anchor: inside the anchor's kernel, or where that cannot hold
/// it, in a row kernel behind it. Binds the group's result.
class GroupResult {
public:
  /// Whether a kernel can write to a view; it has the anchor's element type otherwise.
  using CanWrite = llvm::function_ref<bool(const View &)>;

  /// The anchor's kernel writes vectors of its own element type.
  GroupResult(FunctionLowering &lowering, mlir::Operation *fused, mlir::Operation *anchor);
  GroupResult(FunctionLowering &lowering, mlir::Operation *fused, mlir::Operation *anchor,
              CanWrite canWrite);

  /// Whether the anchor's kernel has all that is behind the anchor.
  bool isInKernel() const { return isInKernel_; }
  /// What the anchor's kernel writes.
  const View &target() const { return target_; }
  /// What is in the kernel: the body or null, its signature, and what it reads.
  mlir::Block *epilogue() const { return isInKernel_ ? body_.blockOrNull() : nullptr; }
  std::string signature() const { return epilogue() ? blockSignature(*epilogue()) : ""; }
  llvm::ArrayRef<View> operands() const {
    return isInKernel_ ? llvm::ArrayRef(operands_) : llvm::ArrayRef<View>();
  }
  /// The group's result.
  const View &result() const { return result_; }
  /// Launches what is not in the kernel, which must have been launched.
  void finish();

private:
  FunctionLowering &lowering_;
  GroupBody body_;
  View result_, target_;
  llvm::SmallVector<View> operands_;
  bool isInKernel_;
};

} // namespace horn::lowering
