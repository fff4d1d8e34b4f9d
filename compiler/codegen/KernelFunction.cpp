// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/KernelFunction.h"

#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;

namespace horn::codegen {

KernelFunction::KernelFunction(ModuleOp module, StringRef name, Location location)
    : b(module.getContext()), loc(location) {
  b.setInsertionPointToEnd(module.getBody());
  function_ = func::FuncOp::create(b, loc, name, b.getFunctionType({}, {}));
  function_.setPrivate();
  function_->setAttr(kernel::kKernelAttr, b.getUnitAttr());
  b.setInsertionPointToStart(function_.addEntryBlock());
}

Value KernelFunction::argument(Type type) {
  return function_.getBody().front().addArgument(type, loc);
}
Value KernelFunction::pointer() { return argument(LLVM::LLVMPointerType::get(b.getContext())); }
Value KernelFunction::size() { return argument(b.getI64Type()); }

SmallVector<Value> KernelFunction::sizes(unsigned count) {
  SmallVector<Value> values;
  for (unsigned i = 0; i < count; ++i)
    values.push_back(size());
  return values;
}

Value KernelFunction::scratch(Type element, int64_t count) {
  return scratch(element,
                 LLVM::ConstantOp::create(b, loc, b.getI64Type(), b.getI64IntegerAttr(count)));
}

Value KernelFunction::scratch(Type element, Value count) {
  auto type = LLVM::LLVMPointerType::get(b.getContext());
  return LLVM::AllocaOp::create(b, loc, type, element, count, /*alignment=*/64);
}

void KernelFunction::forEachTask(llvm::function_ref<void(Value)> body) {
  Value begin = size(), end = size();
  emitLoop(b, loc, begin, end, indexConstant(b, loc, 1), body);
  func::ReturnOp::create(b, loc);
  auto inputs = function_.getBody().front().getArgumentTypes();
  function_.setFunctionType(b.getFunctionType(inputs, {}));
}

SmallVector<Value> emitLoop(OpBuilder &b, Location loc, Value begin, Value end, Value step,
                            ArrayRef<Value> initial,
                            llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(b, loc, begin, end, step, initial,
                                 [&](OpBuilder &, Location, Value i, ValueRange carried) {
                                   OpBuilder::InsertionGuard guard(b);
                                   b.setInsertionPointToEnd(i.getParentBlock());
                                   SmallVector<Value> next = body(i, carried);
                                   scf::YieldOp::create(b, loc, next);
                                 });
  return SmallVector<Value>(loop.getResults());
}

void emitLoop(OpBuilder &b, Location loc, Value begin, Value end, Value step,
              llvm::function_ref<void(Value)> body) {
  emitLoop(b, loc, begin, end, step, {}, [&](Value i, ValueRange) -> SmallVector<Value> {
    body(i);
    return {};
  });
}

SmallVector<Value>
emitVectors(const Lanes &lanes, Value begin, Value end, ArrayRef<Value> initial,
            llvm::function_ref<SmallVector<Value>(Value, Value, ValueRange)> body) {
  OpBuilder &b = lanes.b;
  Location loc = lanes.loc;
  Value step = indexConstant(b, loc, lanes.count);
  auto whole = [&](Value i, ValueRange carried) { return body(i, Value(), carried); };
  if (lanes.count == 1)
    return emitLoop(b, loc, begin, end, step, initial, whole);
  Value length = arith::SubIOp::create(b, loc, end, begin);
  Value rest = arith::RemUIOp::create(b, loc, length, step);
  Value fullEnd = arith::SubIOp::create(b, loc, end, rest);
  SmallVector<Value> carried = emitLoop(b, loc, begin, fullEnd, step, initial, whole);
  // What is left is less than a vector: a loop of no or one round.
  return emitLoop(b, loc, fullEnd, end, step, carried, [&](Value i, ValueRange values) {
    return body(i, lanes.maskBelow(i, end), values);
  });
}

void emitVectors(const Lanes &lanes, Value begin, Value end,
                 llvm::function_ref<void(Value, Value)> body) {
  emitVectors(lanes, begin, end, {}, [&](Value i, Value mask, ValueRange) -> SmallVector<Value> {
    body(i, mask);
    return {};
  });
}

void emitIf(OpBuilder &b, Location loc, Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

SmallVector<Value> splitIndex(OpBuilder &b, Location loc, Value linear, ArrayRef<Value> sizes) {
  SmallVector<Value> indices(sizes.size());
  for (size_t i = sizes.size(); i-- > 1;) {
    indices[i] = arith::RemUIOp::create(b, loc, linear, sizes[i]);
    linear = arith::DivUIOp::create(b, loc, linear, sizes[i]);
  }
  if (!sizes.empty())
    indices[0] = linear;
  return indices;
}

Value elementAt(OpBuilder &b, Location loc, Type element, Value base, ArrayRef<Value> indices,
                ArrayRef<Value> strides) {
  if (indices.empty())
    return base;
  Value offset = mulIndex(b, loc, indices[0], strides[0]);
  for (size_t i = 1; i < indices.size(); ++i)
    offset = addIndex(b, loc, offset, mulIndex(b, loc, indices[i], strides[i]));
  return kernel::ElementOp::create(b, loc, base.getType(), base, offset, TypeAttr::get(element));
}

} // namespace horn::codegen
