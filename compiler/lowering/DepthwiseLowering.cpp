// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Depthwise convolutions with one filter a channel, and those in small groups, as launches of the
// depthwise kernel.
#include "compiler/lowering/DepthwiseLowering.h"

#include "compiler/lowering/GroupResult.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::ir::constantValue;
using horn::ir::Dims;

namespace horn::lowering {

namespace {
/// A convolution as the kernel sees it.
struct Convolution {
  Window window;
  View input, kernel; ///< kernel [window..., inputs of a group, filters]
  codegen::GroupShape group;
  unsigned columns; ///< of depthwiseColumns()
};
} // namespace

/// The kernel's columns, or 0 if it cannot do this convolution.
static unsigned columnsFor(const FunctionLowering &lowering, Operation *op, const Window &window,
                           codegen::GroupShape group) {
  constexpr int64_t kMostFactors = 8; // kept in registers
  auto columns = constantValue(lowering.shapes.dims(op->getResult(0)).drop_back().back());
  int64_t factors = window.sizes.back() * group.inputs;
  return codegen::depthwiseColumns(columns,
                                   group.inputs > 1 ? std::min(factors, kMostFactors) : factors,
                                   lowering.driver.target.vectorRegisters);
}

/// Nothing if the kernel cannot do it.
static std::optional<Convolution> describe(FunctionLowering &lowering, Operation *fused,
                                           ir::DepthwiseConvOp op) {
  View input = lowering.operandView(fused, op.getX());
  View kernel = lowering.operandView(fused, op.getKernel());
  Window window;
  for (AffineExpr size : ArrayRef(kernel.shape).drop_back(2))
    window.sizes.push_back(*constantValue(size));
  window.strides = llvm::to_vector(op.getStrides());
  window.dilations = llvm::to_vector(op.getDilations());
  window.padding = op.getPadding();
  bool isReal = input.element.isF32() || input.element.isF64();
  unsigned columns = columnsFor(lowering, op, window, {});
  if (!isReal || constantValue(kernel.shape.back()) != 1 || columns == 0)
    return std::nullopt;
  // k [window..., c, 1] -> [window..., 1, c]
  View weights = lowering.contiguous(kernel);
  std::swap(weights.shape[kernel.rank() - 1], weights.shape[kernel.rank() - 2]);
  weights.strides[kernel.rank() - 2] = lowering.driver.scope.constant(0);
  weights.strides[kernel.rank() - 1] = lowering.driver.scope.constant(1);
  return Convolution{window, lowering.withUnitStride(input), weights, {}, columns};
}

static Convolution describe(FunctionLowering &lowering, ir::PanelConvOp op, const View &input,
                            const View &panels) {
  ir::ShapeScope &scope = lowering.driver.scope;
  Window window{llvm::to_vector(op.getKernelSize()), llvm::to_vector(op.getStrides()),
                llvm::to_vector(op.getDilations()), op.getPadding()};
  unsigned inputs = panels.rank() - 2;
  int64_t filters = op.getColumns();
  codegen::GroupShape group{*constantValue(panels.shape[inputs]),
                            filters / static_cast<int64_t>(op.getGroups())};
  // [P, window..., inputs, lanes] -> [window..., inputs, filters]
  View weights = lowering.contiguous(panels);
  AffineExpr lanes = weights.shape.back(),
             channelStride = scope.exactQuotient(weights.strides.front(), lanes);
  weights.shape.erase(weights.shape.begin());
  weights.strides.erase(weights.strides.begin());
  weights.shape.back() = scope.constant(filters);
  weights.strides.back() = channelStride;
  return {window, lowering.withUnitStride(input), weights, group,
          columnsFor(lowering, op, window, group)};
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

/// Sizes and strides; `result` is the shape of the result.
static void addSizes(ir::ShapeScope &scope, LaunchArguments &arguments, const Convolution &x,
                     ArrayRef<AffineExpr> result, ArrayRef<View> operands) {
  unsigned spatial = x.window.axes();
  arguments.add(result); // n, positions, channels
  arguments.add(Dims(x.input.shape.begin() + 1, x.input.shape.end() - 1));
  for (unsigned axis = 0; axis < spatial; ++axis)
    arguments.add(paddingOf(scope, x.input, x.window, axis).low);
  for (unsigned axis = 0; axis + 1 < spatial; ++axis)
    arguments.add({scope.constant(x.window.sizes[axis]), scope.constant(x.window.strides[axis]),
                   scope.constant(x.window.dilations[axis])});
  auto addStrides = [&](const View &view, unsigned count) {
    arguments.add(Dims(view.strides.begin(), view.strides.begin() + count));
  };
  addStrides(x.input, spatial + 1);
  addStrides(x.kernel, spatial + 2);
  for (const View &operand : operands)
    addStrides(operand, spatial + 1);
}

/// The part of a convolution with an epilogue, or null, on these operands.
static DepthwisePart makePart(FunctionLowering &lowering, const Convolution &x,
                              ArrayRef<AffineExpr> shape, Block *epilogue,
                              ArrayRef<View> epilogueOperands) {
  Driver &driver = lowering.driver;
  DepthwisePart part{.spec = {.element = x.input.element,
                              .spatialAxes = static_cast<unsigned>(x.window.axes()),
                              .columns = x.columns,
                              .window = x.window.sizes.back(),
                              .stride = x.window.strides.back(),
                              .dilation = x.window.dilations.back(),
                              .group = x.group,
                              .epilogue = epilogue,
                              .epilogueOperands = {}},
                     .epilogue = {},
                     .arguments = {},
                     .signature = {}};
  part.arguments.pointers = {driver.pointer(x.input), driver.pointer(x.kernel)};
  SmallVector<View> operands;
  for (const View &operand : epilogueOperands) {
    operands.push_back(lowering.inLanes(operand, shape));
    part.spec.epilogueOperands.push_back(accessOf(operands.back()));
    part.arguments.pointers.push_back(driver.pointer(operands.back()));
  }
  addSizes(driver.scope, part.arguments, x, shape, operands);
  const codegen::DepthwiseSpec &spec = part.spec;
  llvm::raw_string_ostream(part.signature)
      << spec.element << "s" << spec.spatialAxes << "c" << spec.columns << "w" << spec.window << ","
      << spec.stride << "," << spec.dilation << "g" << spec.group.inputs << ","
      << spec.group.filters << (spec.epilogue ? blockSignature(*spec.epilogue) : "")
      << accessSignature(spec.epilogueOperands);
  return part;
}

std::optional<DepthwisePart> depthwisePart(FunctionLowering &lowering, Operation *fused,
                                           ir::DepthwiseConvOp op, Value root) {
  std::optional<Convolution> convolution = describe(lowering, fused, op);
  if (!convolution)
    return std::nullopt;
  GroupBody epilogue = bodyBetween(fused, op, root);
  DepthwisePart part =
      makePart(lowering, *convolution, lowering.shapes.dims(root), epilogue.blockOrNull(),
               lowering.operandViews(fused, epilogue.operands));
  part.epilogue = std::move(epilogue);
  return part;
}

/// Launches the kernel on a result whose channels are neighbours, and on sums of its lines.
static void launch(Driver &driver, DepthwisePart part, const View &y,
                   const std::optional<View> &lineSums, const View &kernel) {
  codegen::DepthwiseSpec &spec = part.spec;
  AffineExpr channels = y.shape.back(), share = channelShare(driver, y, spec);
  part.arguments.pointers.push_back(driver.pointer(y));
  part.arguments.add(share);
  part.arguments.add(ArrayRef(y.strides).drop_back());
  AffineExpr blocks = y.shape[spec.spatialAxes].ceilDiv(spec.columns);
  AffineExpr taskBlocks = lineSums ? blocks : driver.scope.constant(1);
  if (lineSums) {
    spec.sumsLines = true;
    part.signature += "sums";
    part.arguments.pointers.push_back(driver.pointer(*lineSums));
    part.arguments.add(ArrayRef(lineSums->strides).drop_back());
  }
  std::string name = driver.kernels.get("depthwise", part.signature, [&](StringRef name) {
    emitDepthwiseKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  ArrayRef<AffineExpr> rows = ArrayRef(y.shape).drop_back(2);
  AffineExpr tasks =
      channels.ceilDiv(share) * driver.scope.product(rows) * blocks.floorDiv(taskBlocks);
  AffineExpr work = driver.scope.product(ArrayRef(kernel.shape).drop_back()) * share *
                    (spec.columns * 2) * taskBlocks;
  driver.launch(name, part.arguments, tasks, work);
}

/// The memory of the sums of the result's lines without the axis of lines, if the group has them.
static std::optional<View> lineSums(FunctionLowering &lowering, Operation *fused,
                                    unsigned lastAxis) {
  if (fused->getNumResults() == 1)
    return std::nullopt;
  View sums = lowering.resultView(fused->getResult(1));
  lowering.bind(fused->getResult(1), sums);
  if (sums.rank() == lastAxis + 2) { // kept with size 1
    sums.shape.erase(sums.shape.begin() + lastAxis);
    sums.strides.erase(sums.strides.begin() + lastAxis);
  }
  return sums;
}

static void lower(FunctionLowering &lowering, Operation *fused, Operation *op,
                  const Convolution &x) {
  GroupResult result(lowering, fused, op);
  const View &y = result.target();
  unsigned lastAxis = x.window.axes();
  std::optional<View> sums = lineSums(lowering, fused, lastAxis);
  bool isInKernel = sums && result.isInKernel() && hasUnitStride(*sums);
  launch(lowering.driver, makePart(lowering, x, y.shape, result.epilogue(), result.operands()), y,
         isInKernel ? sums : std::nullopt, x.kernel);
  result.finish();
  if (sums && !isInKernel)
    launchReductionOf(lowering,
                      fused->getRegion(0).front().getTerminator()->getOperand(1).getDefiningOp(),
                      result.result(), lastAxis, *sums);
}

bool lowerDepthwiseConv(FunctionLowering &lowering, Operation *fused, ir::DepthwiseConvOp op) {
  std::optional<Convolution> convolution = describe(lowering, fused, op);
  if (convolution)
    lower(lowering, fused, op, *convolution);
  return convolution.has_value();
}

void lowerGroupedConv(FunctionLowering &lowering, Operation *fused, ir::PanelConvOp op,
                      const View &input, const View &panels) {
  lower(lowering, fused, op, describe(lowering, op, input, panels));
}

} // namespace horn::lowering
