// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/lowering/FunctionLowering.h"
#include "compiler/lowering/Passes.h"

#include "dialects/horn/Horn.h"
#include "dialects/horn/HornShapeOps.h"
#include "dialects/kernel/Kernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace horn::lowering {
#define GEN_PASS_DEF_HORNLOWERTOKERNELS
#include "compiler/lowering/Passes.h.inc"
} // namespace horn::lowering

using namespace mlir;
namespace codegen = horn::codegen;
namespace ir = horn::ir;
namespace kernel = horn::kernel;
namespace lowering = horn::lowering;
using horn::SymbolicShapes;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace {
class LowerToKernels : public horn::lowering::impl::HornLowerToKernelsBase<LowerToKernels> {
public:
  using Base::Base;
  void runOnOperation() override;

private:
  LogicalResult lowerFunction(func::FuncOp function, lowering::KernelLibrary &kernels,
                              const codegen::Target &target);
};
} // namespace

/// What a run must know of a tensor: name, type, shape.
static NamedAttrList tensorAttributes(OpBuilder &b, StringAttr name, RankedTensorType type) {
  SmallVector<int64_t> shape;
  for (int64_t size : type.getShape())
    shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
  NamedAttrList attributes;
  attributes.set("name", name);
  attributes.set("type", TypeAttr::get(type.getElementType()));
  attributes.set("shape", b.getDenseI64ArrayAttr(shape));
  return attributes;
}

static StringAttr nameOr(Attribute name, OpBuilder &b, StringRef prefix, unsigned index) {
  if (auto text = dyn_cast_or_null<StringAttr>(name))
    return text;
  return b.getStringAttr(prefix + std::to_string(index));
}

/// The symbols of max and min, in order; fails if a symbol has no meaning.
static FailureOr<ArrayAttr> derivedSymbols(OpBuilder &b, const ir::ShapeScope &scope,
                                           unsigned first) {
  SmallVector<Attribute> derived;
  for (unsigned symbol = first; symbol < scope.numSymbols(); ++symbol) {
    const ir::DerivedSymbol *meaning = scope.derived(symbol);
    if (!meaning)
      return failure();
    auto map = [&](AffineExpr expr) { return AffineMapAttr::get(AffineMap::get(0, symbol, expr)); };
    NamedAttrList entry;
    entry.set("kind",
              b.getStringAttr(meaning->kind == ir::DerivedSymbol::Kind::Max ? "max" : "min"));
    entry.set("a", map(meaning->a));
    entry.set("b", map(meaning->b));
    derived.push_back(entry.getDictionary(b.getContext()));
  }
  return b.getArrayAttr(derived);
}

/// Keeps the signature of @forward in attributes of the module.
static LogicalResult describeSignature(func::FuncOp function, const SymbolicShapes &shapes,
                                       const ir::ShapeScope &scope) {
  OpBuilder b(function.getContext());
  auto module = function->getParentOfType<ModuleOp>();
  SmallVector<Attribute> inputs, outputs;
  for (BlockArgument argument : function.getArguments()) {
    auto type = cast<RankedTensorType>(argument.getType());
    unsigned i = argument.getArgNumber();
    NamedAttrList entry =
        tensorAttributes(b, nameOr(function.getArgAttr(i, "horn.name"), b, "input_", i), type);
    SmallVector<int64_t> symbols;
    for (AffineExpr dim : shapes.dims(argument)) {
      auto symbol = dyn_cast<AffineSymbolExpr>(dim);
      symbols.push_back(symbol ? static_cast<int64_t>(symbol.getPosition()) : -1);
    }
    entry.set("symbols", b.getDenseI64ArrayAttr(symbols));
    inputs.push_back(entry.getDictionary(b.getContext()));
  }
  auto result = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  for (auto [i, value] : llvm::enumerate(result.getOperands())) {
    auto type = cast<RankedTensorType>(value.getType());
    NamedAttrList entry =
        tensorAttributes(b, nameOr(function.getResultAttr(i, "horn.name"), b, "output_", i), type);
    entry.set("dims", AffineMapAttr::get(AffineMap::get(0, scope.numSymbols(), shapes.dims(value),
                                                        b.getContext())));
    outputs.push_back(entry.getDictionary(b.getContext()));
  }
  FailureOr<ArrayAttr> derived = derivedSymbols(b, scope, shapes.inputSymbols().size());
  if (failed(derived))
    return function.emitError("a size depends on something other than the inputs' shapes");
  module->setAttr("horn.inputs", b.getArrayAttr(inputs));
  module->setAttr("horn.outputs", b.getArrayAttr(outputs));
  module->setAttr("horn.num_symbols", b.getI64IntegerAttr(shapes.inputSymbols().size()));
  module->setAttr("horn.derived", *derived);
  if (Attribute apart = function->getAttr(ir::kRowsApartAttr))
    module->setAttr(ir::kRowsApartAttr, apart);
  return success();
}

static lowering::View memoryView(lowering::Driver &driver, Value pointer,
                                 ArrayRef<AffineExpr> shape, Type element) {
  return {pointer, driver.scope.constant(0), Dims(shape),
          lowering::rowMajorStrides(driver.scope, shape), element};
}

/// Lets the producer of an output write to its memory, also where reshapes alone come between.
static void setOutputDestination(lowering::FunctionLowering &lowering, Value output, Value memory) {
  for (Value value = output; value;) {
    lowering.setDestination(value, memoryView(lowering.driver, memory, lowering.shapes.dims(value),
                                              getElementTypeOrSelf(value.getType())));
    auto reshape = value.getDefiningOp<ir::ReshapeOp>();
    auto isReshape = [&](Operation *user) { return user == reshape; };
    value =
        reshape && llvm::all_of(reshape.getX().getUsers(), isReshape) ? reshape.getX() : Value();
  }
}

/// Kernels write results straight to the outputs' memory where they can.
static void bindSignature(func::FuncOp function, lowering::FunctionLowering &lowering) {
  lowering::Driver &driver = lowering.driver;
  OpBuilder &b = driver.b;
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  for (BlockArgument argument : function.getArguments()) {
    Value memory = kernel::InputOp::create(b, driver.loc, pointer,
                                           b.getI64IntegerAttr(argument.getArgNumber()));
    lowering.bind(argument, memoryView(driver, memory, lowering.shapes.dims(argument),
                                       getElementTypeOrSelf(argument.getType())));
  }
  auto result = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  for (auto [i, value] : llvm::enumerate(result.getOperands())) {
    Value memory = kernel::OutputOp::create(b, driver.loc, pointer, b.getI64IntegerAttr(i));
    lowering.setOutput(i, memoryView(driver, memory, lowering.shapes.dims(value),
                                     getElementTypeOrSelf(value.getType())));
    if (llvm::count(result.getOperands(), value) == 1)
      setOutputDestination(lowering, value, memory);
  }
}

static void copyOutputs(func::FuncOp function, lowering::FunctionLowering &lowering) {
  auto result = cast<func::ReturnOp>(function.getBody().front().getTerminator());
  for (auto [i, value] : llvm::enumerate(result.getOperands())) {
    const lowering::View from = lowering.view(value), to = lowering.output(i);
    if (from.base != to.base)
      lowering.copy(from, to);
  }
}

LogicalResult LowerToKernels::lowerFunction(func::FuncOp function, lowering::KernelLibrary &kernels,
                                            const codegen::Target &target) {
  FailureOr<SymbolicShapes> shapes = SymbolicShapes::compute(function);
  if (failed(shapes))
    return failure();
  OpBuilder b(function);
  auto driverFunction =
      func::FuncOp::create(b, function.getLoc(), function.getName(), b.getFunctionType({}, {}));
  lowering::Driver driver(driverFunction, kernels, shapes->scope(), target);
  lowering::FunctionLowering lowering(driver, *shapes);
  bindSignature(function, lowering);
  if (failed(lowering.lowerBlock(function.getBody().front())))
    return failure();
  copyOutputs(function, lowering);
  if (function.getName() == ir::kForward &&
      failed(describeSignature(function, *shapes, shapes->scope())))
    return failure();
  function.erase();
  return success();
}

void LowerToKernels::runOnOperation() {
  ModuleOp module = getOperation();
  llvm::Expected<codegen::Target> target = codegen::Target::named(cpu);
  if (!target) {
    module.emitError(llvm::toString(target.takeError()));
    return signalPassFailure();
  }
  lowering::KernelLibrary kernels(module);
  for (StringRef name : {StringRef(ir::kPrepare), StringRef(ir::kForward)})
    if (auto function = module.lookupSymbol<func::FuncOp>(name))
      if (failed(lowerFunction(function, kernels, *target)))
        return signalPassFailure();
}
