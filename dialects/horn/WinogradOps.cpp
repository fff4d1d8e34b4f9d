// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What the ops of Winograd's convolution stand for, in simpler ops: slow, for the interpreter.
#include "dialects/horn/Build.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornShapeOps.h"
#include "dialects/horn/Winograd.h"

using namespace mlir;
using namespace horn::ir;
using namespace horn::ir::winograd;

/// The matrix times a tensor, over the tensor's first axis.
static Value multiplyFirstAxis(GraphBuilder &b, Value factor, Value x) {
  auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
  auto no = b.builder.getBoolAttr(false);
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<int64_t> flat = {type.getDimSize(0), -1}, full(type.getShape());
  full.front() = cast<RankedTensorType>(factor.getType()).getDimSize(0);
  Value product = b.make<MatmulOp>(factor, b.make<ReshapeOp>(x, Value(), i64s(flat)), no, no);
  // Unknown sizes keep their place: only one of them can be unknown here, the batch.
  for (int64_t &size : full)
    size = ShapedType::isDynamic(size) ? -1 : size;
  return b.make<ReshapeOp>(product, Value(), i64s(full));
}

static Value matrix(GraphBuilder &b, const Matrix &values, Value like) {
  return b.constant(values.values, {values.rows(), values.columns}, like);
}

/// Slices along an axis, one tile apart, from each point of the first tile; stacked in front.
static Value stackSlices(GraphBuilder &b, const Form &form, Value x, int64_t axis, int64_t count) {
  auto i64s = [&](ArrayRef<int64_t> values) { return b.builder.getDenseI64ArrayAttr(values); };
  auto type = cast<RankedTensorType>(x.getType());
  SmallVector<Value> slices;
  for (int64_t point = 0; point < form.points(); ++point) {
    SmallVector<int64_t> starts(type.getRank(), 0), steps(type.getRank(), 1),
        limits(type.getRank(), INT64_MAX), shape = {1};
    starts[axis] = point;
    steps[axis] = form.pixels;
    limits[axis] = point + (count - 1) * form.pixels + 1;
    Value slice = b.make<SliceOp>(x, i64s(starts), i64s(limits), i64s(steps));
    for (int64_t size : cast<RankedTensorType>(slice.getType()).getShape())
      shape.push_back(ShapedType::isDynamic(size) ? -1 : size);
    slices.push_back(b.make<ReshapeOp>(slice, Value(), i64s(shape)));
  }
  return b.make<ConcatenateOp>(ValueRange(slices), b.builder.getI64IntegerAttr(0));
}

SmallVector<Value> WinogradTilesOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto i64s = [&](ArrayRef<int64_t> values) { return builder.getDenseI64ArrayAttr(values); };
  auto type = cast<RankedTensorType>(getX().getType());
  const Form &form = *formOf(getPixels());
  int64_t low = getLow(), rows = getRows(), columns = getColumns(), points = form.points();
  auto behind = [&](int64_t tiles, int64_t size) {
    return (tiles - 1) * form.pixels + points - low - size;
  };
  int64_t high[] = {behind(rows, type.getDimSize(1)), behind(columns, type.getDimSize(2))};
  Value x =
      b.make<PadOp>(getX(), i64s({0, low, low, 0}),
                    i64s({0, std::max<int64_t>(high[0], 0), std::max<int64_t>(high[1], 0), 0}),
                    i64s({0, 0, 0, 0}), builder.getF64FloatAttr(0));
  Value factor = matrix(b, form.input, x);
  Value byRow =
      multiplyFirstAxis(b, factor, stackSlices(b, form, x, 1, rows)); // [i, N, rows, W, C]
  Value both =
      multiplyFirstAxis(b, factor, stackSlices(b, form, byRow, 3, columns)); // [j, i, N, ...]
  Value ordered = b.make<TransposeOp>(both, i64s({1, 0, 2, 3, 4, 5}));
  return {b.make<ReshapeOp>(ordered, Value(), i64s({points * points, -1, type.getDimSize(3)}))};
}

SmallVector<Value> WinogradPixelsOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto i64s = [&](ArrayRef<int64_t> values) { return builder.getDenseI64ArrayAttr(values); };
  int64_t filters = cast<RankedTensorType>(getX().getType()).getDimSize(2);
  const Form &form = *formOf(getPixels());
  int64_t height = getHeight(), width = getWidth(), points = form.points();
  int64_t rows = form.numTiles(height), columns = form.numTiles(width);
  Value factor = matrix(b, form.output, getX());
  Value tiles =
      b.make<ReshapeOp>(getX(), Value(), i64s({points, points, -1, rows, columns, filters}));
  Value byRow = b.make<TransposeOp>(multiplyFirstAxis(b, factor, tiles),
                                    i64s({1, 0, 2, 3, 4, 5})); // [j, i, N, rows, columns, F]
  Value both = multiplyFirstAxis(b, factor, byRow);            // [j, i, ...] of pixels
  Value pixels = b.make<TransposeOp>(both, i64s({2, 3, 1, 4, 0, 5}));
  Value whole = b.make<ReshapeOp>(pixels, Value(),
                                  i64s({-1, rows * form.pixels, columns * form.pixels, filters}));
  return {b.make<SliceOp>(whole, i64s({0, 0, 0, 0}), i64s({INT64_MAX, height, width, INT64_MAX}),
                          i64s({1, 1, 1, 1}))};
}

SmallVector<Value> WinogradConvOp::decompose(OpBuilder &builder) {
  GraphBuilder b(builder, getLoc());
  auto i64 = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  const Form &form = *formOf(getPixels());
  Value tiles =
      b.make<WinogradTilesOp>(getX(), i64(form.numTiles(getHeight())),
                              i64(form.numTiles(getWidth())), getLowAttr(), getPixelsAttr());
  Value products = b.make<PanelMatmulOp>(tiles, getPanels(), getColumnsAttr());
  return {b.make<WinogradPixelsOp>(products, getHeightAttr(), getWidthAttr(), getPixelsAttr())};
}
