// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Look-ups, indices and running sums, on dense copies of their operands.
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/codegen/LookupKernel.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using horn::ir::Dims;

namespace horn::lowering {

/// A dense result for an op, copied to where it has to go if that is not dense.
static View denseResult(FunctionLowering &lowering, Value value) {
  View result = lowering.driver.allocate(lowering.shapes.dims(value), getElementTypeOrSelf(value.getType()));
  lowering.bind(value, result);
  return result;
}

static std::string typeText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

static LogicalResult lowerTake(FunctionLowering &lowering, ir::TakeOp op) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View table = lowering.contiguous(lowering.view(op.getTable())), indices = lowering.contiguous(lowering.view(op.getIndices()));
  View result = denseResult(lowering, op.getY());
  auto mode = llvm::StringSwitch<codegen::OutOfRange>(op.getMode())
                  .Case("clip", codegen::OutOfRange::Clip)
                  .Case("fill", codegen::OutOfRange::Fill)
                  .Default(codegen::OutOfRange::Wrap);
  unsigned axis = op.getAxis();
  AffineExpr outer = scope.product(ArrayRef(table.shape).take_front(axis)), count = scope.product(indices.shape);
  AffineExpr length = scope.product(ArrayRef(table.shape).drop_front(axis + 1));
  std::string name = driver.kernels.get(
      "take", typeText(table.element) + typeText(indices.element) + op.getMode().str(), [&](StringRef name) {
        codegen::emitTakeKernel(driver.kernels.module, name, driver.loc, table.element, indices.element, mode, driver.target);
      });
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(result), driver.pointer(table), driver.pointer(indices)};
  arguments.add({count, table.shape[axis], length});
  driver.launch(name, arguments, outer * count, length * 4 + 20);
  return success();
}

static LogicalResult lowerIota(FunctionLowering &lowering, ir::IotaOp op) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View result = denseResult(lowering, op.getY());
  std::string name = driver.kernels.get("iota", typeText(result.element), [&](StringRef name) {
    codegen::emitIotaKernel(driver.kernels.module, name, driver.loc, result.element);
  });
  unsigned axis = op.getAxis();
  AffineExpr inner = scope.product(ArrayRef(result.shape).drop_front(axis + 1));
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(result)};
  arguments.add({result.shape[axis], inner});
  driver.launch(name, arguments, scope.product(ArrayRef(result.shape).take_front(axis)), result.shape[axis] * inner * 4);
  return success();
}

/// Launches a kernel that walks along one axis of a dense tensor.
static void launchLines(FunctionLowering &lowering, StringRef kernel, const View &result, const View &x, unsigned axis) {
  Driver &driver = lowering.driver;
  AffineExpr outer = driver.scope.product(ArrayRef(x.shape).take_front(axis));
  AffineExpr inner = driver.scope.product(ArrayRef(x.shape).drop_front(axis + 1));
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(result), driver.pointer(x)};
  arguments.add({x.shape[axis], inner});
  driver.launch(kernel, arguments, outer * inner, x.shape[axis] * 8);
}

static LogicalResult lowerArg(FunctionLowering &lowering, Operation *op, bool largest) {
  Driver &driver = lowering.driver;
  View x = lowering.contiguous(lowering.view(op->getOperand(0)));
  std::string name = driver.kernels.get("arg", typeText(x.element) + (largest ? "max" : "min"), [&](StringRef name) {
    codegen::emitArgKernel(driver.kernels.module, name, driver.loc, x.element, largest);
  });
  launchLines(lowering, name, denseResult(lowering, op->getResult(0)), x, op->getAttrOfType<IntegerAttr>("axis").getInt());
  return success();
}

static LogicalResult lowerCumulative(FunctionLowering &lowering, Operation *op, StringRef combine) {
  Driver &driver = lowering.driver;
  View x = lowering.contiguous(lowering.view(op->getOperand(0)));
  codegen::CumulativeForm form{combine, op->getAttrOfType<BoolAttr>("reverse").getValue(), op->getAttrOfType<BoolAttr>("exclusive").getValue()};
  std::string key = typeText(x.element) + combine.str() + (form.reverse ? "r" : "") + (form.exclusive ? "e" : "");
  std::string name = driver.kernels.get("cumulative", key, [&](StringRef name) {
    codegen::emitCumulativeKernel(driver.kernels.module, name, driver.loc, x.element, form);
  });
  launchLines(lowering, name, denseResult(lowering, op->getResult(0)), x, op->getAttrOfType<IntegerAttr>("axis").getInt());
  return success();
}

LogicalResult lowerLookup(FunctionLowering &lowering, Operation *op) {
  if (auto take = dyn_cast<ir::TakeOp>(op))
    return lowerTake(lowering, take);
  if (auto iota = dyn_cast<ir::IotaOp>(op))
    return lowerIota(lowering, iota);
  if (isa<ir::ArgmaxOp, ir::ArgminOp>(op))
    return lowerArg(lowering, op, isa<ir::ArgmaxOp>(op));
  if (isa<ir::CumulativeSumOp, ir::CumulativeProdOp>(op))
    return lowerCumulative(lowering, op, isa<ir::CumulativeSumOp>(op) ? "add" : "multiply");
  return op->emitError() << op->getName() << " has no kernel yet";
}

} // namespace horn::lowering
