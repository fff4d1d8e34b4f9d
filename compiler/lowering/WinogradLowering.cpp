// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The transforms of Winograd's convolution, as launches of their kernels.
#include "compiler/lowering/FunctionLowering.h"
#include "compiler/lowering/GroupBody.h"

#include "compiler/codegen/TileSizes.h"
#include "compiler/codegen/WinogradBlocks.h"
#include "compiler/codegen/WinogradKernel.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/Winograd.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using horn::codegen::LaneStride;
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

namespace {
/// Where a kernel that gives pixels writes, and what its epilogue reads.
struct Pixels {
  View y, result;
  SmallVector<View> operands, inKernel; ///< of the epilogue; as the kernel reads them
  GroupBody epilogue;
  bool fits; ///< the epilogue is in the kernel; else it gets one of its own behind
};
} // namespace

/// Fills in what a spec says of the epilogue.
static Pixels preparePixels(FunctionLowering &lowering, Operation *fused, Operation *anchor,
                            codegen::WinogradPixelsSpec &spec) {
  Value root = fused->getResult(0);
  ArrayRef<AffineExpr> shape = lowering.shapes.dims(anchor->getResult(0));
  Pixels pixels{.y = {},
                .result = lowering.resultView(root),
                .operands = {},
                .inKernel = {},
                .epilogue = epilogueOf(fused, anchor),
                .fits = false};
  const View &result = pixels.result;
  lowering.bind(root, result);
  for (unsigned index : pixels.epilogue.operands)
    pixels.operands.push_back(
        broadcast(lowering.driver.scope, lowering.view(fused->getOperand(index)), result.shape));
  // Epilogues of another type or shape, and strided results, get a kernel behind.
  pixels.fits =
      lowering.shapes.dims(root) == shape && result.element.isF32() && hasUnitStride(result);
  pixels.y = pixels.fits ? result
                         : lowering.driver.allocate(shape, Float32Type::get(anchor->getContext()));
  if (!pixels.fits)
    return pixels;
  spec.epilogue = pixels.epilogue.blockOrNull();
  for (const View &operand : pixels.operands) {
    bool isStrided = accessOf(operand).lane == LaneStride::Strided;
    pixels.inKernel.push_back(isStrided ? lowering.contiguous(operand) : operand);
    spec.epilogueOperands.push_back(accessOf(pixels.inKernel.back()));
  }
  return pixels;
}

static std::string signatureOf(const codegen::WinogradPixelsSpec &spec) {
  return std::to_string(spec.pixels) + (spec.epilogue ? blockSignature(*spec.epilogue) : "") +
         accessSignature(spec.epilogueOperands);
}

/// Adds the strides of y and the epilogue's operands.
static void addStrides(LaunchArguments &arguments, const Pixels &pixels) {
  arguments.add(firstStrides(pixels.y, 3));
  for (const View &operand : pixels.inKernel)
    arguments.add(firstStrides(operand, 3));
}

static void finishPixels(FunctionLowering &lowering, Pixels &pixels) {
  if (pixels.fits)
    return;
  pixels.operands.insert(pixels.operands.begin(), pixels.y);
  Block &block = *pixels.epilogue.block.get();
  lowering.launchRows(&block, blockSignature(block), pixels.operands, pixels.result);
}

static View operandOf(FunctionLowering &lowering, Operation *fused, Value operand) {
  return lowering.view(fused->getOperand(cast<BlockArgument>(operand).getArgNumber()));
}

static void lowerPixels(FunctionLowering &lowering, Operation *fused, ir::WinogradPixelsOp op) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View x = operandOf(lowering, fused, op.getX());
  codegen::WinogradPixelsSpec spec;
  spec.pixels = op.getPixels();
  Pixels pixels = preparePixels(lowering, fused, op, spec);
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(pixels.y), driver.pointer(x)};
  for (const View &operand : pixels.inKernel)
    arguments.pointers.push_back(driver.pointer(operand));
  const ir::winograd::Form &form = *ir::winograd::formOf(spec.pixels);
  int64_t rows = form.numTiles(op.getHeight()), columns = form.numTiles(op.getWidth());
  const Dims &y = pixels.y.shape;
  arguments.add({y[0], scope.constant(rows), scope.constant(columns), y[3], y[1], y[2]});
  arguments.add(firstStrides(x, 2));
  addStrides(arguments, pixels);
  std::string name = driver.kernels.get("winograd_pixels", signatureOf(spec), [&](StringRef name) {
    emitWinogradPixelsKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  driver.launch(name, arguments, y[0] * (rows * columns), workOf(y[3], spec.pixels));
  finishPixels(lowering, pixels);
}

static void lowerConv(FunctionLowering &lowering, Operation *fused, ir::WinogradConvOp op) {
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  View x = lowering.withUnitStride(operandOf(lowering, fused, op.getX()));
  View panels = lowering.contiguous(operandOf(lowering, fused, op.getPanels()));
  ArrayRef<int64_t> sizes = op.getPanels().getType().getShape(); // p, points, c, width
  codegen::WinogradConvSpec spec;
  spec.pixels = op.getPixels();
  spec.low = op.getLow();
  spec.vectors = sizes[3] * codegen::elementBytes(x.element) / driver.target.vectorBytes;
  for (const codegen::TileShape &tile : codegen::tileShapes(driver.target.vectorRegisters))
    if (tile.vectors == spec.vectors)
      spec.rows = tile.rows;
  Pixels pixels = preparePixels(lowering, fused, op, spec);
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(pixels.y), driver.pointer(x), driver.pointer(panels)};
  for (const View &operand : pixels.inKernel)
    arguments.pointers.push_back(driver.pointer(operand));
  const ir::winograd::Form &form = *ir::winograd::formOf(spec.pixels);
  int64_t rows = form.numTiles(op.getHeight()), columns = form.numTiles(op.getWidth());
  int64_t block = codegen::winogradBlockTiles(sizes[1], sizes[2], sizes[3], spec.rows);
  const Dims &y = pixels.y.shape;
  arguments.add({y[0], scope.constant(rows), scope.constant(columns), x.shape[3], x.shape[1],
                 x.shape[2], y[3], y[1], y[2], scope.constant(block)});
  arguments.add(firstStrides(x, 3));
  addStrides(arguments, pixels);
  std::string key;
  llvm::raw_string_ostream(key) << signatureOf(spec) << "l" << spec.low << "v" << spec.vectors;
  std::string name = driver.kernels.get("winograd_conv", key, [&](StringRef name) {
    emitWinogradConvKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  AffineExpr work = x.shape[3] * y[3] * (2 * block * sizes[1]);
  driver.launch(name, arguments, (y[0] * (rows * columns)).ceilDiv(block), work);
  finishPixels(lowering, pixels);
}

LogicalResult lowerWinograd(FunctionLowering &lowering, Operation *fused, Operation *anchor) {
  if (auto pixels = dyn_cast<ir::WinogradPixelsOp>(anchor))
    lowerPixels(lowering, fused, pixels);
  else
    lowerConv(lowering, fused, cast<ir::WinogradConvOp>(anchor));
  return success();
}

} // namespace horn::lowering
