// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Blocks outside any function, as bodies that kernels are made from.
#pragma once

#include "mlir/IR/Builders.h"

namespace horn::support {

/// A block that is destroyed with its owner.
class OwnedBlock {
public:
  OwnedBlock() : block_(new mlir::Block) {}
  OwnedBlock(OwnedBlock &&other) : block_(other.block_) { other.block_ = nullptr; }
  OwnedBlock &operator=(OwnedBlock &&other) {
    std::swap(block_, other.block_);
    return *this;
  }
  OwnedBlock(const OwnedBlock &) = delete;
  ~OwnedBlock() {
    if (!block_)
      return;
    block_->dropAllDefinedValueUses();
    block_->dropAllReferences();
    delete block_;
  }

  /// A builder at the end of the block, which being outside any region knows no context itself.
  mlir::OpBuilder builder(mlir::MLIRContext *context) const {
    mlir::OpBuilder b(context);
    b.setInsertionPointToEnd(block_);
    return b;
  }
  mlir::Block *get() const { return block_; }
  mlir::Block *operator->() const { return block_; }

private:
  mlir::Block *block_;
};

} // namespace horn::support
