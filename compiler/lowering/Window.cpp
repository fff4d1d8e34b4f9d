// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/Window.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

ir::Padding paddingOf(ir::ShapeScope &scope, const View &x, const Window &window, unsigned axis) {
  return windowPadding(scope, x.shape[axis + 1], window.sizes[axis], window.strides[axis],
                       window.dilations[axis], window.padding);
}

View windowView(ir::ShapeScope &scope, const View &x, const Window &window,
                ArrayRef<AffineExpr> positions) {
  View result = x;
  result.shape = {x.shape.front()};
  result.strides = {x.strides.front()};
  for (unsigned axis = 0; axis < window.axes(); ++axis) {
    result.offset = result.offset - paddingOf(scope, x, window, axis).low * x.strides[axis + 1];
    result.shape.push_back(positions[axis]);
    result.strides.push_back(x.strides[axis + 1] * window.strides[axis]);
  }
  for (unsigned axis = 0; axis < window.axes(); ++axis) {
    result.shape.push_back(scope.constant(window.sizes[axis]));
    result.strides.push_back(x.strides[axis + 1] * window.dilations[axis]);
  }
  result.shape.push_back(x.shape.back());
  result.strides.push_back(x.strides.back());
  return result;
}

View materializePadding(FunctionLowering &lowering, const View &x, const Window &window) {
  ir::ShapeScope &scope = lowering.driver.scope;
  SmallVector<ir::Padding> paddings;
  Dims shape = x.shape;
  bool isPadded = false;
  for (unsigned axis = 0; axis < window.axes(); ++axis) {
    paddings.push_back(paddingOf(scope, x, window, axis));
    shape[axis + 1] = shape[axis + 1] + paddings.back().low + paddings.back().high;
    isPadded |= constantValue(paddings.back().low) != 0 || constantValue(paddings.back().high) != 0;
  }
  if (!isPadded)
    return x;
  View whole = lowering.driver.allocate(shape, x.element), interior = whole;
  for (unsigned axis = 0; axis < window.axes(); ++axis) {
    const ir::Padding &padding = paddings[axis];
    auto fillSlab = [&](AffineExpr start, AffineExpr count) {
      if (constantValue(count) != 0)
        lowering.fill(narrowed(whole, axis + 1, start, count), 0);
    };
    fillSlab(scope.constant(0), padding.low);
    fillSlab(shape[axis + 1] - padding.high, padding.high);
    interior = narrowed(interior, axis + 1, padding.low, x.shape[axis + 1]);
  }
  lowering.copy(x, interior);
  return whole;
}

} // namespace horn::lowering
