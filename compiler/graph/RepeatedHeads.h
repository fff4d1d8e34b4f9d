// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Grouped-query attention: heads of keys and values that several heads of queries share. Seen as an
// axis of groups and one of the heads in a group, keys and values need no copies.
#pragma once

#include "compiler/analysis/SymbolicShapes.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/Builders.h"

namespace horn::graph {

/// A tensor whose heads are each repeated several times, perhaps transposed then:
/// `horn.broadcast_to` of an axis of size 1 behind the heads, and a `horn.reshape` that makes one
/// axis of both.
struct RepeatedHeads {
  ir::BroadcastToOp broadcast;
  llvm::SmallVector<int64_t> permutation; ///< of the tensor with one axis of heads
  int64_t axis;                           ///< the heads of the tensor, behind the permutation
  int64_t groups, repeats;

  /// The tensor before it is repeated, [..., groups, 1, ...].
  mlir::Value once(mlir::OpBuilder &b) const;
};

std::optional<RepeatedHeads> findRepeatedHeads(mlir::Value value, const SymbolicShapes &shapes);

/// How tensors with an axis of heads, that are broadcast to one another, get one of groups. The
/// axes count from the last one.
struct HeadSplit {
  int64_t fromEnd, groups, repeats;
  /// The heads of a group take the place of its only query; else they are an axis behind the
  /// groups.
  bool asQueries = false;

  explicit HeadSplit(const RepeatedHeads &heads);
  bool operator==(const HeadSplit &) const = default;

  /// The tensor with groups; null if its sizes do not allow that.
  mlir::Value split(mlir::OpBuilder &b, mlir::Value value) const;
  /// The same for keys or values, which have no heads in a group.
  mlir::Value once(mlir::OpBuilder &b, const RepeatedHeads &heads) const;
  /// The tensor with one axis of heads again, its axes permuted then.
  mlir::Value join(mlir::OpBuilder &b, mlir::Value value,
                   llvm::ArrayRef<int64_t> permutation) const;
};

} // namespace horn::graph
