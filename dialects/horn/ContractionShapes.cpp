// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Shape rules of products, convolutions and panels.
#include "dialects/horn/ConvTransposePadding.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/ShapeRules.h"
#include "dialects/horn/Winograd.h"

using namespace mlir;
using namespace horn::ir;

/// The product of matrices a and b, with leading axes broadcast.
static LogicalResult productRule(ShapeScope &scope, StringRef name, const Dims &a, const Dims &b,
                                 SmallVectorImpl<Dims> &results) {
  auto inner = constantValue(a.back()), outer = constantValue(b[b.size() - 2]);
  if (inner && outer && *inner != *outer)
    return scope.refuse(name + "'s inner sizes differ: " + Twine(*inner) + " and " + Twine(*outer));
  FailureOr<Dims> batch =
      horn::ir::detail::broadcastDims(scope, ArrayRef(a).drop_back(2), ArrayRef(b).drop_back(2));
  if (failed(batch))
    return failure();
  batch->push_back(a[a.size() - 2]);
  batch->push_back(b.back());
  results.push_back(*batch);
  return success();
}

LogicalResult MatmulOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                  SmallVectorImpl<Dims> &results) {
  Dims a = operands[0], b = operands[1];
  if (a.size() < 2 || b.size() < 2)
    return scope.refuse("matmul needs operands of rank 2 or more");
  if (op.getTransposeA())
    std::swap(a[a.size() - 1], a[a.size() - 2]);
  if (op.getTransposeB())
    std::swap(b[b.size() - 1], b[b.size() - 2]);
  return productRule(scope, "matmul", a, b, results);
}

LogicalResult AttendOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                  SmallVectorImpl<Dims> &results) {
  if (operands[0].size() < 2 || operands[1].size() < 2)
    return scope.refuse("attend needs operands of rank 2 or more");
  Dims scores = operands[0];
  if (operands.size() > 2) {
    FailureOr<Dims> both = horn::ir::detail::broadcastDims(scope, scores, operands[2]);
    if (failed(both))
      return failure();
    scores = *both;
  }
  return productRule(scope, "attend", scores, operands[1], results);
}

/// Checks what all convolutions share: ranks, and attributes of one entry a spatial axis.
static LogicalResult checkWindow(ShapeScope &scope, ArrayRef<Dims> operands,
                                 ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations,
                                 StringRef padding) {
  size_t spatial = operands[0].size() - 2;
  if (operands[0].size() < 3 || operands[1].size() != operands[0].size())
    return scope.refuse(
        "a convolution needs an input of rank 3 to 5 and a kernel of the same rank");
  if (strides.size() != spatial || dilations.size() != spatial)
    return scope.refuse("a convolution over " + Twine(spatial) +
                        " axes needs as many strides and dilations");
  for (size_t i = 0; i < spatial; ++i)
    if (strides[i] < 1 || dilations[i] < 1 || constantValue(operands[1][i]).value_or(0) < 1)
      return scope.refuse("strides, dilations and kernel sizes must be known and at least 1");
  if (padding != "same" && padding != "valid")
    return scope.refuse("padding must be \"same\" or \"valid\", not \"" + padding + "\"");
  return success();
}

/// The spatial axes of a convolution's result, with batch in front; the channels are left to add.
static Dims slideWindow(ShapeScope &scope, ArrayRef<Dims> operands, ArrayRef<int64_t> strides,
                        ArrayRef<int64_t> dilations, StringRef padding) {
  Dims dims = {operands[0].front()};
  for (size_t i = 0; i < strides.size(); ++i)
    dims.push_back(windowCount(scope, operands[0][i + 1], *constantValue(operands[1][i]),
                               strides[i], dilations[i], padding));
  return dims;
}

LogicalResult ConvOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                SmallVectorImpl<Dims> &results) {
  if (failed(checkWindow(scope, operands, op.getStrides(), op.getDilations(), op.getPadding())))
    return failure();
  const Dims &x = operands[0], &kernel = operands[1];
  auto channels = constantValue(x.back()), perGroup = constantValue(kernel[kernel.size() - 2]),
       filters = constantValue(kernel.back());
  int64_t groups = op.getGroups();
  if (!channels || !perGroup || !filters || groups < 1 || *channels != *perGroup * groups)
    return scope.refuse("a kernel with " + Twine(perGroup.value_or(-1)) + " input channels and " +
                        Twine(groups) + " groups does not fit an input with " +
                        Twine(channels.value_or(-1)) + " channels");
  if (*filters % groups != 0)
    return scope.refuse(Twine(*filters) + " filters cannot be split into " + Twine(groups) +
                        " groups");
  Dims dims = slideWindow(scope, operands, op.getStrides(), op.getDilations(), op.getPadding());
  dims.push_back(kernel.back());
  results.push_back(dims);
  return success();
}

LogicalResult DepthwiseConvOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                         SmallVectorImpl<Dims> &results) {
  if (failed(checkWindow(scope, operands, op.getStrides(), op.getDilations(), op.getPadding())))
    return failure();
  const Dims &x = operands[0], &kernel = operands[1];
  if (x.back() != kernel[kernel.size() - 2])
    return scope.refuse("a depthwise kernel must have as many channels as its input");
  Dims dims = slideWindow(scope, operands, op.getStrides(), op.getDilations(), op.getPadding());
  dims.push_back(x.back() * kernel.back());
  results.push_back(dims);
  return success();
}

LogicalResult ConvTransposeOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                         SmallVectorImpl<Dims> &results) {
  if (failed(checkWindow(scope, operands, op.getStrides(), op.getDilations(), op.getPadding())))
    return failure();
  const Dims &x = operands[0], &kernel = operands[1];
  if (op.getOutputPadding().size() != op.getStrides().size())
    return scope.refuse("output_padding needs one entry a spatial axis");
  if (x.back() != kernel.back())
    return scope.refuse("a transposed convolution's kernel must end in the input's channels");
  Dims dims = {x.front()};
  for (size_t i = 0; i < op.getStrides().size(); ++i) {
    ConvTransposePadding padding =
        convTransposePadding((*constantValue(kernel[i]) - 1) * op.getDilations()[i] + 1,
                             op.getStrides()[i], op.getPadding(), op.getOutputPadding()[i]);
    dims.push_back((x[i + 1] - 1) * op.getStrides()[i] + padding.extra);
  }
  dims.push_back(kernel[kernel.size() - 2]);
  results.push_back(dims);
  return success();
}

LogicalResult PackOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                SmallVectorImpl<Dims> &results) {
  int64_t width = op.getWidth();
  if (operands[0].empty() || width < 1)
    return scope.refuse("pack needs a tensor of rank 1 or more and a positive width");
  Dims dims = {operands[0].back().ceilDiv(width)};
  llvm::append_range(dims, ArrayRef(operands[0]).drop_back());
  dims.push_back(scope.constant(width));
  results.push_back(dims);
  return success();
}

/// Checks panels [P, ..., W] of `columns` columns, and gives the packed tensor's own shape.
static FailureOr<Dims> unpackedDims(ShapeScope &scope, const Dims &panels, int64_t columns) {
  if (panels.size() < 3)
    return scope.refuse("panels need rank 3 or more");
  auto count = constantValue(panels.front()), width = constantValue(panels.back());
  if (!count || !width || columns < 1 || *width < 1 || *count != (columns + *width - 1) / *width)
    return scope.refuse("the panels do not hold " + Twine(columns) + " columns");
  Dims dims(panels.begin() + 1, panels.end());
  dims.back() = scope.constant(columns);
  return dims;
}

LogicalResult PanelMatmulOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                       SmallVectorImpl<Dims> &results) {
  Dims dims = operands[0];
  FailureOr<Dims> matrix = unpackedDims(scope, operands[1], op.getColumns());
  if (failed(matrix))
    return failure();
  bool isBatched = matrix->size() == 3 && dims.size() == 3 && dims.front() == matrix->front();
  if (dims.size() < 2 || !(matrix->size() == 2 || isBatched) ||
      dims.back() != (*matrix)[matrix->size() - 2])
    return scope.refuse("panel_matmul needs panels [P, K, W] for an operand [..., K], or [P, B, K, "
                        "W] for [B, M, K]");
  dims.back() = matrix->back();
  results.push_back(dims);
  return success();
}

LogicalResult GateMatmulOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                      SmallVectorImpl<Dims> &results) {
  Dims dims = operands[0];
  const Dims &panels = operands[1];
  if (dims.size() < 2 || panels.size() != 4 || dims.back() != panels[1])
    return scope.refuse("gate_matmul needs panels [P, K, G, W] for an operand [..., K]");
  auto count = constantValue(panels[0]), gates = constantValue(panels[2]),
       width = constantValue(panels[3]);
  int64_t units = op.getUnits();
  if (!count || !gates || !width || units < 1 || *count != (units + *width - 1) / *width)
    return scope.refuse("the panels do not hold " + Twine(units) + " units");
  dims.back() = scope.constant(*gates * units);
  results.push_back(dims);
  return success();
}

LogicalResult PanelConvOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                     SmallVectorImpl<Dims> &results) {
  FailureOr<Dims> kernel = unpackedDims(scope, operands[1], op.getColumns());
  if (failed(kernel))
    return failure();
  int64_t groups = op.getGroups();
  bool isShared = groups > 1 && kernel->size() == op.getKernelSize().size() + 2;
  if (groups > 1 && !isShared) {
    if (constantValue(kernel->front()) != groups)
      return scope.refuse("there are not " + Twine(groups) + " kernels for as many groups");
    kernel->erase(kernel->begin());
  }
  Dims plain[] = {operands[0], *kernel};
  if (failed(checkWindow(scope, plain, op.getStrides(), op.getDilations(), op.getPadding())))
    return failure();
  for (auto [size, expected] : llvm::zip(op.getKernelSize(), *kernel))
    if (constantValue(expected) != size)
      return scope.refuse("kernel_size differs from the panels'");
  if (op.getKernelSize().size() + 2 != kernel->size() ||
      operands[0].back() != (*kernel)[kernel->size() - 2] * groups)
    return scope.refuse(
        "panel_conv needs panels [P, spatial..., C, W] for an input [N, spatial..., C]");
  Dims dims = slideWindow(scope, plain, op.getStrides(), op.getDilations(), op.getPadding());
  dims.push_back(isShared ? kernel->back() : kernel->back() * groups);
  results.push_back(dims);
  return success();
}

LogicalResult WinogradTilesOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                         SmallVectorImpl<Dims> &results) {
  const Dims &x = operands[0];
  const winograd::Form *form = winograd::formOf(op.getPixels());
  int64_t rows = op.getRows(), columns = op.getColumns(), low = op.getLow();
  if (x.size() != 4 || !form || rows < 1 || columns < 1 || low < 0)
    return scope.refuse(
        "winograd_tiles needs a picture [N, H, W, C], one tile or more, and 2 or 4 pixels");
  AffineExpr points = scope.constant(form->points() * form->points());
  results.push_back({points, x.front() * (rows * columns), x.back()});
  return success();
}

LogicalResult WinogradPixelsOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                          SmallVectorImpl<Dims> &results) {
  const Dims &x = operands[0];
  const winograd::Form *form = winograd::formOf(op.getPixels());
  int64_t height = op.getHeight(), width = op.getWidth();
  if (!form || x.size() != 3 || constantValue(x.front()) != form->points() * form->points() ||
      height < 1 || width < 1)
    return scope.refuse(
        "winograd_pixels needs tiles [(pixels + 2)^2, N * tiles, F] and a positive size");
  int64_t tiles = form->numTiles(height) * form->numTiles(width);
  results.push_back({scope.exactQuotient(x[1], scope.constant(tiles)), scope.constant(height),
                     scope.constant(width), x.back()});
  return success();
}

LogicalResult WinogradConvOp::shapeRule(Adaptor op, ShapeScope &scope, ArrayRef<Dims> operands,
                                        SmallVectorImpl<Dims> &results) {
  const Dims &x = operands[0];
  const winograd::Form *form = winograd::formOf(op.getPixels());
  FailureOr<Dims> kernels = unpackedDims(scope, operands[1], op.getColumns());
  if (failed(kernels))
    return failure();
  if (!form || x.size() != 4 || kernels->size() != 3 || (*kernels)[1] != x.back() ||
      constantValue(kernels->front()) != form->points() * form->points() || op.getHeight() < 1 ||
      op.getWidth() < 1 || op.getLow() < 0)
    return scope.refuse(
        "winograd_conv needs a picture [N, H, W, C] and panels [P, (pixels + 2)^2, C, W]");
  results.push_back(
      {x.front(), scope.constant(op.getHeight()), scope.constant(op.getWidth()), kernels->back()});
  return success();
}

#define GET_OP_CLASSES
#include "dialects/horn/HornContractionOps.cpp.inc"
