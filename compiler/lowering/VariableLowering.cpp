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

/// Whether an op reads all of its operands while it runs and gives no view of them.
static bool readsNow(Operation *op) { return isa<ir::FusedOp, ir::ScanOp>(op); }

/// The old value of a state that the function sets may be an output, or what another state is set
/// to: then it must not be read from memory that was written meanwhile. Assignments stand at the
/// end, after all that reads now.
static bool needsCopy(FunctionLowering &lowering, ir::ReadOp read) {
  return lowering.isAssigned(read.getVariableAttr()) &&
         !llvm::all_of(read.getResult().getUsers(), readsNow);
}

LogicalResult lowerVariable(FunctionLowering &lowering, Operation *op) {
  if (auto constant = dyn_cast<ir::ConstantOp>(op)) {
    lowering.bind(constant.getResult(), constantView(lowering, constant));
    return success();
  }
  auto variable = op->getAttrOfType<FlatSymbolRefAttr>("variable");
  Value value = isa<ir::ReadOp>(op) ? op->getResult(0) : op->getOperand(0);
  View memory = lowering.variableView(variable, cast<RankedTensorType>(value.getType()));
  if (auto read = dyn_cast<ir::ReadOp>(op)) {
    if (!needsCopy(lowering, read)) {
      lowering.bind(value, memory);
      return success();
    }
    View kept = lowering.resultView(value);
    lowering.copy(memory, kept);
    lowering.bind(value, kept);
    return success();
  }
  // keep and assign; the producer may have written in place already.
  View from = lowering.view(value);
  if (from.base != memory.base || from.offset != memory.offset)
    lowering.copy(from, memory);
  return success();
}

} // namespace horn::lowering
