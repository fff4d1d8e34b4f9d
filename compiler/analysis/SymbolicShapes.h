// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The dimensions of every value of a function as expressions of its inputs' unknown sizes.
#pragma once

#include "dialects/horn/ShapeScope.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseMap.h"

namespace horn {

/// The place where a run finds the value of a symbol: an axis of an input.
struct InputAxis {
  unsigned input, axis;
  bool operator==(const InputAxis &) const = default;
};

/// Symbolic dimensions of the values of one function, regions included.
///
/// Each unknown dimension of an input is a symbol; axis 0 of all inputs, the batch, shares one.
/// What the ops' shape rules derive follows from those. The results of a function that is rewritten
/// afterwards stay valid for the values that are left, but new values are not known.
///
/// ```cpp
/// FailureOr<SymbolicShapes> shapes = SymbolicShapes::compute(function);
/// AffineExpr batch = shapes->dims(value).front();
/// std::optional<InputAxis> where = shapes->origin(cast<AffineSymbolExpr>(batch).getPosition());
/// ```
class SymbolicShapes {
public:
  /// Errors: reported at the op whose rule refuses its operands' shapes.
  static mlir::FailureOr<SymbolicShapes> compute(mlir::func::FuncOp function);

  /// The dimensions of a value that the function had when this was computed.
  llvm::ArrayRef<mlir::AffineExpr> dims(mlir::Value value) const;
  /// Whether two values have equal dimensions in every run.
  bool sameShape(mlir::Value a, mlir::Value b) const { return dims(a) == dims(b); }
  /// The first input that gives symbol number `symbol` its value; none for a derived symbol.
  std::optional<InputAxis> origin(unsigned symbol) const;
  /// All symbols that come straight from an input, in order of their numbers.
  llvm::ArrayRef<std::pair<unsigned, InputAxis>> inputSymbols() const { return origins; }
  /// The symbols, with the meaning of the derived ones.
  ir::ShapeScope &scope() { return scope_; }
  const ir::ShapeScope &scope() const { return scope_; }

private:
  explicit SymbolicShapes(mlir::MLIRContext *context) : scope_(context) {}

  void computeInputs(mlir::func::FuncOp function);
  llvm::LogicalResult computeBlock(mlir::Block &block);
  llvm::LogicalResult computeOp(mlir::Operation *op);
  llvm::LogicalResult computeByRule(mlir::Operation *op);
  llvm::LogicalResult computeScan(mlir::Operation *op);
  llvm::LogicalResult computeFused(mlir::Operation *op);
  void set(mlir::Value value, ir::Dims dims);

  ir::ShapeScope scope_;
  llvm::DenseMap<mlir::Value, ir::Dims> known;
  llvm::SmallVector<std::pair<unsigned, InputAxis>> origins;
};

} // namespace horn
