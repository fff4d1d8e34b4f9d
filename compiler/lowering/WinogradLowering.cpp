// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The transforms of Winograd's convolution, as launches of their kernels.
#include "compiler/lowering/GroupResult.h"

#include "compiler/codegen/TileSizes.h"
#include "compiler/codegen/WinogradBlocks.h"
#include "compiler/codegen/WinogradKernel.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/Winograd.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::ir::Dims;

namespace horn::lowering {

/// Units of work of the transform of one channel of a point of a tile.
static constexpr int64_t kPointWork = 8;

static Dims firstStrides(const View &view, unsigned count) {
  return Dims(view.strides.begin(), view.strides.begin() + count);
}

/// The work of a task: one tile.
static AffineExpr workOf(AffineExpr channels, int64_t pixels) {
  int64_t points = ir::winograd::formOf(pixels)->points();
  return channels * (points * points * kPointWork);
}

LogicalResult lowerWinogradTiles(FunctionLowering &lowering, Operation *op) {
  auto tiles = cast<ir::WinogradTilesOp>(op);
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View x = lowering.withUnitStride(lowering.view(tiles.getX()));
  View y = lowering.resultView(tiles.getY());
  lowering.bind(tiles.getY(), y);
  int64_t rows = tiles.getRows(), columns = tiles.getColumns();
  AffineExpr batch = x.shape[0], channels = x.shape[3], low = scope.constant(tiles.getLow());
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(y), driver.pointer(x)};
  arguments.add({batch, scope.constant(rows), scope.constant(columns), channels, x.shape[1],
                 x.shape[2], low, low});
  arguments.add(firstStrides(y, 2));
  arguments.add(firstStrides(x, 3));
  int64_t pixels = tiles.getPixels();
  std::string name =
      driver.kernels.get("winograd_tiles", std::to_string(pixels), [&](StringRef name) {
        emitWinogradTilesKernel(driver.kernels.module, name, driver.loc, pixels, driver.target);
      });
  driver.launch(name, arguments, batch * (rows * columns), workOf(channels, pixels));
  return success();
}

/// Fills in what a spec says of the epilogue; what that reads.
static SmallVector<View> setEpilogue(FunctionLowering &lowering, const GroupResult &result,
                                     codegen::WinogradPixelsSpec &spec) {
  spec.epilogue = result.epilogue();
  SmallVector<View> operands;
  for (const View &operand : result.operands()) {
    operands.push_back(lowering.inLanes(operand, result.target().shape));
    spec.epilogueOperands.push_back(accessOf(operands.back()));
  }
  return operands;
}

static std::string signatureOf(const codegen::WinogradPixelsSpec &spec) {
  return std::to_string(spec.pixels) + (spec.epilogue ? blockSignature(*spec.epilogue) : "") +
         accessSignature(spec.epilogueOperands);
}

/// Adds the pointers of pictures.
static void addPointers(Driver &driver, LaunchArguments &arguments, ArrayRef<View> pictures) {
  for (const View &picture : pictures)
    arguments.pointers.push_back(driver.pointer(picture));
}

/// Adds the strides of y and the epilogue's operands.
static void addStrides(LaunchArguments &arguments, const View &y, ArrayRef<View> operands) {
  arguments.add(firstStrides(y, 3));
  for (const View &operand : operands)
    arguments.add(firstStrides(operand, 3));
}

static void lowerPixels(FunctionLowering &lowering, Operation *fused, ir::WinogradPixelsOp op) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View x = lowering.operandView(fused, op.getX());
  codegen::WinogradPixelsSpec spec;
  spec.pixels = op.getPixels();
  GroupResult result(lowering, fused, op);
  SmallVector<View> operands = setEpilogue(lowering, result, spec);
  const View &target = result.target();
  LaunchArguments arguments;
  addPointers(driver, arguments, {target, x});
  addPointers(driver, arguments, operands);
  const ir::winograd::Form &form = *ir::winograd::formOf(spec.pixels);
  int64_t rows = form.numTiles(op.getHeight()), columns = form.numTiles(op.getWidth());
  const Dims &y = target.shape;
  arguments.add({y[0], scope.constant(rows), scope.constant(columns), y[3], y[1], y[2]});
  arguments.add(firstStrides(x, 2));
  addStrides(arguments, target, operands);
  std::string name = driver.kernels.get("winograd_pixels", signatureOf(spec), [&](StringRef name) {
    emitWinogradPixelsKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  driver.launch(name, arguments, y[0] * (rows * columns), workOf(y[3], spec.pixels));
  result.finish();
}

static void lowerConv(FunctionLowering &lowering, Operation *fused, ir::WinogradConvOp op) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View x = lowering.withUnitStride(lowering.operandView(fused, op.getX()));
  View panels = lowering.contiguous(lowering.operandView(fused, op.getPanels()));
  ArrayRef<int64_t> sizes = op.getPanels().getType().getShape(); // p, points, c, width
  codegen::WinogradConvSpec spec;
  spec.pixels = op.getPixels();
  spec.low = op.getLow();
  spec.vectors = sizes[3] * codegen::elementBytes(x.element) / driver.target.vectorBytes;
  spec.rows = codegen::tileOfWidth(spec.vectors, driver.target.vectorRegisters).rows;
  GroupResult result(lowering, fused, op);
  SmallVector<View> operands = setEpilogue(lowering, result, spec);
  const View &target = result.target();
  LaunchArguments arguments;
  addPointers(driver, arguments, {target, x, panels});
  addPointers(driver, arguments, operands);
  const ir::winograd::Form &form = *ir::winograd::formOf(spec.pixels);
  int64_t rows = form.numTiles(op.getHeight()), columns = form.numTiles(op.getWidth());
  int64_t block = codegen::winogradBlockTiles(sizes[1], sizes[2], sizes[3], spec.rows);
  const Dims &y = target.shape;
  arguments.add({y[0], scope.constant(rows), scope.constant(columns), x.shape[3], x.shape[1],
                 x.shape[2], y[3], y[1], y[2], scope.constant(block)});
  arguments.add(firstStrides(x, 3));
  addStrides(arguments, target, operands);
  std::string key;
  llvm::raw_string_ostream(key) << signatureOf(spec) << "l" << spec.low << "v" << spec.vectors;
  std::string name = driver.kernels.get("winograd_conv", key, [&](StringRef name) {
    emitWinogradConvKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  AffineExpr work = x.shape[3] * y[3] * (2 * block * sizes[1]);
  driver.launch(name, arguments, (y[0] * (rows * columns)).ceilDiv(block), work);
  result.finish();
}

LogicalResult lowerWinograd(FunctionLowering &lowering, Operation *fused, Operation *anchor) {
  if (auto pixels = dyn_cast<ir::WinogradPixelsOp>(anchor))
    lowerPixels(lowering, fused, pixels);
  else
    lowerConv(lowering, fused, cast<ir::WinogradConvOp>(anchor));
  return success();
}

} // namespace horn::lowering
