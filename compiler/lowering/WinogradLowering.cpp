// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The transforms of Winograd's convolution, as launches of their kernels.
#include "compiler/lowering/FunctionLowering.h"
#include "compiler/lowering/GroupBody.h"

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

LogicalResult lowerWinogradPixels(FunctionLowering &lowering, Operation *fused, Operation *anchor) {
  auto op = cast<ir::WinogradPixelsOp>(anchor);
  Driver &driver = lowering.driver;
  ir::ShapeScope &scope = driver.scope;
  Value root = fused->getResult(0);
  View x =
      lowering.view(fused->getOperand(cast<BlockArgument>(anchor->getOperand(0)).getArgNumber()));
  View result = lowering.resultView(root);
  lowering.bind(root, result);
  GroupBody epilogue = epilogueOf(fused, anchor);
  SmallVector<View> operands;
  for (unsigned index : epilogue.operands)
    operands.push_back(broadcast(scope, lowering.view(fused->getOperand(index)), result.shape));
  // Epilogues of another type or shape, and strided results, get a kernel behind.
  bool fits = lowering.shapes.dims(root) == lowering.shapes.dims(op.getY()) &&
              result.element.isF32() && hasUnitStride(result);
  View y =
      fits ? result
           : driver.allocate(lowering.shapes.dims(op.getY()), Float32Type::get(op.getContext()));
  codegen::WinogradPixelsSpec spec{.pixels = static_cast<int64_t>(op.getPixels()),
                                   .epilogue = fits ? epilogue.blockOrNull() : nullptr,
                                   .epilogueOperands = {}};
  LaunchArguments arguments;
  arguments.pointers = {driver.pointer(y), driver.pointer(x)};
  SmallVector<View> inKernel;
  if (fits)
    for (const View &operand : operands) {
      bool isStrided = accessOf(operand).lane == LaneStride::Strided;
      inKernel.push_back(isStrided ? lowering.contiguous(operand) : operand);
      spec.epilogueOperands.push_back(accessOf(inKernel.back()));
      arguments.pointers.push_back(driver.pointer(inKernel.back()));
    }
  const ir::winograd::Form &form = *ir::winograd::formOf(spec.pixels);
  int64_t rows = form.numTiles(op.getHeight()), columns = form.numTiles(op.getWidth());
  AffineExpr batch = y.shape[0], channels = y.shape[3];
  arguments.add(
      {batch, scope.constant(rows), scope.constant(columns), channels, y.shape[1], y.shape[2]});
  arguments.add(firstStrides(x, 2));
  arguments.add(firstStrides(y, 3));
  for (const View &operand : inKernel)
    arguments.add(firstStrides(operand, 3));
  std::string key =
      std::to_string(spec.pixels) + (spec.epilogue ? blockSignature(*spec.epilogue) : "");
  key += accessSignature(spec.epilogueOperands);
  std::string name = driver.kernels.get("winograd_pixels", key, [&](StringRef name) {
    emitWinogradPixelsKernel(driver.kernels.module, name, driver.loc, spec, driver.target);
  });
  driver.launch(name, arguments, batch * (rows * columns), workOf(channels, spec.pixels));
  if (fits)
    return success();
  operands.insert(operands.begin(), y);
  lowering.launchRows(epilogue.block.get(), blockSignature(*epilogue.block.get()), operands,
                      result);
  return success();
}

} // namespace horn::lowering
