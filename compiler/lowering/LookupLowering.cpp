// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Look-ups, indices and running sums, on dense copies of their operands.
#include "compiler/lowering/FunctionLowering.h"

#include "compiler/codegen/LookupKernel.h"
#include "compiler/codegen/SortKernel.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using horn::ir::Dims;

namespace horn::lowering {

/// A dense result for an op, copied to where it has to go if that is not dense.
static View denseResult(FunctionLowering &lowering, Value value) {
  View result =
      lowering.driver.allocate(lowering.shapes.dims(value), getElementTypeOrSelf(value.getType()));
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
  View table = lowering.contiguous(lowering.view(op.getTable())),
       indices = lowering.contiguous(lowering.view(op.getIndices()));
  View result = denseResult(lowering, op.getY());
  auto mode = llvm::StringSwitch<codegen::OutOfRange>(op.getMode())
                  .Case("clip", codegen::OutOfRange::Clip)
                  .Case("fill", codegen::OutOfRange::Fill)
                  .Default(codegen::OutOfRange::Wrap);
  unsigned axis = op.getAxis();
  AffineExpr outer = scope.product(ArrayRef(table.shape).take_front(axis)),
             count = scope.product(indices.shape);
  AffineExpr length = scope.product(ArrayRef(table.shape).drop_front(axis + 1));
  std::string name = driver.kernels.get(
      "take", typeText(table.element) + typeText(indices.element) + op.getMode().str(),
      [&](StringRef name) {
        codegen::emitTakeKernel(driver.kernels.module, name, driver.loc, table.element,
                                indices.element, mode, driver.target);
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
  driver.launch(name, arguments, scope.product(ArrayRef(result.shape).take_front(axis)),
                result.shape[axis] * inner * 4);
  return success();
}

/// Launches a kernel that walks along one axis of a dense tensor.
static void launchLines(FunctionLowering &lowering, StringRef kernel, const View &result,
                        const View &x, unsigned axis) {
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
  std::string name = driver.kernels.get(
      "arg", typeText(x.element) + (largest ? "max" : "min"), [&](StringRef name) {
        codegen::emitArgKernel(driver.kernels.module, name, driver.loc, x.element, largest);
      });
  launchLines(lowering, name, denseResult(lowering, op->getResult(0)), x,
              op->getAttrOfType<IntegerAttr>("axis").getInt());
  return success();
}

static LogicalResult lowerCumulative(FunctionLowering &lowering, Operation *op, StringRef combine) {
  Driver &driver = lowering.driver;
  View x = lowering.contiguous(lowering.view(op->getOperand(0)));
  codegen::CumulativeForm form{combine, op->getAttrOfType<BoolAttr>("reverse").getValue(),
                               op->getAttrOfType<BoolAttr>("exclusive").getValue()};
  std::string key =
      typeText(x.element) + combine.str() + (form.reverse ? "r" : "") + (form.exclusive ? "e" : "");
  std::string name = driver.kernels.get("cumulative", key, [&](StringRef name) {
    codegen::emitCumulativeKernel(driver.kernels.module, name, driver.loc, x.element, form);
  });
  launchLines(lowering, name, denseResult(lowering, op->getResult(0)), x,
              op->getAttrOfType<IntegerAttr>("axis").getInt());
  return success();
}

/// The product of the axes before, or after, an axis.
static AffineExpr sizeBefore(Driver &driver, const View &x, unsigned axis) {
  return driver.scope.product(ArrayRef(x.shape).take_front(axis));
}
static AffineExpr sizeAfter(Driver &driver, const View &x, unsigned axis) {
  return driver.scope.product(ArrayRef(x.shape).drop_front(axis + 1));
}

static LogicalResult lowerSort(FunctionLowering &lowering, Operation *op, bool indices) {
  Driver &driver = lowering.driver;
  View x = lowering.contiguous(lowering.view(op->getOperand(0)));
  bool descending = op->getAttrOfType<BoolAttr>("descending").getValue();
  unsigned axis = op->getAttrOfType<IntegerAttr>("axis").getInt();
  std::string key = typeText(x.element) + (descending ? "d" : "") + (indices ? "i" : "");
  std::string name = driver.kernels.get("sort", key, [&](StringRef name) {
    codegen::emitSortKernel(driver.kernels.module, name, driver.loc, x.element, descending,
                            indices);
  });
  Dims scratchShape(x.shape.begin(), x.shape.end());
  scratchShape.push_back(driver.scope.constant(2));
  View scratch = driver.allocate(scratchShape, IntegerType::get(op->getContext(), 32));
  View result = denseResult(lowering, op->getResult(0));
  AffineExpr inner = sizeAfter(driver, x, axis);
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(result), driver.pointer(x), driver.pointer(scratch)};
  arguments.add({x.shape[axis], inner});
  driver.launch(name, arguments, sizeBefore(driver, x, axis) * inner, x.shape[axis] * 100);
  return success();
}

static LogicalResult lowerTakeAlong(FunctionLowering &lowering, ir::TakeAlongAxisOp op) {
  Driver &driver = lowering.driver;
  unsigned axis = op.getAxis();
  View result = denseResult(lowering, op.getY());
  View x = lowering.view(op.getX()), indices = lowering.view(op.getIndices());
  Dims shape(result.shape.begin(), result.shape.end());
  indices = lowering.contiguous(broadcast(driver.scope, indices, shape));
  shape[axis] = x.shape[axis];
  x = lowering.contiguous(broadcast(driver.scope, x, shape));
  std::string name = driver.kernels.get(
      "take_along", typeText(x.element) + typeText(indices.element), [&](StringRef name) {
        codegen::emitTakeAlongKernel(driver.kernels.module, name, driver.loc, x.element,
                                     indices.element);
      });
  AffineExpr inner = sizeAfter(driver, result, axis);
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(result), driver.pointer(x), driver.pointer(indices)};
  arguments.add({result.shape[axis], x.shape[axis], inner});
  driver.launch(name, arguments, sizeBefore(driver, result, axis) * inner, result.shape[axis] * 8);
  return success();
}

/// Rows are done in parts of so many elements, one a task: indices may name a row twice, and the
/// order counts.
static constexpr int64_t scatterPart = 256;

static LogicalResult lowerScatter(FunctionLowering &lowering, ir::ScatterOp op) {
  Driver &driver = lowering.driver;
  View indices = lowering.contiguous(lowering.view(op.getIndices())),
       updates = lowering.contiguous(lowering.view(op.getUpdates()));
  View result = denseResult(lowering, op.getY());
  lowering.copy(lowering.view(op.getX()), result);
  std::string name = driver.kernels.get(
      "scatter", typeText(result.element) + typeText(indices.element) + op.getCombine().str(),
      [&](StringRef name) {
        codegen::emitScatterKernel(driver.kernels.module, name, driver.loc, result.element,
                                   indices.element, op.getCombine());
      });
  AffineExpr length = sizeAfter(driver, result, 0);
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(result), driver.pointer(indices), driver.pointer(updates)};
  arguments.add({indices.shape[0], result.shape[0], length, driver.scope.constant(scatterPart)});
  driver.launch(name, arguments, length.ceilDiv(scatterPart), indices.shape[0] * scatterPart * 4);
  return success();
}

LogicalResult lowerLookup(FunctionLowering &lowering, Operation *op) {
  if (auto take = dyn_cast<ir::TakeOp>(op))
    return lowerTake(lowering, take);
  if (auto scatter = dyn_cast<ir::ScatterOp>(op))
    return lowerScatter(lowering, scatter);
  if (auto iota = dyn_cast<ir::IotaOp>(op))
    return lowerIota(lowering, iota);
  if (isa<ir::ArgmaxOp, ir::ArgminOp>(op))
    return lowerArg(lowering, op, isa<ir::ArgmaxOp>(op));
  if (isa<ir::CumulativeSumOp, ir::CumulativeProdOp>(op))
    return lowerCumulative(lowering, op, isa<ir::CumulativeSumOp>(op) ? "add" : "multiply");
  if (isa<ir::SortOp, ir::ArgsortOp>(op))
    return lowerSort(lowering, op, isa<ir::ArgsortOp>(op));
  return lowerTakeAlong(lowering, cast<ir::TakeAlongAxisOp>(op));
}

} // namespace horn::lowering
