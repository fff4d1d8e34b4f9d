// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/analysis/SymbolicShapes.h"

#include "dialects/horn/HornModuleOps.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

FailureOr<SymbolicShapes> SymbolicShapes::compute(func::FuncOp function) {
  SymbolicShapes shapes(function.getContext());
  if (function.isExternal())
    return shapes;
  shapes.computeInputs(function);
  if (failed(shapes.computeBlock(function.getBody().front())))
    return failure();
  return shapes;
}

ArrayRef<AffineExpr> SymbolicShapes::dims(Value value) const {
  auto found = known.find(value);
  assert(found != known.end() && "value is newer than the symbolic shapes");
  return found->second;
}

std::optional<InputAxis> SymbolicShapes::origin(unsigned symbol) const {
  for (const auto &[number, place] : origins)
    if (number == symbol)
      return place;
  return std::nullopt;
}

void SymbolicShapes::computeInputs(func::FuncOp function) {
  AffineExpr batch;
  for (BlockArgument input : function.getArguments()) {
    Dims dims;
    for (auto [axis, size] : llvm::enumerate(cast<RankedTensorType>(input.getType()).getShape())) {
      bool isUnknown = ShapedType::isDynamic(size), isBatch = axis == 0;
      if (isUnknown && isBatch && batch) {
        dims.push_back(batch);
        continue;
      }
      dims.push_back(isUnknown ? scope_.symbol() : scope_.constant(size));
      if (isUnknown)
        origins.push_back({scope_.numSymbols() - 1, {input.getArgNumber(), unsigned(axis)}});
      if (isUnknown && isBatch)
        batch = dims.back();
    }
    set(input, dims);
  }
}

/// Enters dimensions, with constants where the type of the value knows more.
void SymbolicShapes::set(Value value, Dims dims) {
  auto type = cast<RankedTensorType>(value.getType());
  assert(dims.size() == static_cast<size_t>(type.getRank()) &&
         "a shape rule gives the type's rank");
  for (auto [axis, size] : llvm::enumerate(type.getShape()))
    if (!ShapedType::isDynamic(size))
      dims[axis] = scope_.constant(size);
  known[value] = std::move(dims);
}

LogicalResult SymbolicShapes::computeBlock(Block &block) {
  for (Operation &op : block)
    if (failed(computeOp(&op)))
      return failure();
  return success();
}

LogicalResult SymbolicShapes::computeOp(Operation *op) {
  if (isa<ShapeRule>(op))
    return computeByRule(op);
  if (isa<ScanOp>(op))
    return computeScan(op);
  if (isa<FusedOp>(op))
    return computeFused(op);
  for (Value result : op->getResults()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type || !type.hasStaticShape())
      return op->emitOpError("has no shape rule, so its unknown dimensions cannot be followed");
    set(result, scope_.dimsOf(type));
  }
  return success();
}

LogicalResult SymbolicShapes::computeByRule(Operation *op) {
  SmallVector<Dims> operands, results;
  for (Value operand : op->getOperands())
    operands.emplace_back(dims(operand));
  if (failed(cast<ShapeRule>(op).resultShapes(scope_, operands, results)))
    return op->emitOpError(scope_.error);
  for (auto [result, dims] : llvm::zip_equal(op->getResults(), results))
    set(result, dims);
  return success();
}

// A carried value keeps its shape through all steps; a sequence loses its time axis (axis 1), which
// the stacked outputs have again.
LogicalResult SymbolicShapes::computeScan(Operation *op) {
  auto scan = cast<ScanOp>(op);
  Block &body = scan.getBody().front();
  size_t numCarried = scan.getCarried().size();
  AffineExpr steps = scope_.constant(0);
  for (auto [i, operand] : llvm::enumerate(scan->getOperands())) {
    Dims inside(dims(operand));
    if (i >= numCarried) {
      steps = inside[1];
      inside.erase(inside.begin() + 1);
    }
    set(body.getArgument(i), inside);
  }
  if (failed(computeBlock(body)))
    return failure();
  for (auto [i, result] : llvm::enumerate(scan.getResults())) {
    Dims outside(dims(i < numCarried ? scan.getCarried()[i] : body.getTerminator()->getOperand(i)));
    if (i >= numCarried)
      outside.insert(outside.begin() + 1, steps);
    set(result, outside);
  }
  return success();
}

LogicalResult SymbolicShapes::computeFused(Operation *op) {
  auto fused = cast<FusedOp>(op);
  Block &body = fused.getBody().front();
  for (auto [input, argument] : llvm::zip_equal(fused.getInputs(), body.getArguments()))
    set(argument, Dims(dims(input)));
  if (failed(computeBlock(body)))
    return failure();
  for (auto [result, value] :
       llvm::zip_equal(fused.getResults(), body.getTerminator()->getOperands()))
    set(result, Dims(dims(value)));
  return success();
}
