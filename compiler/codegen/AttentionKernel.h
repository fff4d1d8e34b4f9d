// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Attention as one kernel: scores of a block of queries stay in a cache.
#pragma once

#include "compiler/codegen/RowKernel.h"
#include "compiler/codegen/TileSizes.h"

namespace horn::codegen {

/// What is computed for each score, from operands [batch..., queries, keys].
struct ScoreBody {
  mlir::Block *block = nullptr;       ///< null is none
  llvm::SmallVector<Access> operands; ///< `lane` says how they move along the queries
};

/// What an attention kernel is made from: y[m, :] = sum over t of p[m, t] * v[t, :], where p is the
/// softmax over t of score(sum over h of q[m, h] * k[t, h]), times factor.
///
/// A task is a block of queries, as many as a tile of scores has lanes. The scores are computed
/// transposed, [keys, queries]: the queries are the panel, turned once, keys are read as they are,
/// and the softmax of all queries goes down the lanes without joining any. The keys are gone
/// through in blocks of kKeyBlock; between these a query keeps its largest score, the sum of its
/// weights and the weighted sum of values, rescaled when a larger score comes (online softmax). The
/// order of sums depends on nothing but the number of keys.
///
/// A launch passes: pointers (y, q, k, v, operands of score and of factor); M, T; the batch sizes;
/// the strides from row to row of y, q, k, v; for each operand the stride from key to key and,
/// where `lane` is Strided, from query to query; and the strides along the batch axes of y, q, k, v
/// and each operand.
struct AttentionSpec {
  mlir::Type element;   ///< float or double
  TileShape scoreTile;  ///< rows of keys, vectors of queries
  TileShape narrowTile; ///< the same, of one vector: for blocks of as few queries
  TileShape valueTile;  ///< rows of queries, vectors of values
  int64_t depth;        ///< of queries and keys
  int64_t valueDepth;
  unsigned batchAxes = 0;
  ScoreBody score;  ///< argument 0 is the product
  ScoreBody factor; ///< its arguments are its operands
};

/// Keys of a block: its scores take 64 KB where a tile has 64 lanes.
inline constexpr int64_t kKeyBlock = 256;
/// The largest depth of queries and values: what a task keeps of them is on the stack.
inline constexpr int64_t kMaxAttentionDepth = 256;

void emitAttentionKernel(mlir::ModuleOp module, llvm::StringRef name, mlir::Location location,
                         const AttentionSpec &spec, const Target &target);

} // namespace horn::codegen
