// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Sliding windows as views.
#pragma once

#include "compiler/lowering/FunctionLowering.h"

namespace horn::lowering {

/// A window over the spatial axes of x [N, spatial..., C].
struct Window {
  llvm::SmallVector<int64_t> sizes, strides, dilations;
  llvm::StringRef padding;

  size_t axes() const { return sizes.size(); }
};

/// The padding on a spatial axis of x.
ir::Padding paddingOf(ir::ShapeScope &scope, const View &x, const Window &window, unsigned axis);

/// x with each window's elements as axes of their own: [N, positions..., window..., C]. It starts
/// in the padding, whose elements must not be touched.
View windowView(ir::ShapeScope &scope, const View &x, const Window &window,
                llvm::ArrayRef<mlir::AffineExpr> positions);

/// x with the padding as elements of value 0, copied; x itself where there is none.
View materializePadding(FunctionLowering &lowering, const View &x, const Window &window);

} // namespace horn::lowering
