// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Helpers that the shape rules of the ops share.
#pragma once

#include "dialects/horn/ShapeScope.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"

namespace horn::ir::detail {

/// NumPy's broadcasting of all operands. Two different unknown sizes are taken to be equal; a run
/// checks that they are.
llvm::LogicalResult broadcastRule(ShapeScope &scope, llvm::ArrayRef<Dims> operands,
                                  llvm::SmallVectorImpl<Dims> &results);
/// The broadcast shape of two.
llvm::FailureOr<Dims> broadcastDims(ShapeScope &scope, llvm::ArrayRef<mlir::AffineExpr> a,
                                    llvm::ArrayRef<mlir::AffineExpr> b);
llvm::LogicalResult reduceRule(ShapeScope &scope, const Dims &x, llvm::ArrayRef<int64_t> axes,
                               bool keepdims, llvm::SmallVectorImpl<Dims> &results);
llvm::LogicalResult poolRule(ShapeScope &scope, const Dims &x, llvm::ArrayRef<int64_t> window,
                             llvm::ArrayRef<int64_t> strides, llvm::StringRef padding,
                             llvm::SmallVectorImpl<Dims> &results);
/// Whether each axis is within [0, rank) and named once.
llvm::LogicalResult checkAxes(ShapeScope &scope, llvm::ArrayRef<int64_t> axes, size_t rank);

/// Whether all operands but the first have the shape of the first one's `axes`.
llvm::LogicalResult checkNormal(ShapeScope &scope, llvm::ArrayRef<int64_t> axes,
                                llvm::ArrayRef<Dims> operands);

inline mlir::Type elementOf(mlir::Value value) {
  return mlir::getElementTypeOrSelf(value.getType());
}
template <typename Adaptor> mlir::Type firstElement(Adaptor op) {
  return elementOf(*op.getOperands().begin());
}
template <typename Adaptor> mlir::Type boolElement(Adaptor op) {
  return mlir::IntegerType::get((*op.getOperands().begin()).getContext(), 1);
}
template <typename Adaptor> mlir::Type int32Element(Adaptor op) {
  return mlir::IntegerType::get((*op.getOperands().begin()).getContext(), 32);
}

/// Result types from a shape rule.
template <typename Rule, typename Adaptor>
llvm::LogicalResult inferTypesByRule(Rule rule, mlir::MLIRContext *context,
                                     std::optional<mlir::Location> location, Adaptor op,
                                     mlir::Type element, llvm::SmallVectorImpl<mlir::Type> &types) {
  ShapeScope scope(context);
  llvm::SmallVector<Dims> operands, results;
  for (mlir::Value operand : op.getOperands()) {
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(operand.getType());
    if (!type)
      return mlir::emitOptionalError(location, "operands must be ranked tensors");
    operands.push_back(scope.dimsOf(type));
  }
  if (failed(rule(op, scope, operands, results)))
    return mlir::emitOptionalError(location, scope.error);
  for (const Dims &dims : results)
    types.push_back(typeOf(dims, element));
  return llvm::success();
}

} // namespace horn::ir::detail
