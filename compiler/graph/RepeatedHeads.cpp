// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/RepeatedHeads.h"

#include "compiler/graph/TensorTypes.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

namespace horn::graph {

/// The entries of a shape that keep the axes of a tensor.
static SmallVector<int64_t> shapeCodes(Value value) {
  SmallVector<int64_t> codes(typeOf(value).getShape());
  for (auto [axis, code] : llvm::enumerate(codes))
    if (ShapedType::isDynamic(code))
      code = kLikeAxis - static_cast<int64_t>(axis);
  return codes;
}

static Value reshape(OpBuilder &b, Value value, ArrayRef<int64_t> codes) {
  bool isStatic = typeOf(value).hasStaticShape();
  return ReshapeOp::create(b, value.getLoc(), value, isStatic ? Value() : value,
                           b.getDenseI64ArrayAttr(codes));
}

static Value transpose(OpBuilder &b, Value value, ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return value;
  return TransposeOp::create(b, value.getLoc(), value, b.getDenseI64ArrayAttr(permutation));
}

/// The permutation with two axes, which stay together, for one of its operand.
static SmallVector<int64_t> withSplitAxis(ArrayRef<int64_t> permutation, int64_t axis) {
  SmallVector<int64_t> result;
  for (int64_t from : permutation) {
    result.push_back(from > axis ? from + 1 : from);
    if (from == axis)
      result.push_back(axis + 1);
  }
  return result;
}

/// A tensor whose axes `axis` and `axis + 1` are made one.
static Value mergeAxes(OpBuilder &b, Value value, int64_t axis) {
  SmallVector<int64_t> codes = shapeCodes(value);
  codes[axis] *= codes[axis + 1];
  codes.erase(codes.begin() + axis + 1);
  return reshape(b, value, codes);
}

// ---- heads that are repeated --------------------------------------------------------------------

/// The only axis along which an op repeats its operand; -1 if there is not one alone.
static int64_t repeatedAxis(BroadcastToOp broadcast, const SymbolicShapes &shapes) {
  ArrayRef<AffineExpr> from = shapes.dims(broadcast.getX()), to = shapes.dims(broadcast);
  int64_t found = -1;
  if (from.size() != to.size())
    return -1;
  for (auto [axis, size] : llvm::enumerate(to)) {
    if (from[axis] == size)
      continue;
    if (found >= 0 || typeOf(broadcast.getX()).getDimSize(axis) != 1)
      return -1;
    found = static_cast<int64_t>(axis);
  }
  return found;
}

std::optional<RepeatedHeads> findRepeatedHeads(Value value, const SymbolicShapes &shapes) {
  auto transpose = value.getDefiningOp<TransposeOp>();
  auto merge = (transpose ? transpose.getX() : value).getDefiningOp<ReshapeOp>();
  auto broadcast = merge ? merge.getX().getDefiningOp<BroadcastToOp>() : nullptr;
  int64_t repeated = broadcast ? repeatedAxis(broadcast, shapes) : -1;
  if (repeated < 1)
    return std::nullopt;
  // The reshape joins the repeated axis to the one in front of it.
  ir::Dims joined(shapes.dims(broadcast));
  joined[repeated - 1] = joined[repeated - 1] * joined[repeated];
  joined.erase(joined.begin() + repeated);
  ArrayRef<int64_t> wide = broadcast.getType().getShape();
  int64_t heads = repeated - 1;
  if (shapes.dims(merge) != ArrayRef<AffineExpr>(joined) || ShapedType::isDynamic(wide[heads]) ||
      ShapedType::isDynamic(wide[repeated]))
    return std::nullopt;
  RepeatedHeads result{broadcast, {}, heads, wide[heads], wide[repeated]};
  if (transpose) {
    llvm::append_range(result.permutation, transpose.getPermutation());
    result.axis = llvm::find(result.permutation, heads) - result.permutation.begin();
  } else {
    llvm::append_range(result.permutation, llvm::seq<int64_t>(typeOf(value).getRank()));
  }
  return result;
}

Value RepeatedHeads::once(OpBuilder &b) const {
  BroadcastToOp source = broadcast;
  return transpose(b, source.getX(), withSplitAxis(permutation, permutation[axis]));
}

// ---- groups in all operands ---------------------------------------------------------------------

HeadSplit::HeadSplit(const RepeatedHeads &heads)
    : fromEnd(static_cast<int64_t>(heads.permutation.size()) - heads.axis), groups(heads.groups),
      repeats(heads.repeats) {}

Value HeadSplit::split(OpBuilder &b, Value value) const {
  RankedTensorType type = typeOf(value);
  int64_t rank = type.getRank(), axis = rank - fromEnd, queries = rank - 2;
  if (asQueries && queries >= 0 && type.getDimSize(queries) != 1)
    return nullptr;
  if (axis < 0 || (asQueries && type.getDimSize(axis) == 1))
    return value;
  bool isOne = type.getDimSize(axis) == 1;
  if (!isOne && type.getDimSize(axis) != groups * repeats)
    return nullptr;
  SmallVector<int64_t> codes = shapeCodes(value);
  codes[axis] = isOne ? 1 : groups;
  if (asQueries)
    codes[queries] = repeats;
  else
    codes.insert(codes.begin() + axis + 1, isOne ? 1 : repeats);
  return reshape(b, value, codes);
}

Value HeadSplit::once(OpBuilder &b, const RepeatedHeads &heads) const {
  Value value = heads.once(b);
  return asQueries ? mergeAxes(b, value, heads.axis) : value;
}

Value HeadSplit::join(OpBuilder &b, Value value, ArrayRef<int64_t> permutation) const {
  int64_t axis = static_cast<int64_t>(permutation.size()) - fromEnd;
  if (!asQueries) {
    // Permuted first, so that the producer can write where the result goes.
    Value moved = transpose(b, value, withSplitAxis(permutation, axis));
    return mergeAxes(b, moved, llvm::find(permutation, axis) - permutation.begin());
  }
  int64_t queries = static_cast<int64_t>(permutation.size()) - 2;
  SmallVector<int64_t> codes = shapeCodes(value), moved;
  codes[axis] = groups * repeats;
  codes[queries] = 1;
  // Where an axis of size 1 is does not matter.
  SmallVector<int64_t> others(permutation);
  llvm::erase(others, queries);
  if (!llvm::is_sorted(others))
    return transpose(b, reshape(b, value, codes), permutation);
  for (int64_t from : permutation)
    moved.push_back(codes[from]);
  return reshape(b, value, moved);
}

} // namespace horn::graph
