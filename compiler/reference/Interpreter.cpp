// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/reference/Interpreter.h"
#include "compiler/reference/Kernels.h"
#include "compiler/reference/Strides.h"
#include "dialects/horn/Decompose.h"
#include "dialects/horn/HornModuleOps.h"

#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>

using namespace mlir;

namespace horn::reference {

static const KernelTable &kernelTable() {
  static const KernelTable table = [] {
    KernelTable kernels;
    addUnaryKernels(kernels);
    addBinaryKernels(kernels);
    addMoveKernels(kernels);
    addLookupKernels(kernels);
    addReduceKernels(kernels);
    addOrderKernels(kernels);
    addContractionKernels(kernels);
    return kernels;
  }();
  return table;
}

namespace {
/// The values of one run.
class Run {
public:
  Run(VariableSource variables, Options options)
      : variables(variables), precision(options.precision),
        stored(options.stored ? *options.stored : ownStored) {}

  /// Sets the arguments of a block, runs it and returns the operands of its terminator.
  FailureOr<std::vector<Tensor>> runBlock(Block &block, std::vector<Tensor> arguments);
  /// Gives a tensor from outside the element type of this run's precision.
  Tensor adopt(Tensor tensor) const;

private:
  LogicalResult run(Operation *op);
  LogicalResult runRead(ir::ReadOp op);
  LogicalResult runScan(ir::ScanOp op);
  LogicalResult runFused(ir::FusedOp op);
  LogicalResult runKernel(Operation *op);
  LogicalResult store(FlatSymbolRefAttr variable, Value value);
  LogicalResult setResults(Operation *op, MutableArrayRef<Tensor> results);
  ElementType elementOf(Type type) const;
  std::vector<Tensor> valuesOf(ValueRange operands) const;

  VariableSource variables;
  Precision precision;
  Variables ownStored;
  Variables &stored;
  llvm::DenseMap<Value, Tensor> values;
};
} // namespace

/// A shape as in "3x4"; "scalar" without axes.
static std::string textOf(ArrayRef<int64_t> shape) {
  std::string text;
  for (int64_t size : shape)
    text += (text.empty() ? "" : "x") + std::to_string(size);
  return text.empty() ? "scalar" : text;
}

static bool fits(ArrayRef<int64_t> shape, Type type) {
  return succeeded(verifyCompatibleShape(cast<ShapedType>(type).getShape(), shape));
}

ElementType Run::elementOf(Type type) const {
  ElementType element = elementTypeOf(getElementTypeOrSelf(type));
  return precision == Precision::F64 && isFloat(element) ? ElementType::F64 : element;
}

Tensor Run::adopt(Tensor tensor) const {
  if (precision == Precision::F64 && isFloat(tensor.element))
    tensor.element = ElementType::F64;
  return tensor;
}

std::vector<Tensor> Run::valuesOf(ValueRange operands) const {
  std::vector<Tensor> result;
  for (Value operand : operands)
    result.push_back(values.at(operand));
  return result;
}

FailureOr<std::vector<Tensor>> Run::runBlock(Block &block, std::vector<Tensor> arguments) {
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments))
    values[argument] = std::move(value);
  for (Operation &op : block.without_terminator())
    if (failed(run(&op)))
      return failure();
  return valuesOf(block.getTerminator()->getOperands());
}

LogicalResult Run::run(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case([&](ir::ReadOp read) { return runRead(read); })
      .Case([&](ir::AssignOp assign) { return store(assign.getVariableAttr(), assign.getValue()); })
      .Case([&](ir::KeepOp keep) { return store(keep.getVariableAttr(), keep.getValue()); })
      .Case([&](ir::ScanOp scan) { return runScan(scan); })
      .Case([&](ir::FusedOp fused) { return runFused(fused); })
      .Case([&](ir::ConstantOp constant) -> LogicalResult {
        FailureOr<Tensor> value = fromAttribute(constant.getValue());
        if (failed(value))
          return constant.emitOpError("value must be dense for the interpreter");
        Tensor result = adopt(std::move(*value));
        return setResults(op, result);
      })
      .Default([&](Operation *) { return runKernel(op); });
}

LogicalResult Run::setResults(Operation *op, MutableArrayRef<Tensor> results) {
  for (auto [result, tensor] : llvm::zip_equal(op->getResults(), results)) {
    if (!fits(tensor.shape, result.getType()) || tensor.element != elementOf(result.getType()))
      return op->emitOpError("computed a tensor of shape ")
             << textOf(tensor.shape) << ", which its type " << result.getType()
             << " does not allow";
    values[result] = std::move(tensor);
  }
  return success();
}

LogicalResult Run::store(FlatSymbolRefAttr variable, Value value) {
  stored[variable.getValue()] = values.at(value);
  return success();
}

LogicalResult Run::runRead(ir::ReadOp op) {
  if (auto found = stored.find(op.getVariable()); found != stored.end()) {
    Tensor value = adopt(found->second);
    return setResults(op, value);
  }
  FailureOr<Tensor> value = variables(op.getVariable());
  if (failed(value))
    return op.emitOpError("finds no value of ") << op.getVariableAttr();
  Tensor adopted = adopt(std::move(*value));
  return setResults(op, adopted);
}

LogicalResult Run::runFused(ir::FusedOp op) {
  FailureOr<std::vector<Tensor>> results = runBlock(op.getBody().front(), valuesOf(op.getInputs()));
  return failed(results) ? failure() : setResults(op, *results);
}

/// Runs an op by its function in the table; its own shape rule gives the shape of the result.
LogicalResult Run::runKernel(Operation *op) {
  auto kernel = kernelTable().find(op->getName().getStringRef());
  auto rule = dyn_cast<ir::ShapeRule>(op);
  if (kernel == kernelTable().end() || !rule)
    return op->emitError("the interpreter does not know ") << op->getName();
  ir::ShapeScope scope(op->getContext());
  SmallVector<ir::Dims> operandDims, resultDims;
  SmallVector<const Tensor *> inputs;
  for (Value operand : op->getOperands()) {
    inputs.push_back(&values.find(operand)->second);
    ir::Dims &dims = operandDims.emplace_back();
    for (int64_t size : inputs.back()->shape)
      dims.push_back(scope.constant(size));
  }
  if (failed(rule.resultShapes(scope, operandDims, resultDims)))
    return op->emitOpError(scope.error);
  Shape shape;
  for (AffineExpr dim : resultDims.front()) {
    std::optional<int64_t> size = ir::constantValue(dim);
    if (!size || *size < 0)
      return op->emitOpError("has a shape rule that gives no size for known operands");
    shape.push_back(*size);
  }
  Tensor result(elementOf(op->getResult(0).getType()), shape);
  kernel->second(op, inputs, result);
  roundToElement(result);
  return setResults(op, result);
}

/// Copies between step `time` of a sequence [N, T, ...] and a slice [N, ...].
static void copyStep(Tensor &sequence, Tensor &slice, int64_t time, bool toSlice) {
  AxisSplit split(sequence.shape, 1);
  dispatchStorage(sequence.element, [&](auto zero) {
    using T = decltype(zero);
    for (int64_t sample = 0; sample < split.outer; ++sample) {
      T *inSequence = sequence.data<T>() + (sample * split.size + time) * split.inner;
      T *inSlice = slice.data<T>() + sample * split.inner;
      if (toSlice)
        std::copy_n(inSequence, split.inner, inSlice);
      else
        std::copy_n(inSlice, split.inner, inSequence);
    }
  });
}

/// The shape of a scan's output without steps: sizes that the type leaves open are the batch's on
/// axis 0 and 0 elsewhere.
static Shape emptyOutputShape(Type type, int64_t batch) {
  Shape shape(cast<ShapedType>(type).getShape());
  for (auto [axis, size] : llvm::enumerate(shape))
    if (ShapedType::isDynamic(size))
      size = axis == 0 ? batch : 0;
  return shape;
}

LogicalResult Run::runScan(ir::ScanOp op) {
  std::vector<Tensor> carried = valuesOf(op.getCarried()), sequences = valuesOf(op.getSequences());
  if (sequences.empty())
    return op.emitOpError("needs a sequence for its number of steps");
  int64_t numSteps = sequences.front().shape[1];
  for (const Tensor &sequence : sequences)
    if (sequence.shape[1] != numSteps)
      return op.emitOpError("has sequences of ")
             << numSteps << " and " << sequence.shape[1] << " steps";
  size_t numCarried = carried.size();
  std::vector<Tensor> outputs;
  for (Type type : llvm::drop_begin(op.getResultTypes(), numCarried))
    outputs.emplace_back(elementOf(type), emptyOutputShape(type, sequences.front().shape[0]));
  for (int64_t step = 0; step < numSteps; ++step) {
    std::vector<Tensor> arguments = std::move(carried);
    for (Tensor &sequence : sequences) {
      Shape shape = sequence.shape;
      shape.erase(shape.begin() + 1);
      arguments.emplace_back(sequence.element, shape);
      copyStep(sequence, arguments.back(), op.getReverse() ? numSteps - 1 - step : step,
               /*toSlice=*/true);
    }
    FailureOr<std::vector<Tensor>> yielded = runBlock(op.getBody().front(), std::move(arguments));
    if (failed(yielded))
      return failure();
    for (auto [output, slice] : llvm::zip_equal(outputs, llvm::drop_begin(*yielded, numCarried))) {
      Shape shape = slice.shape;
      shape.insert(shape.begin() + std::min<size_t>(1, shape.size()), numSteps);
      if (step == 0)
        output = Tensor(slice.element, shape);
      if (output.shape != shape || shape.size() < 2)
        return op.emitOpError("yields an output that cannot be stacked along axis 1");
      copyStep(output, slice, step, /*toSlice=*/false);
    }
    yielded->resize(numCarried);
    carried = std::move(*yielded);
  }
  carried.insert(carried.end(), std::make_move_iterator(outputs.begin()),
                 std::make_move_iterator(outputs.end()));
  return setResults(op, carried);
}

/// Checks inputs against the arguments of a function.
static LogicalResult checkInputs(func::FuncOp function, ArrayRef<Tensor> inputs) {
  if (inputs.size() != function.getNumArguments())
    return function.emitOpError("takes ")
           << function.getNumArguments() << " inputs, not " << inputs.size();
  for (auto [i, input] : llvm::enumerate(inputs)) {
    Type type = function.getArgument(i).getType();
    if (!isa<RankedTensorType>(type) || !fits(input.shape, type) ||
        input.element != elementTypeOf(getElementTypeOrSelf(type)))
      return function.emitOpError("input ")
             << i << " of shape " << textOf(input.shape) << " does not fit its type " << type;
  }
  return success();
}

FailureOr<std::vector<Tensor>> interpret(func::FuncOp function, ArrayRef<Tensor> inputs,
                                         VariableSource variables, Options options) {
  if (function.isExternal() || !llvm::hasSingleElement(function.getBody()))
    return function.emitOpError("must have a body of one block to be interpreted");
  if (failed(checkInputs(function, inputs)))
    return failure();
  OwningOpRef<func::FuncOp> primitive = function.clone();
  ir::decomposeAll(*primitive);
  Run run(variables, options);
  std::vector<Tensor> arguments;
  for (const Tensor &input : inputs)
    arguments.push_back(run.adopt(input));
  return run.runBlock(primitive->getBody().front(), std::move(arguments));
}

} // namespace horn::reference
