// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Depthwise convolutions with one filter a channel, as launches of the depthwise kernel.
#include "compiler/lowering/DepthwiseLowering.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::codegen::LaneStride;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

static Window windowOf(ir::DepthwiseConvOp op, const View &kernel) {
  Window window;
  for (AffineExpr size : ArrayRef(kernel.shape).drop_back(2))
    window.sizes.push_back(*constantValue(size));
  window.strides = llvm::to_vector(op.getStrides());
  window.dilations = llvm::to_vector(op.getDilations());
  window.padding = op.getPadding();
  return window;
}

/// The kernel's columns, or 0 if it cannot do this convolution.
static unsigned columnsFor(const FunctionLowering &lowering, ir::DepthwiseConvOp op,
                           const View &input, const View &kernel) {
  bool isReal = input.element.isF32() || input.element.isF64();
  if (!isReal || constantValue(kernel.shape.back()) != 1)
    return 0;
  auto columns = constantValue(lowering.shapes.dims(op.getY()).drop_back().back());
  return codegen::depthwiseColumns(columns, *constantValue(*(kernel.shape.end() - 3)),
                                   lowering.driver.target.vectorRegisters);
}

/// Small pictures are shared out by channels: there are too few rows for equal shares, and the
/// convolution before, with as little to share, has split its columns, which are these channels.
static AffineExpr channelShare(const Driver &driver, const View &y,
                               const codegen::DepthwiseSpec &spec) {
  constexpr int64_t kManyRows = 10, kShareVectors = 4;
  int64_t rows = 1;
  for (unsigned axis = 1; axis < spec.spatialAxes; ++axis)
    rows *= constantValue(y.shape[axis]).value_or(kManyRows);
  if (rows >= kManyRows)
    return y.shape.back();
  int64_t lanes = driver.target.vectorBytes / codegen::elementBytes(spec.element);
  return driver.scope.constant(kShareVectors * lanes);
}

/// Sizes and strides of the convolution.
static void addSizes(ir::ShapeScope &scope, DepthwisePart &part, const Window &window,
                     ArrayRef<AffineExpr> result, const View &x, const View &kernel,
                     ArrayRef<View> operands) {
  unsigned spatial = part.spec.spatialAxes;
  LaunchArguments &arguments = part.arguments;
  arguments.add(result); // n, positions, channels
  arguments.add(Dims(x.shape.begin() + 1, x.shape.end() - 1));
  for (unsigned axis = 0; axis < spatial; ++axis)
    arguments.add(paddingOf(scope, x, window, axis).low);
  for (unsigned axis = 0; axis + 1 < spatial; ++axis)
    arguments.add({scope.constant(window.sizes[axis]), scope.constant(window.strides[axis]),
                   scope.constant(window.dilations[axis])});
  auto addStrides = [&](const View &view, unsigned count) {
    arguments.add(Dims(view.strides.begin(), view.strides.begin() + count));
  };
  addStrides(x, spatial + 1);
  addStrides(kernel, spatial);
  for (const View &operand : operands)
    addStrides(operand, spatial + 1);
}

std::optional<DepthwisePart> depthwisePart(FunctionLowering &lowering, Operation *fused,
                                           ir::DepthwiseConvOp op, Value root) {
  auto operand = [&](Value value) {
    return lowering.view(fused->getOperand(cast<BlockArgument>(value).getArgNumber()));
  };
  View input = operand(op.getX()), kernel = operand(op.getKernel());
  unsigned columns = columnsFor(lowering, op, input, kernel);
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(root);
  if (columns == 0 || shape != lowering.shapes.dims(op.getY()) ||
      getElementTypeOrSelf(root.getType()) != input.element)
    return std::nullopt;
  Driver &driver = lowering.driver;
  Window window = windowOf(op, kernel);
  DepthwisePart part{.spec = {.element = input.element,
                              .spatialAxes = static_cast<unsigned>(window.axes()),
                              .columns = columns,
                              .window = window.sizes.back(),
                              .stride = window.strides.back(),
                              .dilation = window.dilations.back(),
                              .epilogue = nullptr,
                              .epilogueOperands = {}},
                     .epilogue = bodyBetween(fused, op, root),
                     .arguments = {},
                     .signature = {}};
  part.spec.epilogue = part.epilogue.blockOrNull();
  // k [window..., c, 1] -> [window..., c]
  View weights = lowering.contiguous(kernel);
  weights.shape.pop_back();
  weights.strides.pop_back();
  View x = lowering.withUnitStride(input);
  part.arguments.pointers = {driver.pointer(x), driver.pointer(weights)};
  SmallVector<View> operands;
  for (unsigned index : part.epilogue.operands) {
    View wide = broadcast(driver.scope, lowering.view(fused->getOperand(index)), shape);
    bool isStrided = accessOf(wide).lane == LaneStride::Strided;
    operands.push_back(isStrided ? lowering.contiguous(wide) : wide);
    part.spec.epilogueOperands.push_back(accessOf(operands.back()));
    part.arguments.pointers.push_back(driver.pointer(operands.back()));
  }
  addSizes(driver.scope, part, window, shape, x, weights, operands);
  llvm::raw_string_ostream(part.signature)
      << part.spec.element << "s" << part.spec.spatialAxes << "c" << columns << "w"
      << part.spec.window << "," << part.spec.stride << "," << part.spec.dilation
      << (part.spec.epilogue ? blockSignature(*part.spec.epilogue) : "")
      << accessSignature(part.spec.epilogueOperands);
  return part;
}

/// Launches the kernel on a result whose channels are neighbours.
static void launchDepthwise(Driver &driver, DepthwisePart part, const View &y,
                            AffineExpr windowSize) {
  const codegen::DepthwiseSpec &spec = part.spec;
  AffineExpr channels = y.shape.back(), share = channelShare(driver, y, spec);
  part.arguments.pointers.push_back(driver.pointer(y));
  part.arguments.add(share);
  part.arguments.add(ArrayRef(y.strides).drop_back());
  std::string name = driver.kernels.get("depthwise", part.signature, [&](StringRef name) {
    emitDepthwiseKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  ArrayRef<AffineExpr> rows = ArrayRef(y.shape).drop_back(2);
  AffineExpr tasks = channels.ceilDiv(share) * driver.scope.product(rows) *
                     y.shape[spec.spatialAxes].ceilDiv(spec.columns);
  AffineExpr work = windowSize * share * (spec.columns * 2);
  driver.launch(name, part.arguments, tasks, work);
}

bool lowerDepthwiseConv(FunctionLowering &lowering, Operation *fused, ir::DepthwiseConvOp op) {
  Value root = fused->getResult(0);
  std::optional<DepthwisePart> part = depthwisePart(
      lowering, fused, op, fused->getRegion(0).front().getTerminator()->getOperand(0));
  if (!part)
    return false;
  View result = lowering.resultView(root), y = result;
  lowering.bind(root, result);
  if (!hasUnitStride(result))
    y = lowering.driver.allocate(result.shape, result.element);
  ArrayRef<AffineExpr> kernel = lowering.shapes.dims(op.getKernel());
  launchDepthwise(lowering.driver, std::move(*part), y,
                  lowering.driver.scope.product(kernel.drop_back(2)));
  if (!hasUnitStride(result))
    lowering.copy(y, result);
  return true;
}

} // namespace horn::lowering
