// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/graph/ChannelWeights.h"

#include "dialects/horn/Build.h"
#include "dialects/horn/HornContractionOps.h"
#include "dialects/horn/HornElementwiseOps.h"
#include "dialects/horn/HornReduceOps.h"
#include "dialects/horn/HornShapeOps.h"

using namespace mlir;
using namespace horn;
using namespace horn::ir;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static Value reshape(GraphBuilder &b, Value value, ArrayRef<int64_t> shape) {
  if (shapeOf(value) == shape)
    return value;
  return b.make<ReshapeOp>(value, Value(), b.builder.getDenseI64ArrayAttr(shape));
}

bool graph::isContraction(Operation *op) {
  return isa_and_present<MatmulOp, ConvOp, DepthwiseConvOp>(op);
}

bool graph::isVector(Value value) {
  ArrayRef<int64_t> shape = shapeOf(value);
  return shape.empty() || llvm::all_of(shape.drop_back(), [](int64_t size) { return size == 1; });
}

Value graph::flatten(OpBuilder &builder, Location location, Value vector) {
  GraphBuilder b(builder, location);
  ArrayRef<int64_t> shape = shapeOf(vector);
  return reshape(b, vector, shape.empty() ? ArrayRef<int64_t>{1} : shape.take_back());
}

static bool isTransposed(Operation *contraction) {
  auto matmul = dyn_cast<MatmulOp>(contraction);
  return matmul && matmul.getTransposeB();
}

// The channels of the result are the last axis of the weights: matmul [K, N], conv [..., C, F].
// They are the last but one where the matrix is transposed, and the last two in depthwise_conv's
// [..., C, M].
Value graph::scaleResultChannels(OpBuilder &builder, Operation *contraction, Value scale,
                                 Location location) {
  GraphBuilder b(builder, location);
  Value w = contraction->getOperand(1);
  int64_t size = shapeOf(scale).front();
  if (isTransposed(contraction))
    scale = reshape(b, scale, {size, 1});
  else if (isa<DepthwiseConvOp>(contraction) && size != 1)
    scale = reshape(b, scale, shapeOf(w).take_back(2));
  return b.make<MultiplyOp>(w, scale);
}

/// A vector along the input's channels, shaped to broadcast against the weights.
static Value alongInput(GraphBuilder &b, Operation *contraction, Value vector) {
  return isTransposed(contraction) ? vector : reshape(b, vector, {shapeOf(vector).front(), 1});
}

bool graph::canScaleInput(Operation *contraction) {
  if (auto matmul = dyn_cast<MatmulOp>(contraction))
    return !matmul.getTransposeA();
  auto conv = dyn_cast<ConvOp>(contraction);
  return !conv || conv.getGroups() == 1;
}

Value graph::scaleInputChannels(OpBuilder &builder, Operation *contraction, Value scale,
                                Location location) {
  GraphBuilder b(builder, location);
  return b.make<MultiplyOp>(contraction->getOperand(1), alongInput(b, contraction, scale));
}

bool graph::canShiftInput(Operation *contraction) {
  ArrayRef<int64_t> weights = shapeOf(contraction->getOperand(1));
  if (!canScaleInput(contraction))
    return false;
  if (isa<MatmulOp>(contraction))
    return weights.size() == 2;
  bool isPoint = llvm::all_of(weights.drop_back(2), [](int64_t size) { return size == 1; });
  return isPoint || contraction->getAttrOfType<StringAttr>("padding").getValue() == "valid";
}

// The shift times the weights, summed over all but the channels of the result.
Value graph::shiftByInput(OpBuilder &builder, Operation *contraction, Value shift,
                          Location location) {
  GraphBuilder b(builder, location);
  Value w = contraction->getOperand(1),
        product = b.make<MultiplyOp>(w, alongInput(b, contraction, shift));
  int64_t rank = shapeOf(w).size(), numChannelAxes = isa<DepthwiseConvOp>(contraction) ? 2 : 1;
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank - numChannelAxes));
  if (isTransposed(contraction))
    axes = {1};
  Value sum = product;
  if (!axes.empty())
    sum = b.make<ReduceSumOp>(product, builder.getDenseI64ArrayAttr(axes),
                              builder.getBoolAttr(false));
  return reshape(b, sum, shapeOf(contraction->getResult(0)).take_back());
}
