// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Variables and constants.
#include "compiler/lowering/FunctionLowering.h"

#include "dialects/horn/HornModuleOps.h"
#include "dialects/kernel/Kernel.h"

using namespace mlir;

namespace horn::lowering {

/// A constant whose elements are all equal is one element in memory with strides of 0.
static View constantView(FunctionLowering &lowering, ir::ConstantOp constant) {
  Driver &driver = lowering.driver;
  auto value = cast<DenseElementsAttr>(constant.getValue());
  auto type = cast<RankedTensorType>(value.getType());
  auto pointer = LLVM::LLVMPointerType::get(driver.b.getContext());
  DenseElementsAttr stored =
      value.isSplat() ? value.resizeSplat(RankedTensorType::get({1}, type.getElementType()))
                      : value;
  View view = lowering.denseView(
      kernel::ConstantOp::create(driver.b, driver.loc, pointer, cast<ElementsAttr>(stored)), type);
  if (value.isSplat())
    view.strides.assign(view.rank(), driver.scope.constant(0));
  return view;
}

LogicalResult lowerVariable(FunctionLowering &lowering, Operation *op) {
  if (auto constant = dyn_cast<ir::ConstantOp>(op)) {
    lowering.bind(constant.getResult(), constantView(lowering, constant));
    return success();
  }
  auto variable = op->getAttrOfType<FlatSymbolRefAttr>("variable");
  Value value = isa<ir::ReadOp>(op) ? op->getResult(0) : op->getOperand(0);
  View memory = lowering.variableView(variable, cast<RankedTensorType>(value.getType()));
  if (isa<ir::ReadOp>(op)) {
    lowering.bind(value, memory);
    return success();
  }
  // keep and assign; the producer may have written in place already.
  View from = lowering.view(value);
  if (from.base != memory.base || from.offset != memory.offset)
    lowering.copy(from, memory);
  return success();
}

} // namespace horn::lowering
