// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Depthwise convolutions with one filter a channel, as launches of the depthwise kernel.
#include "compiler/lowering/GroupBody.h"
#include "compiler/lowering/Window.h"

#include "compiler/codegen/DepthwiseKernel.h"
#include "dialects/horn/HornContractionOps.h"

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
static AffineExpr channelShare(FunctionLowering &lowering, const View &y,
                               const codegen::DepthwiseSpec &spec) {
  constexpr int64_t kManyRows = 10, kShareVectors = 4;
  ir::ShapeScope &scope = lowering.driver.scope;
  int64_t rows = 1;
  for (unsigned axis = 1; axis < spec.spatialAxes; ++axis)
    rows *= constantValue(y.shape[axis]).value_or(kManyRows);
  if (rows >= kManyRows)
    return y.shape.back();
  int64_t lanes = lowering.driver.target.vectorBytes / codegen::elementBytes(spec.element);
  return scope.constant(kShareVectors * lanes);
}

/// Fills what the spec and a launch say about sizes and strides.
static void launchDepthwise(FunctionLowering &lowering, codegen::DepthwiseSpec &spec,
                            const Window &window, const View &y, const View &x, const View &kernel,
                            ArrayRef<View> operands, StringRef signature) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  unsigned spatial = spec.spatialAxes;
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(y), driver.pointer(x), driver.pointer(kernel)};
  for (const View &operand : operands) {
    spec.epilogueOperands.push_back(accessOf(operand));
    arguments.pointers.push_back(driver.pointer(operand));
  }
  arguments.add(y.shape); // n, positions, channels
  AffineExpr channels = y.shape.back(), share = channelShare(lowering, y, spec);
  arguments.add(share);
  arguments.add(Dims(x.shape.begin() + 1, x.shape.end() - 1));
  for (unsigned axis = 0; axis < spatial; ++axis)
    arguments.add(paddingOf(scope, x, window, axis).low);
  for (unsigned axis = 0; axis + 1 < spatial; ++axis)
    arguments.add({scope.constant(window.sizes[axis]), scope.constant(window.strides[axis]),
                   scope.constant(window.dilations[axis])});
  auto addStrides = [&](const View &view, unsigned count) {
    arguments.add(Dims(view.strides.begin(), view.strides.begin() + count));
  };
  addStrides(y, spatial + 1);
  addStrides(x, spatial + 1);
  addStrides(kernel, spatial);
  for (const View &operand : operands)
    addStrides(operand, spatial + 1);

  std::string key;
  llvm::raw_string_ostream(key) << spec.element << "s" << spatial << "c" << spec.columns << "w"
                                << spec.window << "," << spec.stride << "," << spec.dilation
                                << signature << accessSignature(spec.epilogueOperands);
  std::string name = driver.kernels.get("depthwise", key, [&](StringRef name) {
    emitDepthwiseKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  ArrayRef<AffineExpr> rows = ArrayRef(y.shape).drop_back(2);
  AffineExpr tasks =
      channels.ceilDiv(share) * scope.product(rows) * y.shape[spatial].ceilDiv(spec.columns);
  AffineExpr work = scope.product(ArrayRef(kernel.shape).drop_back()) * share * (spec.columns * 2);
  driver.launch(name, arguments, tasks, work);
}

bool lowerDepthwiseConv(FunctionLowering &lowering, Operation *fused, ir::DepthwiseConvOp op,
                        const View &input, const View &kernel) {
  unsigned columns = columnsFor(lowering, op, input, kernel);
  Value root = fused->getResult(0);
  if (columns == 0 || lowering.shapes.dims(root) != lowering.shapes.dims(op.getY()) ||
      getElementTypeOrSelf(root.getType()) != input.element)
    return false;
  ir::ShapeScope &scope = lowering.driver.scope;
  View result = lowering.resultView(root);
  lowering.bind(root, result);
  View y = result;
  if (!hasUnitStride(result))
    y = lowering.driver.allocate(result.shape, result.element);
  Window window = windowOf(op, kernel);
  GroupBody epilogue = epilogueOf(fused, op);
  SmallVector<View> operands;
  for (unsigned index : epilogue.operands) {
    View operand = broadcast(scope, lowering.view(fused->getOperand(index)), result.shape);
    bool isStrided = accessOf(operand).lane == LaneStride::Strided;
    operands.push_back(isStrided ? lowering.contiguous(operand) : operand);
  }
  codegen::DepthwiseSpec spec{.element = input.element,
                              .spatialAxes = static_cast<unsigned>(window.axes()),
                              .columns = columns,
                              .window = window.sizes.back(),
                              .stride = window.strides.back(),
                              .dilation = window.dilations.back(),
                              .epilogue = epilogue.blockOrNull(),
                              .epilogueOperands = {}};
  // k [window..., c, 1] -> [window..., c]
  View weights = lowering.contiguous(kernel);
  weights.shape.pop_back();
  weights.strides.pop_back();
  launchDepthwise(lowering, spec, window, y, lowering.withUnitStride(input), weights, operands,
                  epilogue.isEmpty ? "" : blockSignature(*epilogue.block.get()));
  if (!hasUnitStride(result))
    lowering.copy(y, result);
  return true;
}

} // namespace horn::lowering
