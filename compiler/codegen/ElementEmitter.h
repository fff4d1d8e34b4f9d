// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Element-wise horn ops as code on lanes.
#pragma once

#include "compiler/codegen/Lanes.h"

#include "llvm/ADT/DenseMap.h"

namespace horn::codegen {

/// Whether an op is one that emitElement knows.
bool isElementwise(mlir::Operation *op);
/// Whether an op takes more than a few instructions (exp, tanh, a library call).
bool isHeavy(mlir::Operation *op);

/// The value of an element-wise op from its operands' lanes.
mlir::Value emitElement(const Lanes &lanes, mlir::Operation *op,
                        llvm::ArrayRef<mlir::Value> operands);

/// The same for an op that is not there: "add", "maximum", ... on operands of type `element`.
mlir::Value emitNamed(const Lanes &lanes, llvm::StringRef name,
                      llvm::ArrayRef<mlir::Value> operands, mlir::Type element);

/// Code for the values of a block, each emitted once.
class ElementEmitter {
public:
  explicit ElementEmitter(const Lanes &lanes) : lanes_(lanes) {}
  /// Says what a block argument or an inner value is.
  void set(mlir::Value value, mlir::Value code) { known_[value] = code; }
  bool has(mlir::Value value) const { return known_.contains(value); }
  /// The code for a value of the block, emitting what it needs.
  mlir::Value get(mlir::Value value);

private:
  const Lanes &lanes_;
  llvm::DenseMap<mlir::Value, mlir::Value> known_;
};

} // namespace horn::codegen
