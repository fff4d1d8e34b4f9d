// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Building horn ops in sequence, for decompositions and rewrites.
#pragma once

#include "dialects/horn/Horn.h"

namespace horn::ir {

/// A builder at one location. Result types are inferred; operands must fit.
class GraphBuilder {
public:
  GraphBuilder(mlir::OpBuilder &builder, mlir::Location location)
      : builder(builder), location(location) {}

  template <typename OpT, typename... Args> mlir::Value make(Args &&...args) {
    return OpT::create(builder, location, std::forward<Args>(args)...)->getResult(0);
  }
  /// A constant of rank 0 with the element type of `like`.
  mlir::Value scalar(double value, mlir::Value like);
  /// A constant of this shape with the float element type of `like`; values in row-major order.
  mlir::Value constant(llvm::ArrayRef<double> values, llvm::ArrayRef<int64_t> shape,
                       mlir::Value like);
  template <size_t Rows, size_t Columns>
  mlir::Value matrix(const double (&values)[Rows][Columns], mlir::Value like) {
    return constant({&values[0][0], Rows * Columns}, {Rows, Columns}, like);
  }

  mlir::OpBuilder &builder;
  mlir::Location location;
};

} // namespace horn::ir
