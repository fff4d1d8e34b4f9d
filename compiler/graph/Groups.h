// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Decides which ops of a block become one kernel. It changes nothing; horn-form-groups does.
#pragma once

#include "compiler/analysis/SymbolicShapes.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SetVector.h"

namespace horn {

/// Ops of one kernel. Only the last of `ops`, the root, has users outside.
struct Group {
  llvm::SmallVector<mlir::Operation *> ops; ///< in program order
  mlir::Operation *anchor = nullptr;        ///< the contraction, window or reduction; may be null
  /// Sums over the last spatial axis of the root: a second result.
  mlir::Operation *lineSums = nullptr;

  mlir::Operation *root() const { return ops.back(); }
};

/// The limits of a kernel: beyond them registers and argument lists overflow.
inline constexpr size_t kMaxGroupOps = 24, kMaxGroupInputs = 12;

/// Whether a value is a constant of one element, which every kernel holds for itself.
bool isOneElementConstant(mlir::Value value);

/// Splits the ops of one block into groups. Strong claims come first: contractions and windows take
/// the element-wise ops behind them, then rows (softmax, layer normalisation), which products with
/// whole rows take, then reductions, then products of points take what is left in front of them and
/// depthwise convolutions, then what is left.
class GroupFormation {
public:
  GroupFormation(mlir::Block &block, const SymbolicShapes &shapes);
  /// All groups, in the order of their roots.
  llvm::SmallVector<Group> run();

private:
  using Members = llvm::SmallSetVector<mlir::Operation *, 8>;
  using Filter = llvm::function_ref<bool(mlir::Operation *)>;

  void formAnchored(llvm::function_ref<bool(mlir::Operation *)> isAnchor);
  void formRows();
  void takeRows();
  void takeLineSums();
  void takePrologues();
  void takeDepthwise();
  void formElementwise();

  bool extendBehind(Members &members, mlir::Operation *anchor);
  void absorbProducers(Members &members, mlir::Operation *user, Filter fits);
  void growRow(Members &members, mlir::Operation *root);

  bool isFree(mlir::Operation *op) const;
  bool hasShape(mlir::Operation *op, llvm::ArrayRef<mlir::AffineExpr> dims) const;
  void commit(Members members, mlir::Operation *anchor);
  mlir::Operation *nextUser(const Members &members) const;

  mlir::Block &block;
  const SymbolicShapes &shapes;
  llvm::SmallVector<mlir::Operation *> backwards; ///< the ops of the block, last first
  llvm::DenseSet<mlir::Operation *> taken;
  llvm::SmallVector<Group> groups;
};

} // namespace horn
