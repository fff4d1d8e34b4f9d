// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Symbolic dimensions. A known size is a constant, an unknown one a symbol, and what follows from
// them an affine expression, so that one shape rule serves types, memory plans and loop bounds.
#pragma once

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"

#include <string>

namespace horn::ir {

/// The dimensions of one tensor.
using Dims = llvm::SmallVector<mlir::AffineExpr, 4>;

/// A symbol that stands for the larger or smaller of two expressions, which affine ones cannot say.
struct DerivedSymbol {
  enum class Kind { Max, Min } kind;
  mlir::AffineExpr a, b;
};

/// Hands out symbols, and computes with dimensions. A scope covers one function.
class ShapeScope {
public:
  explicit ShapeScope(mlir::MLIRContext *context) : context_(context) {}

  mlir::MLIRContext *context() const { return context_; }
  mlir::AffineExpr constant(int64_t value) const {
    return mlir::getAffineConstantExpr(value, context_);
  }
  /// A new unknown size.
  mlir::AffineExpr symbol();
  unsigned numSymbols() const { return numSymbols_; }
  /// The meaning of a symbol that max() or min() made; null for a free one.
  const DerivedSymbol *derived(unsigned symbol) const;

  mlir::AffineExpr max(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr min(mlir::AffineExpr a, mlir::AffineExpr b);
  mlir::AffineExpr product(llvm::ArrayRef<mlir::AffineExpr> dims) const;
  /// a / b where b divides a: common factors cancel, so that the result stays simple.
  mlir::AffineExpr exactQuotient(mlir::AffineExpr a, mlir::AffineExpr b) const;
  /// The dimensions of a type, with a new symbol for each unknown one.
  Dims dimsOf(mlir::RankedTensorType type);

  /// Why the last rule refused; empty if none did.
  std::string error;
  /// Records an error and returns failure.
  llvm::LogicalResult refuse(const llvm::Twine &message);

private:
  mlir::AffineExpr derive(DerivedSymbol::Kind kind, mlir::AffineExpr a, mlir::AffineExpr b);

  mlir::MLIRContext *context_;
  unsigned numSymbols_ = 0;
  llvm::SmallVector<std::pair<unsigned, DerivedSymbol>> derived_;
};

/// The value of a constant expression, or nothing.
std::optional<int64_t> constantValue(mlir::AffineExpr expr);
/// A tensor type: unknown where a dimension is not constant.
mlir::RankedTensorType typeOf(llvm::ArrayRef<mlir::AffineExpr> dims, mlir::Type element);

/// Elements of padding on both sides of an axis.
struct Padding {
  mlir::AffineExpr low, high;
};
/// Padding of a window of `window` elements, `dilation` apart, that moves by `stride` over `size`
/// elements, as Keras's "same" and "valid" have it.
Padding windowPadding(ShapeScope &scope, mlir::AffineExpr size, int64_t window, int64_t stride,
                      int64_t dilation, llvm::StringRef padding);
/// The number of positions of that window.
mlir::AffineExpr windowCount(ShapeScope &scope, mlir::AffineExpr size, int64_t window,
                             int64_t stride, int64_t dilation, llvm::StringRef padding);

/// The start and the number of elements of Python's slice start:limit:step over `size` elements.
struct SliceRange {
  mlir::AffineExpr start, count;
};
SliceRange sliceRange(ShapeScope &scope, mlir::AffineExpr size, int64_t start, int64_t limit,
                      int64_t step);

} // namespace horn::ir
